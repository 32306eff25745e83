"""Kill a process at random times inside its writes, and check what is left of the run."""

import pytest

from benchmarks.kills import Kill, kills_during_writes

KILLS = 20
SEED = 7


@pytest.fixture(scope="module")
def kills(tmp_path_factory: pytest.TempPathFactory) -> list[Kill]:
    """Twenty kills inside a write, and those between two writes that happened on the way."""
    return list(kills_during_writes(tmp_path_factory.mktemp("kills"), KILLS, SEED))


def test_twenty_kills_are_inside_writes_of_several_kinds(kills: list[Kill]) -> None:
    inside = [kill.stage.partition(": ")[0] for kill in kills if kill.inside]

    assert len(inside) == KILLS
    assert len(set(inside)) >= 3


def test_after_each_kill_the_newest_saved_checkpoint_loads(kills: list[Kill]) -> None:
    assert [kill for kill in kills if kill.checkpoint not in ("loaded", "none yet")] == []


def test_after_each_kill_no_row_and_no_file_is_torn(kills: list[Kill]) -> None:
    assert [kill for kill in kills if kill.torn_rows or kill.torn_files] == []


def test_after_each_kill_the_run_resumes_and_ends_as_the_run_that_was_not_killed(kills: list[Kill]) -> None:
    assert [kill for kill in kills if not kill.resumed] == []

"""Kills that land inside a write, at a moment that the killed process does not choose."""

import pytest

from benchmarks.kills import Landing, landings

KILLS = 20
SEED = 7


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Landing]:
    """All kills until twenty have landed inside a write."""
    return list(landings(tmp_path_factory.mktemp("kills"), KILLS, SEED))


def test_twenty_kills_land_inside_writes_of_several_kinds(found: list[Landing]) -> None:
    inside = [landing.stage.partition(": ")[0] for landing in found if landing.inside]

    assert len(inside) == KILLS
    assert len(set(inside)) >= 3


def test_after_each_kill_the_newest_saved_state_loads(found: list[Landing]) -> None:
    assert [landing for landing in found if landing.state not in ("loaded", "none yet")] == []


def test_after_each_kill_no_row_and_no_file_is_torn(found: list[Landing]) -> None:
    assert [landing for landing in found if landing.torn_rows or landing.torn_files] == []


def test_after_each_kill_the_run_goes_on_to_the_end_it_always_had(found: list[Landing]) -> None:
    assert [landing for landing in found if not landing.went_on] == []

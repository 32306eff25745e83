"""The line of runs in its file: the order is kept, nothing in it is lost, and one at a time takes from it."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from gan_core.runs.checkpoints import StorageError
from gan_core.runs.lock import this_process
from gan_core.runs.queue import Entry, Line, LineFile, line_from, line_to_bytes
from tests.faults import at, full_disk, killed, stages_of, sudden_death

HERE = this_process("dashboard")
DEAD = replace(HERE, started=HERE.started + 1)  # a pid that is used again by another process
THREE = Line(waiting=(Entry("a"), Entry("b", 960), Entry("c")))


def test_who_comes_last_stands_last_and_nobody_stands_twice() -> None:
    line = Line().joined(Entry("a")).joined(Entry("b")).joined(Entry("a", 7))

    assert line.runs == ("a", "b")


def test_one_goes_ahead_by_one_place_and_the_first_stays() -> None:
    assert THREE.ahead("c").runs == ("a", "c", "b")
    assert THREE.ahead("a").runs == THREE.runs
    assert THREE.ahead("gone").runs == THREE.runs


def test_one_leaves_and_the_others_keep_their_order() -> None:
    assert THREE.left("b").runs == ("a", "c")


def test_who_is_served_stays_noted_until_it_is_done() -> None:
    served = THREE.left("a").served(HERE)

    assert (served.taken, served.training, served.runs) == (Entry("b", 960), "b", ("c",))
    assert served.done().training is None
    assert served.done().runs == ("c",)


def test_what_a_dead_server_took_is_served_first_again() -> None:
    lost = THREE.served(DEAD)

    assert lost.training is None
    assert lost.served(HERE).training == "a"
    assert lost.served(HERE).runs == ("b", "c")


def test_an_empty_line_serves_nobody() -> None:
    assert Line().served(HERE) == Line()


@pytest.mark.parametrize("line", [Line(), THREE, THREE.served(HERE)])
def test_a_line_comes_back_from_its_bytes(line: Line) -> None:
    assert line_from(line_to_bytes(line)) == line


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"schema": 99}', b'{"schema": 1, "waiting": [1]}'])
def test_a_file_that_cannot_be_understood_is_an_empty_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".queue.json").write_bytes(data)
    file = LineFile(tmp_path)

    assert file.read() == Line()
    assert file.change(lambda line: line.joined(Entry("a"))).runs == ("a",)


def test_a_line_that_does_not_exist_is_empty_and_leaves_no_trace(tmp_path: Path) -> None:
    file = LineFile(tmp_path / "none")

    assert file.read() == Line()
    file.leave("a")
    assert not (tmp_path / "none").exists()


def test_processes_that_join_at_once_all_stand_in_line(tmp_path: Path) -> None:
    file = LineFile(tmp_path)

    def join(first: int) -> None:
        for number in range(first, first + 10):
            entry = Entry(f"run-{number}")
            file.change(lambda line, entry=entry: line.joined(entry))  # type: ignore[misc]

    children = []
    for first in (0, 10, 20):
        child = os.fork()
        if child == 0:
            join(first)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]

    runs = file.read().runs
    assert sorted(runs) == sorted(f"run-{number}" for number in range(30))
    for first in (0, 10, 20):
        mine = [run for run in runs if first <= int(run.removeprefix("run-")) < first + 10]
        assert mine == [f"run-{number}" for number in range(first, first + 10)]


def test_one_has_the_turn_and_a_killed_process_gives_it_back(tmp_path: Path) -> None:
    file = LineFile(tmp_path)
    with file.turn() as mine, LineFile(tmp_path).turn() as anothers:
        assert (mine, anothers) == (True, False)

    def die_with_the_turn() -> None:
        with file.turn() as mine:
            os.kill(os.getpid(), signal.SIGKILL if mine else signal.SIGTERM)

    assert killed(die_with_the_turn)
    with file.turn() as mine:
        assert mine


def test_a_full_disk_or_a_kill_at_any_moment_leaves_the_old_line_or_the_new(tmp_path: Path) -> None:
    def join(file: LineFile) -> None:
        file.change(lambda line: line.joined(Entry("new")))

    LineFile(tmp_path).change(lambda line: THREE)
    stages = stages_of(lambda announce: join(LineFile(tmp_path, announce)))
    for number, stage in enumerate(stages):
        LineFile(tmp_path).change(lambda line: THREE)
        with pytest.raises(StorageError, match="No space left"):
            join(LineFile(tmp_path, at(number, full_disk)))
        renamed = stage == "fsync folder"
        assert LineFile(tmp_path).read().runs == (*THREE.runs, *(["new"] if renamed else []))

        LineFile(tmp_path).change(lambda line: THREE)
        assert killed(lambda number=number: join(LineFile(tmp_path, at(number, sudden_death))))  # type: ignore[misc]
        assert LineFile(tmp_path).read().runs[:3] == THREE.runs
    assert "rename" in stages

"""The queue of runs in its file: the order is kept, no run is lost, and one process at a time takes from it."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from gan_core.runs.atomic_files import StorageError
from gan_core.runs.lock import this_process
from gan_core.runs.queue import Queue, QueueEntry, QueueFile, queue_from, queue_to_bytes
from tests.faults import at, full_disk, killed, stages_of, sudden_death

HERE = this_process("dashboard")
DEAD = replace(HERE, started=HERE.started + 100_000)  # a pid that is used again by another process
THREE = Queue(waiting=(QueueEntry("a"), QueueEntry("b", 960), QueueEntry("c")))


def test_a_new_run_is_last_and_no_run_is_queued_twice() -> None:
    queue = Queue().added(QueueEntry("a")).added(QueueEntry("b")).added(QueueEntry("a", 7))

    assert queue.runs == ("a", "b")


def test_moving_a_run_up_changes_one_place_and_the_first_stays_first() -> None:
    assert THREE.moved_up("c").runs == ("a", "c", "b")
    assert THREE.moved_up("a").runs == THREE.runs
    assert THREE.moved_up("gone").runs == THREE.runs


def test_removing_a_run_keeps_the_order_of_the_others() -> None:
    assert THREE.removed("b").runs == ("a", "c")


def test_a_run_that_a_worker_took_is_recorded_until_it_is_finished() -> None:
    served = THREE.removed("a").taken_by(HERE)

    assert (served.taken, served.training, served.runs) == (QueueEntry("b", 960), "b", ("c",))
    assert served.finished().training is None
    assert served.finished().runs == ("c",)


def test_a_run_taken_by_a_dead_server_is_first_again() -> None:
    lost = THREE.taken_by(DEAD)

    assert lost.training is None
    assert lost.taken_by(HERE).training == "a"
    assert lost.taken_by(HERE).runs == ("b", "c")


def test_an_empty_queue_has_no_next_run() -> None:
    assert Queue().taken_by(HERE) == Queue()


@pytest.mark.parametrize("queue", [Queue(), THREE, THREE.taken_by(HERE)])
def test_a_queue_is_read_from_its_bytes(queue: Queue) -> None:
    assert queue_from(queue_to_bytes(queue)) == queue


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"schema": 99}', b'{"schema": 1, "waiting": [1]}'])
def test_an_unreadable_file_is_an_empty_queue(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".queue.json").write_bytes(data)
    file = QueueFile(tmp_path)

    assert file.read() == Queue()
    assert file.change(lambda queue: queue.added(QueueEntry("a"))).runs == ("a",)


def test_a_missing_queue_is_empty_and_creates_no_file(tmp_path: Path) -> None:
    file = QueueFile(tmp_path / "none")

    assert file.read() == Queue()
    file.leave("a")
    assert not (tmp_path / "none").exists()


def test_processes_that_join_at_the_same_time_are_all_queued(tmp_path: Path) -> None:
    file = QueueFile(tmp_path)

    def join(first: int) -> None:
        for number in range(first, first + 10):
            entry = QueueEntry(f"run-{number}")
            file.change(lambda queue, entry=entry: queue.added(entry))  # type: ignore[misc]

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


def test_one_process_has_the_turn_and_a_killed_one_releases_it(tmp_path: Path) -> None:
    file = QueueFile(tmp_path)
    with file.try_lock() as mine, QueueFile(tmp_path).try_lock() as anothers:
        assert (mine, anothers) == (True, False)

    def die_with_the_turn() -> None:
        with file.try_lock() as mine:
            os.kill(os.getpid(), signal.SIGKILL if mine else signal.SIGTERM)

    assert killed(die_with_the_turn)
    with file.try_lock() as mine:
        assert mine


def test_a_full_disk_or_a_kill_at_any_stage_leaves_the_old_or_the_new_queue(tmp_path: Path) -> None:
    def join(file: QueueFile) -> None:
        file.change(lambda queue: queue.added(QueueEntry("new")))

    QueueFile(tmp_path).change(lambda queue: THREE)
    stages = stages_of(lambda announce: join(QueueFile(tmp_path, announce)))
    for number, stage in enumerate(stages):
        QueueFile(tmp_path).change(lambda queue: THREE)
        with pytest.raises(StorageError, match="No space left"):
            join(QueueFile(tmp_path, at(number, full_disk)))
        renamed = stage == "fsync folder"
        assert QueueFile(tmp_path).read().runs == (*THREE.runs, *(["new"] if renamed else []))

        QueueFile(tmp_path).change(lambda queue: THREE)
        assert killed(lambda number=number: join(QueueFile(tmp_path, at(number, sudden_death))))  # type: ignore[misc]
        assert QueueFile(tmp_path).read().runs[:3] == THREE.runs
    assert "rename" in stages

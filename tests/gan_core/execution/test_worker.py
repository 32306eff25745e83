"""The worker and its queue, on real tiny runs."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gan_core.cli import main
from gan_core.config import ConfigError
from gan_core.execution.jobs import Event, Job
from gan_core.execution.worker import Worker
from gan_core.runs.lock import this_process
from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import RunExistsError, RunMissingError, RunStore
from tests.faults import full_disk
from tests.terminals import REPOSITORY
from tests.tiny_runs import tiny
from tests.waiting import eventually

ENDLESS = 10_000_000
SERVER = """import sys
from pathlib import Path
from gan_core.runs.store import RunStore
from gan_core.execution.jobs import Event, Job
from gan_core.execution.worker import Worker
from tests.tiny_runs import tiny
worker = Worker(RunStore(Path(sys.argv[1])))
for name, images in (("first", 10_000_000), ("second", 640), ("third", 640)):
    worker.enqueue(tiny(train__images=images), name=name)
sys.stdin.readline()
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(RunStore(tmp_path / "runs"), data_root=tmp_path / "data")
    yield worker
    assert worker.shutdown(30)


def state(worker: Worker, run: str) -> str:
    return worker.store.progress(run).status


def wait_for(worker: Worker, run: str, wanted: str) -> None:
    eventually(lambda: state(worker, run) == wanted, f"{run} was {wanted}, it is {worker.store.progress(run)}")


def wait_for_steps(worker: Worker, run: str, more_than: int = 0) -> None:
    eventually(lambda: worker.store.progress(run).step > more_than, f"{run} made more than {more_than} steps")


def test_a_queued_run_is_trained_to_its_end(worker: Worker) -> None:
    run = worker.enqueue(tiny(), preset="tiny", name="a")
    wait_for(worker, run, "finished")
    assert worker.store.progress(run).images_seen == 640
    assert [images for images, _, _ in worker.store.samples(run).all()] == [0, 160, 320, 480, 640]
    assert len(worker.store.curve(run, ["loss_d", "loss_g"])) == 40


def test_two_runs_are_trained_one_after_the_other(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    second = worker.enqueue(tiny(), name="second")
    wait_for_steps(worker, first)
    assert state(worker, second) == "queued"
    assert worker.training() == first
    assert worker.waiting() == (second,)
    worker.stop(first)
    wait_for(worker, second, "finished")
    assert state(worker, first) == "stopped"


def test_a_paused_run_is_resumed_in_the_same_attempt(worker: Worker) -> None:
    run = worker.enqueue(tiny(train__images=ENDLESS), name="a")
    wait_for_steps(worker, run)
    worker.pause(run)
    worker.pause(run)
    wait_for(worker, run, "paused")
    held = worker.store.progress(run)
    assert worker.store.progress(run).step == held.step
    assert worker.store.checkpoints(run).exists()
    worker.resume(run)
    wait_for_steps(worker, run, held.step)
    with worker.store.history(run) as history:
        assert history.samples.mark().attempt == 1


def test_stop_saves_and_resume_starts_a_new_attempt_from_there(worker: Worker) -> None:
    run = worker.enqueue(tiny(train__images=ENDLESS), name="a")
    wait_for_steps(worker, run)
    worker.stop(run)
    wait_for(worker, run, "stopped")
    stopped = worker.store.progress(run)
    worker.resume(run)
    worker.resume(run)
    wait_for_steps(worker, run, stopped.step)
    with worker.store.history(run) as history:
        assert history.samples.mark().attempt == 2
        steps = history.curves.frame(["loss_d"], points=2000)["step"].tolist()
    assert steps == sorted(set(steps))


def test_a_paused_run_can_be_stopped(worker: Worker) -> None:
    run = worker.enqueue(tiny(train__images=ENDLESS), name="a")
    wait_for_steps(worker, run)
    worker.pause(run)
    wait_for(worker, run, "paused")
    worker.stop(run)
    wait_for(worker, run, "stopped")


def test_a_queued_run_leaves_the_queue_when_stopped(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    second = worker.enqueue(tiny(), name="second")
    worker.stop(second)
    assert state(worker, second) == "stopped"
    assert worker.waiting() == ()
    worker.stop(first)
    wait_for(worker, first, "stopped")
    assert worker.store.progress(second).step == 0


def test_shutdown_saves_and_leaves_the_run_interrupted(tmp_path: Path) -> None:
    worker = Worker(RunStore(tmp_path / "runs"), data_root=tmp_path / "data")
    run = worker.enqueue(tiny(train__images=ENDLESS), name="a")
    wait_for_steps(worker, run)
    assert worker.shutdown(30)
    progress = worker.store.progress(run)
    assert progress.status == "interrupted"
    assert "saved" in progress.reason
    assert worker.store.checkpoints(run).newest().counters["step"] == progress.step


def test_a_failure_becomes_the_reason_of_the_run_and_the_next_run_is_trained(worker: Worker, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    first = worker.enqueue(tiny(data__name="folder", data__folder=missing), name="first")
    second = worker.enqueue(tiny(), name="second")
    wait_for(worker, second, "finished")
    assert state(worker, first) == "failed"
    assert missing in worker.store.progress(first).reason


def test_a_finished_run_can_be_extended_but_not_resumed_for_nothing(worker: Worker) -> None:
    run = worker.enqueue(tiny(), name="a")
    wait_for(worker, run, "finished")
    with pytest.raises(ConfigError, match="larger total"):
        worker.resume(run)
    worker.resume(run, 960)
    eventually(lambda: worker.store.progress(run).images_seen == 960, "the run reached its new total")
    wait_for(worker, run, "finished")


def test_a_taken_name_and_an_unknown_run_are_refused(worker: Worker) -> None:
    worker.enqueue(tiny(), name="a")
    with pytest.raises(RunExistsError):
        worker.enqueue(tiny(), name="a")
    with pytest.raises(RunMissingError):
        worker.resume("b")


def test_a_run_that_cannot_be_claimed_fails_with_its_reason_and_the_next_one_is_trained(tmp_path: Path) -> None:
    def announce(stage: str) -> None:
        if stage == "write" and claiming:
            claiming.clear()
            full_disk()

    claiming: list[bool] = []
    worker = Worker(RunStore(tmp_path / "runs", announce), data_root=tmp_path / "data")
    unlucky, next_one = worker.store.create(tiny(), "unlucky"), worker.store.create(tiny(), "next")
    claiming.append(True)

    worker.resume(unlucky)
    wait_for(worker, unlucky, "failed")
    worker.resume(next_one)
    wait_for(worker, next_one, "finished")

    assert "No space left" in worker.store.progress(unlucky).reason
    assert worker.shutdown(30)


def test_a_run_that_is_deleted_while_it_is_queued_does_not_block_the_queue(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    deleted, last = worker.enqueue(tiny(), name="deleted"), worker.enqueue(tiny(), name="last")
    wait_for_steps(worker, first)

    worker.store.delete(deleted)
    worker.stop(first)

    wait_for(worker, last, "finished")


# the queue, which outlives its server


@pytest.fixture
def heir(worker: Worker) -> Iterator[Worker]:
    """Another server on the same folder of runs."""
    heir = Worker(RunStore(worker.store.root), data_root=worker.data_root)
    yield heir
    assert heir.shutdown(30)


def test_a_server_that_exited_leaves_its_queue_to_the_next_one_in_order(worker: Worker, heir: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    second, third = (worker.enqueue(tiny(train__images=ENDLESS), name=name) for name in ("second", "third"))
    wait_for_steps(worker, first)
    assert worker.shutdown(30)
    assert state(heir, first) == "interrupted"
    assert heir.waiting() == (second, third)

    heir.resume_queue()

    wait_for_steps(heir, second)
    assert (heir.training(), heir.waiting()) == (second, (third,))
    assert state(heir, first) == "interrupted"  # it is resumed by a person, and not by itself
    assert [event.kind for event in heir.store.events(third)] == ["line"]


def test_a_killed_server_leaves_its_queue_to_the_next_one_in_order(heir: Worker) -> None:
    root = heir.store.root
    root.mkdir()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(root)], cwd=REPOSITORY, stdin=subprocess.PIPE) as server:
        eventually(lambda: heir.waiting() == ("second", "third"), "two runs wait for the first")
        wait_for_steps(heir, "first")
        assert heir.training() == "first"
        server.send_signal(signal.SIGKILL)

    assert state(heir, "first") == "interrupted"
    assert heir.training() is None
    heir.resume_queue()

    wait_for(heir, "third", "finished")
    seconds = {run: heir.store.events(run)[0].time for run in ("second", "third")}
    assert state(heir, "second") == "finished"
    assert state(heir, "first") == "interrupted"
    assert seconds["second"] <= seconds["third"]


def test_a_run_that_was_taken_but_not_yet_trained_when_its_server_died_comes_first(worker: Worker) -> None:
    here = this_process("dashboard")
    dead = replace(here, started=here.started + 100_000)
    for name in ("taken", "next"):
        worker.store.create(tiny(), name)
        worker.store.queue.change(lambda queue, name=name: queue.added(QueueEntry(name)))  # type: ignore[misc]
    worker.store.queue.change(lambda queue: queue.taken_by(dead))

    worker.resume_queue()

    wait_for(worker, "next", "finished")
    assert state(worker, "taken") == "finished"


def test_two_servers_share_one_queue_and_train_each_run_once(worker: Worker, heir: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    wait_for_steps(worker, first)
    others = [server.enqueue(tiny(), name=name) for server, name in ((heir, "b"), (worker, "c"), (heir, "d"))]
    assert worker.waiting() == heir.waiting() == ("b", "c", "d")
    assert heir.training() == first

    heir.stop(first)

    for run in others:
        wait_for(heir, run, "finished")
        with heir.store.history(run) as history:
            assert history.samples.mark().attempt == 1
    assert worker.waiting() == ()


def test_a_server_that_idles_takes_over_what_another_leaves(worker: Worker, heir: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    wait_for_steps(worker, first)
    second = heir.enqueue(tiny(), name="second")

    assert worker.shutdown(30)

    wait_for(heir, second, "finished")


def test_a_terminal_removes_a_run_from_the_queue(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    second = worker.enqueue(tiny(), name="second")

    assert main(["stop", second, "--root", str(worker.store.root)]) == 0

    assert worker.waiting() == ()
    assert state(worker, second) == "stopped"
    worker.stop(first)


def test_a_queued_run_can_be_moved_ahead(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    for name in ("b", "c"):
        worker.enqueue(tiny(), name=name)
    wait_for_steps(worker, first)

    worker.move_ahead("c")
    worker.move_ahead("c")

    assert worker.waiting() == ("c", "b")


def test_after_the_shutdown_the_queue_is_not_resumed(worker: Worker) -> None:
    worker.store.create(tiny(), "waits")
    assert worker.shutdown(30)
    worker.store.queue.change(lambda queue: queue.added(QueueEntry("waits")))

    worker.resume_queue()

    assert state(worker, "waits") == "queued"
    assert worker.training() is None


# waiting, and not having to wait


def test_waiting_for_a_run_returns_its_progress_at_the_end_or_after_the_given_time(worker: Worker) -> None:
    endless = worker.enqueue(tiny(train__images=ENDLESS), name="endless")
    short = worker.enqueue(tiny(), name="short")

    assert worker.wait(short, timeout_seconds=0.0).status == "queued"
    worker.stop(endless)

    assert worker.wait(short).status == "finished"
    assert worker.wait(endless).status == "stopped"


def test_no_page_waits_for_a_disk_that_is_slow_to_write_the_queue(tmp_path: Path) -> None:
    """Whatever a page does at its beginning returns while another thread is inside a write of the queue."""
    writing, written = Event(), Event()

    def announce(stage: str) -> None:
        if stage == "fsync" and slow:
            writing.set()
            written.wait(30)

    slow: list[bool] = []
    worker = Worker(RunStore(tmp_path / "runs", announce), data_root=tmp_path / "data")
    worker.store.create(tiny(), "a")
    slow.append(True)
    enqueueing = Job("a button", lambda job: worker.resume("a")).start()
    assert writing.wait(30)

    def begin_a_page(job: Job) -> None:
        worker.resume_queue()
        worker.waiting()
        worker.training()
        worker.store.runs()
        worker.shutdown(0)

    page = Job("a page", begin_a_page).start()
    returned = page.wait(10)
    slow.clear()
    written.set()

    assert returned
    assert page.problem is None
    assert enqueueing.wait(30)
    assert worker.shutdown(30)


def test_a_paused_run_leaves_the_machine_to_the_next_one_and_continues_after_it(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    wait_for_steps(worker, first)
    worker.pause(first)
    wait_for(worker, first, "paused")

    second = worker.enqueue(tiny(), name="second")
    wait_for(worker, second, "finished")
    paused = worker.store.progress(first)
    assert (paused.status, paused.code) == ("stopped", "set_aside")
    assert worker.store.checkpoints(first).newest().counters["step"] == paused.step

    worker.resume(first)
    wait_for_steps(worker, first, paused.step)
    assert worker.store.progress(first).code == ""


def test_a_run_that_was_paused_for_another_one_is_the_next_of_the_queue(worker: Worker) -> None:
    first, second = (worker.enqueue(tiny(train__images=ENDLESS), name=name) for name in ("first", "second"))
    wait_for_steps(worker, first)
    worker.pause(first)
    wait_for_steps(worker, second)

    worker.enqueue(tiny(), name="third")
    worker.resume(first)

    assert worker.waiting() == ("first", "third")


def test_a_queued_run_that_is_to_train_now_changes_places_with_the_one_that_trains(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    second, third = (worker.enqueue(tiny(), name=name) for name in ("second", "third"))
    wait_for_steps(worker, first)

    worker.train_now(third)

    wait_for(worker, third, "finished")
    wait_for_steps(worker, first, worker.store.progress(first).step)
    assert worker.waiting() == ("second",)
    assert state(worker, second) == "queued"


def test_a_run_that_does_not_wait_cannot_be_trained_now(worker: Worker) -> None:
    first = worker.enqueue(tiny(train__images=ENDLESS), name="first")
    wait_for_steps(worker, first)

    worker.train_now(first)

    assert worker.waiting() == ()
    assert state(worker, first) == "running"


def test_a_run_is_named_after_its_title(worker: Worker) -> None:
    runs = [worker.enqueue(tiny(), title=title) for title in ("Größe 2 (neu)", "Größe 2 (neu)", "plain")]

    assert runs == ["Groesse-2-neu", "Groesse-2-neu-2", "plain"]
    assert [worker.store.notes(run).title for run in runs] == ["Größe 2 (neu)", "Größe 2 (neu)", ""]
    assert worker.store.name_for("plain") == "plain-2"

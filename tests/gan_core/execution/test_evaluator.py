"""The evaluator: snapshots are measured beside a training, which it neither changes nor outlives."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_core.evaluation.evaluate import evaluate_snapshot
from gan_core.execution import evaluator
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.run_training import run_to_end
from gan_core.execution.worker import Worker
from gan_core.runs.history.measurements import Measurement, MeasurementRow
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from gan_core.training.step_report import StepReport
from tests.conftest import REPOSITORY
from tests.tiny_runs import tiny
from tests.waiting import eventually

DIGITS = {"data__name": "mnist-5k", "data__image_size": 28, "train__sample_every": 320, "data__limit": 320}
ENDLESS = 10_000_000
TRAIN = """import sys
from pathlib import Path
from gan_core.execution.run_training import run_to_end
from gan_core.runs.store import RunStore
run_to_end(RunStore(Path(sys.argv[1])), "run", data_root=Path(sys.argv[2]))
"""
pytestmark = pytest.mark.alone  # the process that measures has the lowest priority


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the digits are unpacked once for all tests."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path / "runs")
    store.create(tiny(train__images=640, **DIGITS), "run")
    return store


@pytest.fixture(scope="module", autouse=True)
def the_process_ends_with_the_tests() -> Iterator[None]:
    """The process that measures is used by one test after another, like by one run after another."""
    yield
    evaluator.PROCESS.end()


@pytest.fixture
def a_new_process() -> None:
    """The process of another test is not used again."""
    evaluator.PROCESS.end()


def give_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it finish on a machine whose processors are busy, where its low priority makes it slow."""
    monkeypatch.setattr(evaluator, "FINISH_SECONDS", 300.0)
    monkeypatch.setattr(evaluator, "WAIT_SECONDS", 300.0)


def measurements(store: RunStore) -> list[MeasurementRow]:
    with store.history("run") as history:
        return history.measurements.all()


def measured(store: RunStore) -> list[int]:
    return sorted({row.images_seen for row in measurements(store)})


def children() -> set[int]:
    """The processes that measure something and were started in this session of the test: not those of other tests."""
    found, mine = set(), os.getsid(0)
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if evaluator.MODULE.encode() in path.read_bytes() and os.getsid(int(path.parent.name)) == mine:
                found.add(int(path.parent.name))
        except OSError:  # it has just ended
            continue
    return found


@pytest.mark.usefixtures("a_new_process")
def test_a_finished_run_has_the_measurements_of_each_sample_grid(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_time(monkeypatch)

    assert run_to_end(store, "run", data_root=data_root).status == "finished"

    assert measured(store) == [images_seen for images_seen, _ in store.samples("run").clocks()] == [0, 320, 640]
    rows = [Measurement(*row[1:]) for row in measurements(store) if row.images_seen == 320]
    assert {row.name for row in rows} == {"sure_digits", "rarest_digit"}
    assert all(0 <= (row.low or 0) <= row.value <= (row.high or 1) <= 1 and row.n == 1_000 for row in rows)
    assert sorted(rows) == sorted(evaluate_snapshot(store, "run", 320))


def test_a_resumed_run_catches_up_with_what_is_missing(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_to_end(store, "run", data_root=data_root, measure=False).status == "finished"
    assert measured(store) == []
    give_time(monkeypatch)

    run_to_end(store, "run", images=960, data_root=data_root)

    assert measured(store) == [0, 320, 640, 960]


def test_measuring_changes_no_bit_of_a_run(store: RunStore, data_root: Path) -> None:
    store.create(store.config("run"), "alone")

    run_to_end(store, "run", data_root=data_root)
    run_to_end(store, "alone", data_root=data_root, measure=False)

    ends = [store.checkpoints(run).newest() for run in ("run", "alone")]
    assert len({fingerprint(end.tensors, end.counters) for end in ends}) == 1


def test_a_run_to_which_no_metric_applies_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(evaluator, "ChildProcess", refuse)
    store = RunStore(tmp_path)
    store.create(tiny(), "run")

    assert run_to_end(store, "run").status == "finished"


@pytest.mark.usefixtures("a_new_process")
def test_a_command_in_a_terminal_ends_soon_whatever_is_left_to_measure(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluator, "WAIT_SECONDS", 0.0)
    before = children()

    assert run_to_end(store, "run", data_root=data_root).status == "finished"

    assert children() <= before


@pytest.mark.usefixtures("a_new_process")
def test_a_shutdown_ends_it_at_once(store: RunStore, data_root: Path) -> None:
    shutdown, before = ShutdownRequest(), children()

    def end(report: StepReport) -> None:
        if report.step == 5:
            shutdown.set("The test ends it.")

    assert run_to_end(store, "run", shutdown=shutdown, on_step=end, data_root=data_root).status == "interrupted"

    assert children() <= before


def test_a_server_measures_the_last_snapshots_after_the_training(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_time(monkeypatch)
    worker = Worker(store, data_root=data_root)
    worker.resume("run")

    assert worker.wait("run").status == "finished"

    eventually(lambda: measured(store) == [0, 320, 640], "all snapshots are measured")
    assert worker.shutdown(30)


@pytest.mark.usefixtures("a_new_process")
def test_it_ends_when_the_process_that_trains_is_killed(store: RunStore, data_root: Path) -> None:
    with store.history("run") as history:
        history.set_progress(images_target=ENDLESS)
    before = children()
    command = [sys.executable, "-c", TRAIN, str(store.root), str(data_root)]
    with subprocess.Popen(command, cwd=REPOSITORY) as trainer:
        eventually(lambda: bool(children() - before), "a process measures")
        os.kill(trainer.pid, signal.SIGKILL)

    eventually(lambda: children() <= before, "the process that measures has ended")


@pytest.mark.usefixtures("a_new_process")
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_trains_on_without_it_and_an_event_says_so(
    store: RunStore, data_root: Path, signal_number: signal.Signals
) -> None:
    before = children()
    killed: list[int] = []

    def kill(report: StepReport) -> None:
        if not killed:
            killed.extend(children() - before)
            for pid in killed:
                os.kill(pid, signal_number)
        if killed and report.step == 35:
            eventually(lambda: [event.kind for event in store.events("run")] == ["evaluator"], "an event is written")

    assert run_to_end(store, "run", on_step=kill, data_root=data_root).status == "finished"

    assert len(killed) == 1
    (event,) = [event for event in store.events("run") if event.kind == "evaluator"]
    assert "ended early" in event.text


def test_one_process_measures_one_run_after_another(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_time(monkeypatch)
    store.create(store.config("run"), "next")

    run_to_end(store, "run", data_root=data_root)
    first = evaluator.PROCESS.pid
    run_to_end(store, "next", data_root=data_root)

    assert first is not None
    assert evaluator.PROCESS.pid == first
    with store.history("next") as history:
        assert {row.images_seen for row in history.measurements.all()} == {0, 320, 640}


@pytest.mark.usefixtures("a_new_process")
def test_a_run_after_a_killed_process_starts_another(
    store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_time(monkeypatch)
    run_to_end(store, "run", data_root=data_root)
    assert evaluator.PROCESS.pid is not None
    os.kill(evaluator.PROCESS.pid, signal.SIGKILL)
    eventually(lambda: evaluator.PROCESS.pid is None, "the process has ended")

    run_to_end(store, "run", images=960, data_root=data_root)

    assert measured(store) == [0, 320, 640, 960]


def test_a_damaged_snapshot_is_skipped(store: RunStore, data_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_to_end(store, "run", data_root=data_root, measure=False)
    (store.folder("run") / "moments" / f"{320:012d}.safetensors").write_bytes(b"damaged")
    give_time(monkeypatch)

    run_to_end(store, "run", images=960, data_root=data_root)

    assert measured(store) == [0, 640, 960]


def test_the_process_answers_each_request_with_one_line_at_the_lowest_priority(
    store: RunStore, data_root: Path
) -> None:
    run_to_end(store, "run", data_root=data_root, measure=False)
    command = [sys.executable, "-m", evaluator.MODULE]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        requests = [["hurry"], *(["measure", str(store.root), "run", images_seen] for images_seen in (640, 7))]
        child.stdin.write("".join(f"{json.dumps(request)}\n" for request in requests))
        child.stdin.flush()
        answers = [json.loads(child.stdout.readline()) for _ in range(2)]
        niceness = os.getpriority(os.PRIO_PROCESS, child.pid)
        child.stdin.close()

        assert child.wait(30) == 0
    assert [Measurement(*row) for row in answers[0]["measurements"]] == evaluate_snapshot(store, "run", 640)
    assert "no snapshot at 7 images" in answers[1]["problem"]
    assert niceness == 19

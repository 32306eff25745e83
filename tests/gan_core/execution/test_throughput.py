"""The recent speed of a run, and the time left that is estimated from it: right within a fifth."""

from pathlib import Path
from time import monotonic

import pytest

from gan_core.execution import control as control_module
from gan_core.execution import recorder
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Event
from gan_core.execution.run_training import run_to_end
from gan_core.execution.throughput import Throughput
from gan_core.runs.store import RunStore
from gan_core.training.step_report import StepReport
from tests.tiny_runs import tiny

IMAGES, BATCH = 4_800, 16
STEP_SECONDS = 0.01  # a machine on which a step of so small a network takes this long
WITHIN = 0.2


def test_throughput_is_measured_over_its_window_only() -> None:
    throughput = Throughput(window_seconds=10.0)

    slow = [throughput.update(float(second), 10 * second) for second in range(20)]
    fast = [throughput.update(20.0 + second, 200 + 100 * second) for second in range(20)]

    assert slow[0] == 0.0
    assert slow[-1] == pytest.approx(10)
    assert fast[-1] == pytest.approx(100)


def test_a_throughput_that_was_cleared_starts_again() -> None:
    throughput = Throughput(window_seconds=10.0)
    throughput.update(0.0, 0)
    throughput.update(1.0, 1_000)

    throughput.clear()

    assert throughput.update(100.0, 1_000) == 0.0
    assert throughput.update(101.0, 1_010) == 10.0


@pytest.mark.alone
def test_the_time_left_at_30_and_at_60_percent_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "FLUSH_SECONDS", 0.1)
    store, step = RunStore(tmp_path), Event()
    store.create(tiny(train__images=IMAGES, train__sample_every=1_600, optim__batch_size=BATCH), "mine")
    promised: dict[float, tuple[float, float]] = {}  # at which share: when, and the seconds left

    def watch(report: StepReport) -> None:
        step.wait(STEP_SECONDS)
        for share in (0.3, 0.6):
            if report.images_seen == share * IMAGES:
                run = store.summary("mine")
                promised[share] = (monotonic(), (run.images_target - run.images_seen) / run.pace)

    assert run_to_end(store, "mine", on_step=watch).status == "finished"

    ended = monotonic()
    for share, (when, seconds) in promised.items():
        print(f"at {share:.0%}: promised {seconds:.2f} s, came {ended - when:.2f} s")
        assert seconds == pytest.approx(ended - when, rel=WITHIN)
    assert list(promised) == [0.3, 0.6]


@pytest.mark.alone
def test_a_pause_does_not_count_in_the_throughput(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "FLUSH_SECONDS", 0.1)
    monkeypatch.setattr(control_module, "POLL_SECONDS", 0.0)
    store, step, shutdown = RunStore(tmp_path), Event(), ShutdownRequest()
    store.create(tiny(train__images=1_600, train__sample_every=10**6, optim__batch_size=BATCH), "mine")
    since_the_pause: list[float] = []

    def watch(report: StepReport) -> None:
        step.wait(STEP_SECONDS)
        if report.images_seen == 160:
            store.request("mine", "pause", "page")
        elif report.images_seen > 160:
            since_the_pause.append(monotonic())

    def resume_after_a_while(seconds: float) -> None:
        step.wait(1.0)
        store.request("mine", "resume", "page")

    monkeypatch.setattr(shutdown, "wait", resume_after_a_while)
    assert run_to_end(store, "mine", shutdown=shutdown, on_step=watch).status == "finished"

    real = BATCH * (len(since_the_pause) - 1) / (since_the_pause[-1] - since_the_pause[0])
    assert store.progress("mine").pace == pytest.approx(real, rel=WITHIN)

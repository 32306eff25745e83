"""A run leaves processors to other programs and takes them back, writes that down, and repeats it when it resumes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gan_core.execution import run_training
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.run_training import run_to_end
from gan_core.execution.thread_count import LOOK_SECONDS, ThreadCount, count_for
from gan_core.runs.history import History
from gan_core.runs.store import RunStore
from gan_core.training.autotune import Resolved
from gan_core.training.state import TrainState, fingerprint
from gan_core.training.step_report import StepReport
from gan_core.training.trainer import Trainer
from tests.tiny import CPU, digits
from tests.tiny_runs import tiny
from tests.tiny_runs import train as train_run

ADAPT_SECONDS = 10  # after a change of the load


class Machine:
    """A clock, a load and a training whose speed depends on its number of threads."""

    def __init__(self, best: int, most: int, speeds: Callable[[int], int] = lambda threads: 100 * threads) -> None:
        self.seconds, self.load, self.steps, self.threads = 0.0, 0.0, 0, best
        self.speeds = speeds
        self.count = ThreadCount(best, most, lambda: self.load, lambda: self.seconds)
        self.changes: list[tuple[float, int]] = []

    def train(self, seconds: float, load: float) -> None:
        """Train beside other programs that use so many processors."""
        self.load, end = load, self.seconds + seconds
        while self.seconds < end:
            self.seconds += LOOK_SECONDS / 5
            self.steps += int(self.speeds(self.threads) * LOOK_SECONDS / 5)
            before, self.threads = self.threads, self.count.look(self.steps, self.threads)
            if self.threads != before:
                self.changes.append((self.seconds, self.threads))


def test_a_processor_is_left_to_a_busy_program_and_taken_back_soon_after_it_ends() -> None:
    machine = Machine(best=2, most=2)

    machine.train(60, load=0.1)
    assert machine.changes == []
    machine.train(ADAPT_SECONDS, load=1.0)
    assert machine.threads == 1
    machine.train(60, load=2.0)
    assert machine.threads == 1
    machine.train(ADAPT_SECONDS, load=0.1)
    assert machine.threads == 2
    assert len(machine.changes) == 2


def test_a_program_that_is_busy_for_a_moment_changes_nothing() -> None:
    machine = Machine(best=2, most=2)

    for _ in range(20):
        machine.train(LOOK_SECONDS, load=1.0)
        machine.train(2, load=0.1)

    assert machine.changes == []


@pytest.mark.parametrize(("load", "threads"), [(1.0, 15), (3.0, 13), (8.0, 8), (16.0, 1), (0.2, 16)])
def test_on_many_processors_others_get_what_they_use(load: float, threads: int) -> None:
    machine = Machine(best=16, most=16)

    machine.train(30, load=16.0)
    machine.train(30, load=load)

    assert machine.threads == threads


def test_a_run_that_began_beside_others_tries_all_threads_when_they_have_gone() -> None:
    machine = Machine(best=1, most=2)

    machine.train(60, load=1.0)
    assert machine.changes == []
    machine.train(ADAPT_SECONDS, load=0.0)

    assert machine.threads == machine.count.best == 2
    machine.train(ADAPT_SECONDS, load=1.0)
    assert machine.threads == 1


def test_a_run_that_is_fastest_with_one_thread_tries_others_more_and_more_rarely() -> None:
    machine = Machine(best=1, most=2, speeds=lambda threads: 100)

    machine.train(2_000, load=0.0)

    trials = [seconds for seconds, threads in machine.changes if threads == 2]
    ends = [seconds for seconds, threads in machine.changes if threads == 1]
    assert machine.threads == 1
    assert 5 <= len(trials) <= 10
    assert all(end - began < 2 for began, end in zip(trials, ends, strict=True))
    assert trials[-1] - trials[-2] > 2 * (trials[2] - trials[1])


def test_a_trial_that_a_program_disturbs_proves_nothing() -> None:
    machine = Machine(best=1, most=2)
    machine.train(10.7, load=0.0)
    assert machine.threads == 2

    machine.train(LOOK_SECONDS, load=0.4)

    assert machine.threads == machine.count.best == 1


def test_a_pause_counts_as_no_time_of_the_training() -> None:
    machine = Machine(best=1, most=2, speeds=lambda threads: 100)
    machine.train(9, load=0.0)

    machine.seconds += 3_600
    machine.train(4, load=0.0)

    assert machine.changes
    assert machine.threads == 1


@pytest.mark.parametrize(
    ("threads", "device", "allowed", "chooses"),
    [(0, "cpu", 2, True), (2, "cpu", 2, False), (0, "cuda", 2, False), (0, "cpu", 1, False)],
)
def test_only_a_run_on_several_processors_that_fixes_no_number_chooses(
    threads: int, device: str, allowed: int, chooses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_core.execution.thread_count.processors", lambda: allowed)
    resolved = Resolved(
        device=device,
        precision="float32",
        threads=1,
        classes=(),
        data_size=1,
        data_source="",
        data_sha256="",
        versions={},
    )

    assert (count_for(tiny(train__threads=threads), resolved) is not None) == chooses


class Scripted(ThreadCount):
    """Changes the number of threads at given steps."""

    def __init__(self, script: Sequence[tuple[int, int]]) -> None:
        super().__init__(1, 2, lambda: 0.0)
        self.script = dict(script)

    def look(self, step: int, threads: int) -> int:
        return self.script.get(step, threads)


SCRIPT = [(3, 3), (6, 1), (9, 2)]  # a run begins with one thread or two
BATCH = 64
WIDE = {  # enough for torch to share the work between threads, which changes the last bits
    "train__threads": 0,
    "data__limit": 0,
    "optim__batch_size": BATCH,
    "model__generator__widths": (256, 256),
    "model__discriminator__widths": (256, 256),
}


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[tuple[int, int]]], None]:
    """A function that sets the script of the next training."""

    def follow(script: Sequence[tuple[int, int]]) -> None:
        monkeypatch.setattr(run_training, "count_for", lambda config, resolved: Scripted(script))

    return follow


def end_by_hand(steps: int, script: Sequence[tuple[int, int]], threads: int) -> str:
    """The fingerprint of the same run, which begins with so many threads, and changes them at these steps."""
    config = tiny(**WIDE)
    trainer = Trainer(config, TrainState(config, 0, CPU), digits(), CPU, "float32", threads)
    for _ in trainer.steps(steps * BATCH):
        trainer.compute_with(dict(script).get(trainer.state.step, trainer.threads))
    return fingerprint(trainer.state.tensors(), trainer.state.counters())


def test_the_threads_change_the_last_bits() -> None:
    assert end_by_hand(20, SCRIPT, 1) != end_by_hand(20, [], 1)


def threads_at_first(store: RunStore) -> int:
    return int(store.record("run")["resolved"]["threads"])


def end_of(store: RunStore, run: str) -> str:
    checkpoint = store.checkpoints(run).newest()
    return fingerprint(checkpoint.tensors, checkpoint.counters)


def test_a_run_resumed_from_an_older_checkpoint_repeats_its_changes_bit_for_bit(
    tmp_path: Path, scripted: Callable[[Sequence[tuple[int, int]]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path)
    store.create(tiny(**WIDE, train__images=20 * BATCH, train__sample_every=1_000_000), "run")
    scripted(SCRIPT)
    with store.history("run") as history:  # what a trainer leaves that is killed after 8 steps, before its first save
        for step, threads in SCRIPT[:2]:
            history.thread_choices.add(step, threads)
        history.set_progress(step=8, images_seen=8 * BATCH)
    used: list[tuple[int, int]] = []
    compute_with = Trainer.compute_with

    def note(trainer: Trainer, threads: int) -> None:
        used.append((trainer.state.step, threads))
        compute_with(trainer, threads)

    monkeypatch.setattr(Trainer, "compute_with", note)
    assert train_run(store, "run") == "finished"

    assert [use for use in used if use[0]] == SCRIPT
    with store.history("run") as history:
        assert [tuple(choice) for choice in history.thread_choices.all()] == SCRIPT
    assert end_of(store, "run") == end_by_hand(20, SCRIPT, threads_at_first(store))


def test_a_stopped_run_goes_on_with_the_threads_that_it_had(
    tmp_path: Path, scripted: Callable[[Sequence[tuple[int, int]]], None]
) -> None:
    store, shutdown = RunStore(tmp_path), ShutdownRequest()
    store.create(tiny(**WIDE, train__images=20 * BATCH), "run")
    scripted(SCRIPT[:1])

    def stop_early(report: StepReport) -> None:
        if report.step == 5:
            shutdown.set("The test.")

    run_to_end(store, "run", shutdown=shutdown, on_step=stop_early)
    assert store.progress("run").step == 5

    scripted(SCRIPT[1:])
    assert train_run(store, "run") == "finished"

    assert end_of(store, "run") == end_by_hand(20, SCRIPT, threads_at_first(store))


def test_the_choices_survive_in_the_history(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history:
        history.thread_choices.add(10, 2)
        history.thread_choices.add(3, 1)
        history.thread_choices.add(10, 4)
    with History(tmp_path / "h") as history:
        assert [tuple(choice) for choice in history.thread_choices.all()] == [(3, 1), (10, 4)]

"""Train one run to its end: a plain function that a thread of the dashboard, a terminal or a process can call."""

import time
import traceback
from collections.abc import Callable
from pathlib import Path

import torch

from gan_core.config import ConfigError, RunConfig
from gan_core.data.dataset import unreported
from gan_core.data.registry import DataError, Dataset, Report, load
from gan_core.execution.control import Control, Desk
from gan_core.execution.recorder import NonFiniteError, Recorder, RunGoneError
from gan_core.numerics.device import DeviceError, choose_device
from gan_core.runs.history import HistoryError
from gan_core.runs.store import RunError, RunStore, StateError, StorageError
from gan_core.training.autotune import DataChangedError, Resolved, check_data, differences, resolve
from gan_core.training.state import TrainState
from gan_core.training.step_report import StepReport
from gan_core.training.trainer import Trainer

REMOVAL_SECONDS = 1.0  # that somebody else may take to remove a folder of ours
LOOK_SECONDS = 0.05
SENTENCES = (
    ConfigError,
    DataChangedError,
    DataError,
    DeviceError,
    HistoryError,
    NonFiniteError,
    RunError,
    RunGoneError,
    StateError,
    StorageError,
)  # errors whose message is a sentence for a person
Watch = Callable[[StepReport], None]


def unwatched(report: StepReport) -> None:
    """Nobody looks at the steps."""


def run_to_end(
    store: RunStore,
    run: str,
    *,
    control: Control,
    images: int | None = None,
    kind: str = "terminal",
    watch: Watch = unwatched,
    tell: Report = unreported,
    data_root: Path = Path("data"),
) -> str:
    """Train `run` from its newest state until its target, or `images` in all; returns the state it is left in.

    `kind` says what trains it ("terminal", "dashboard"); `tell` hears how the reading of the data gets on. Raises
    OwnedError where somebody else trains it. Every other failure becomes the run's state, with its reason, which is
    left in `control.failure` too.
    """
    with store.claim(run, kind):
        training = Training(store, run, control, watch, tell, data_root)
        try:
            return training.go(images)
        except Exception as problem:  # whatever it is, it is the run's outcome
            return training.fail(problem)
        finally:
            training.close()


class Training:
    """One stretch of training of one run."""

    def __init__(
        self, store: RunStore, run: str, control: Control, watch: Watch, tell: Report, data_root: Path
    ) -> None:
        self.store, self.run, self.control, self.watch = store, run, control, watch
        self.tell, self.data_root = tell, data_root
        self.history = store.history(run)
        self.desk = Desk(self.history, control)
        self.record = store.record(run)
        self.config: RunConfig = store.config(run)
        self.recorder: Recorder | None = None
        self.target = 0  # images; an `extend` raises it

    def go(self, images: int | None) -> str:
        """Load, prepare, train."""
        self.target = images or self.history.status().images_target or self.config.train.images
        self.history.set_status(state="running", reason="Reading the data.", images_target=self.target)
        device = self._device()
        dataset = load(self.config.data, device, root=self.data_root, report=self._report)
        state = TrainState(self.config, len(dataset.classes) if self.config.data.labels else 0, device)
        self._take_newest_state(state)
        self.recorder = recorder = Recorder(self.store, self.run, state, len(dataset), state.generator.inputs.classes)
        recorder.begin(self.target)
        resolved = self._resolved(dataset, state)
        trainer = Trainer(self.config, state, dataset, device, resolved.precision, resolved.threads)
        self.history.set_status(state="running", reason="")
        return self._train(trainer, recorder)

    def _device(self) -> torch.device:
        """The device that the run began on; where it is gone, another, and an event says so."""
        if self.record["resolved"] is None:
            return choose_device(self.config.train.device)
        began_on = self.record["resolved"]["device"]
        try:
            return choose_device(began_on)
        except DeviceError:
            device = choose_device("auto")
            self.history.add_event(
                "difference", f"{began_on} is not available here, going on with {device}: the last bits may differ"
            )
            return device

    def _report(self, share: float, sentence: str) -> None:
        self.tell(share, sentence)
        self.history.set_status(reason=f"{sentence.rstrip('.')} ({share:.0%})." if 0 < share < 1 else sentence)

    def _take_newest_state(self, state: TrainState) -> None:
        if self.store.has_state(self.run):
            for complaint in self.store.newest_state(self.run, state.load).complaints:
                self.history.add_event("fallback", complaint)

    def _resolved(self, dataset: Dataset, state: TrainState) -> Resolved:
        """What the run began with; at its very start: the noise grid, the probe, the first state."""
        assert self.recorder is not None
        if self.record["resolved"] is not None:
            resolved = Resolved.model_validate(self.record["resolved"])
            check_data(resolved, dataset, self.run)
            for sentence in differences(resolved):
                self.history.add_event("difference", sentence)
            self.history.add_event("resumed", f"Resumed at {state.images_seen:,} images.")
            return resolved
        self.recorder.sample()
        self.history.set_status(reason="Timing both precisions on throw-away copies.")
        resolved = resolve(self.config, dataset)
        self.store.resolve(self.run, resolved.model_dump(mode="json"))
        self.record = self.store.record(self.run)
        self.recorder.save()
        return resolved

    def _train(self, trainer: Trainer, recorder: Recorder) -> str:
        recorder.resume_clock()
        while trainer.state.images_seen < self.target and not self.desk.leave:
            for report in trainer.steps(self.target):
                recorder.record(report)
                self.watch(report)
                self.desk.poll()
                self._grant_wishes(recorder)
                if self.desk.paused and not self.desk.leave:
                    self._pause(recorder)
                if self.desk.leave:
                    break
            self.desk.look()  # the run may have been made longer during its last steps
            self._grant_wishes(recorder)
        return self._finish(recorder, finished=trainer.state.images_seen >= self.target)

    def _grant_wishes(self, recorder: Recorder) -> None:
        """Pin the networks as they are now; make the run longer. Neither touches the state."""
        for wish in self.desk.take_wishes():
            if wish.kind == "pin":
                recorder.pin_moment(wish.who)
            elif wish.images is not None and wish.images > self.target:
                self.target = wish.images
                self.history.set_status(images_target=self.target)
                self.history.add_event("extended", f"Made longer from {wish.who}: {self.target:,} images in all.")

    def _pause(self, recorder: Recorder) -> None:
        self._keep(recorder)
        self.history.set_status(state="paused", reason=f"Paused from {self.desk.who}.", images_per_second=0.0)
        while self.desk.paused and not self.desk.leave:
            self.desk.wait_while_paused()
            self._grant_wishes(recorder)
        if not self.desk.leave:
            self.history.set_status(state="running", reason="")
        recorder.resume_clock()

    def _finish(self, recorder: Recorder, *, finished: bool) -> str:
        self.history.set_status(state="stopping", reason="Saving.")
        recorder.flush()
        if finished:
            recorder.sample()
        self._keep(recorder)
        state, reason = "finished", ""
        if not finished and self.desk.stop:
            state, reason = "stopped", f"Stopped from {self.desk.who}."
        elif not finished:
            state, reason = self.control.state, self.control.reason
        self.history.set_status(state=state, reason=reason, images_per_second=0.0)
        return state

    def _keep(self, recorder: Recorder) -> None:
        """Write all there is, so that nothing is lost whatever happens next."""
        recorder.flush()
        recorder.keep_moment()
        recorder.save()

    def fail(self, problem: Exception) -> str:
        """Make a failure the run's outcome; where its folder is gone, save the living state beside it."""
        reason = str(problem) if isinstance(problem, SENTENCES) else f"{type(problem).__name__}: {problem}"
        self.control.failure = reason
        missing = isinstance(problem, FileNotFoundError)  # of ours: the first sign of a removal that is under way
        if self._is_gone(REMOVAL_SECONDS if missing else 0.0):
            return self._rescue(reason)
        try:
            if not isinstance(problem, SENTENCES):
                self.history.add_event("trace", "".join(traceback.format_exception(problem)))
            self.history.add_event("failed", reason)
            self.history.set_status(state="failed", reason=reason, images_per_second=0.0)
        except HistoryError:  # the disk is full: without its owner the run reads as interrupted
            return self._rescue(reason) if self._is_gone(REMOVAL_SECONDS) else "interrupted"
        return "failed"

    def _is_gone(self, patience_seconds: float) -> bool:
        """Whether the run's folder is gone, or goes while one looks: nobody tells of a removal."""
        waited = 0.0
        while self.store.folder_exists(self.run) and waited < patience_seconds:
            time.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        return not self.store.folder_exists(self.run)

    def _rescue(self, reason: str) -> str:
        gone = self.control.failure = f"the folder of run {self.run} was removed while it trained"
        if self.recorder is None:
            return "failed"
        state = self.recorder.state
        try:
            rescued = self.store.rescue(self.run, self.record, state.tensors(), state.counters(), reason)
        except StorageError as problem:
            self.control.failure = f"{gone}, and its state is lost: {problem}"
            return "failed"
        self.control.failure = f"{gone}; its state is saved as run {rescued}, which can be resumed"
        return "rescued"

    def close(self) -> None:
        """Let go of the database."""
        if self.recorder is not None:
            self.recorder.history.close()
        self.history.close()

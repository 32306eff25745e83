"""Train one run to its end: a plain function for a thread of the dashboard, a terminal, a notebook or a process."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from gan_core.config import RunConfig
from gan_core.data.dataset import Dataset
from gan_core.data.registry import Report, load, unreported
from gan_core.execution.begun_data import check_new, data_as_begun
from gan_core.execution.control import Control, ShutdownRequest, not_wanted
from gan_core.execution.evaluator import Evaluator, start_evaluator
from gan_core.execution.failures import record_failure
from gan_core.execution.recorder import Recorder
from gan_core.execution.thread_count import ThreadsOfRun, count_for
from gan_core.numerics.device import DeviceError, choose_device
from gan_core.runs.open_run import OpenRun
from gan_core.runs.status_sets import SET_ASIDE
from gan_core.runs.store import RunStore
from gan_core.training.autotune import Resolved, check_data, differences, resolve
from gan_core.training.state import TrainState
from gan_core.training.step_report import StepReport
from gan_core.training.trainer import Trainer

OnStep = Callable[[StepReport], None]
REPORT_SECONDS = 0.2  # between two reports on the reading of the data


class Outcome(NamedTuple):
    """How a training ended: the status of the run and, after a failure, the reason in one sentence."""

    status: str
    failure: str = ""


def ignore_step(report: StepReport) -> None:
    """The default for `on_step`."""


def run_to_end(
    store: RunStore,
    run: str,
    *,
    shutdown: ShutdownRequest | None = None,
    images: int | None = None,
    kind: str = "terminal",
    on_step: OnStep = ignore_step,
    report: Report = unreported,
    data_root: Path = Path("data"),
    measure: bool = True,
    wait: bool = True,
    machine_is_wanted: Callable[[], bool] = not_wanted,
) -> Outcome:
    """Train `run` from its newest checkpoint to its target, or to `images` real images in all.

    `kind` says what trains it ("terminal", "dashboard"); `report` is called with the share of the data that is read;
    `on_step` after every step. With `measure` another process measures the snapshots; with `wait` it gets some seconds
    at the end, else it may continue while this process lives. A run that is paused while `machine_is_wanted()` ends as
    stopped, with the code SET_ASIDE. Raises OwnedError if another process trains it; other failures become its status.
    """
    shutdown = shutdown or ShutdownRequest()
    with store.claim(run, kind), store.open(run) as opened:
        training = Training(opened, shutdown, on_step, report, data_root, measure, machine_is_wanted)
        outcome = outcome_of(training, store, images)
        opened.live.remove()
    if training.evaluator is not None:
        training.evaluator.end(at_once=shutdown.is_set(), wait=wait)
    return outcome


def outcome_of(training: "Training", store: RunStore, images: int | None) -> Outcome:
    """Train; any failure is an outcome of the run."""
    run = training.run
    try:
        return Outcome(training.train(images))
    except EndedWhileReadingError:
        return Outcome(training.end(finished=False))
    except Exception as problem:
        return Outcome(*record_failure(store, run.name, problem, run.record, training.state))


class EndedWhileReadingError(Exception):
    """The training is to end, and its data are not read yet."""


class Training:
    """One attempt to train one run."""

    def __init__(
        self,
        run: OpenRun,
        shutdown: ShutdownRequest,
        on_step: OnStep,
        report: Report,
        data_root: Path,
        measure: bool,
        machine_is_wanted: Callable[[], bool],
    ) -> None:
        self.run, self.on_step, self.report = run, on_step, report
        self.data_root, self.measure = data_root, measure
        self.evaluator: Evaluator | None = None
        self.history = run.history
        self.control = Control(self.history, shutdown, machine_is_wanted)
        self.config: RunConfig = run.config
        self.recorder: Recorder | None = None
        self.state: TrainState | None = None  # None until a recorder writes it
        self.reported = -REPORT_SECONDS  # when the reading of the data was last reported
        self.target = 0  # images; an `extend` request raises it

    def train(self, images: int | None) -> str:
        """Load, prepare, train; returns the status of the run."""
        self.target = images or self.history.progress().images_target or self.config.train.images
        self.history.set_progress(status="running", reason="Reading the data.", code="", images_target=self.target)
        device = self._device()
        dataset = self._dataset(device)
        state = TrainState(self.config, len(dataset.classes) if self.config.data.labels else 0, device)
        self._load_newest_checkpoint(state)
        self.recorder = recorder = Recorder(self.run, state, len(dataset), state.generator.inputs.classes)
        self.state = state
        computed_steps = self.history.progress().step  # perhaps more than the checkpoint has, if a trainer was killed
        recorder.begin(self.target)
        resolved = self._resolved(dataset, state)
        trainer = Trainer(self.config, state, dataset, device, resolved.precision, resolved.threads)
        threads = ThreadsOfRun(trainer, self.history, computed_steps, count_for(self.config, resolved))
        self.history.set_progress(status="running", reason="")
        return self._train(trainer, recorder, threads)

    def _device(self) -> torch.device:
        """The device that the run began on; if that is not available, another one, with an event that says so."""
        if self.run.record["resolved"] is None:
            return choose_device(self.config.train.device)
        began_on = self.run.record["resolved"]["device"]
        try:
            return choose_device(began_on)
        except DeviceError:
            device = choose_device("auto")
            self.history.events.add(
                "difference",
                f"{began_on} is not available here, continuing on {device}: results may differ by rounding errors",
            )
            return device

    def _dataset(self, device: torch.device) -> Dataset:
        """The data of a new run, which must not be unwise; or those of a run that has begun, as it began with them."""
        if self.run.record["resolved"] is not None:
            return data_as_begun(self.config.data, self.run.record["resolved"], device, self.data_root, self._report)
        check_new(self.config.data, self._report)
        dataset = load(self.config.data, device, root=self.data_root, report=self._report)
        for sentence in dataset.warnings:
            self.history.events.add("data", sentence)
        return dataset

    def _report(self, share: float, sentence: str) -> None:
        """Called often while the data are read. Raises EndedWhileReadingError if the training is to end."""
        self.control.poll()
        if self.control.must_end:
            self.history.set_progress(status="stopping", reason="Stopping.")
            raise EndedWhileReadingError
        if time.monotonic() - self.reported < REPORT_SECONDS:
            return
        self.reported = time.monotonic()
        self.history.set_progress(reason=f"{sentence.rstrip('.')} ({share:.0%})." if 0 < share < 1 else sentence)
        self.report(share, sentence)

    def _load_newest_checkpoint(self, state: TrainState) -> None:
        if self.run.checkpoints.exists():
            for complaint in self.run.checkpoints.newest(state.load).complaints:
                self.history.events.add("fallback", complaint)

    def _resolved(self, dataset: Dataset, state: TrainState) -> Resolved:
        """The choices made for `auto`. A new run draws its first sample grid, times the choices and saves them."""
        assert self.recorder is not None
        if self.run.record["resolved"] is not None:
            resolved = Resolved.model_validate(self.run.record["resolved"])
            check_data(resolved, dataset, self.run.name)
            for sentence in differences(resolved):
                self.history.events.add("difference", sentence)
            self.history.events.add("resumed", f"Resumed at {state.images_seen:,} images.")
            return resolved
        self.recorder.sample()
        self.history.set_progress(reason="Timing float32 and bfloat16 on copies of the networks.")
        resolved = resolve(self.config, dataset)
        self.run.resolve(resolved.model_dump(mode="json"))
        self.recorder.save()
        return resolved

    def _train(self, trainer: Trainer, recorder: Recorder, threads: ThreadsOfRun) -> str:
        if self.measure:
            self.evaluator = start_evaluator(self.run)
        recorder.resume_clock()
        while trainer.state.images_seen < self.target and not self.control.must_end:
            for report in trainer.steps(self.target):
                recorder.record(report)
                self.on_step(report)
                threads.after_step()
                self.control.poll()
                self._carry_out_requests(recorder)
                if self.control.paused and not self.control.must_end:
                    self._pause(recorder)
                if self.control.must_end:
                    break
            self.control.read_requests()  # the run may have been extended during its last steps
            self._carry_out_requests(recorder)
        return self._finish(recorder, finished=trainer.state.images_seen >= self.target)

    def _carry_out_requests(self, recorder: Recorder) -> None:
        """Pin the networks as they are now, or extend the run. Neither changes the training state."""
        for request in self.control.take_requests():
            if request.kind == "pin":
                recorder.pin_snapshot(request.who)
            elif request.images is not None and request.images > self.target:
                self.target = request.images
                self.history.set_progress(images_target=self.target)
                self.history.events.add("extended", f"Extended from {request.who}: {self.target:,} images in all.")

    def _pause(self, recorder: Recorder) -> None:
        self._save_all(recorder)
        recorder.live.remove()
        self.history.set_progress(status="paused", reason=f"Paused from {self.control.who}.", images_per_second=0.0)
        while self.control.paused and not self.control.must_end:
            self.control.wait_while_paused()
            self._carry_out_requests(recorder)
        if not self.control.must_end:
            self.history.set_progress(status="running", reason="")
        recorder.resume_clock()

    def _finish(self, recorder: Recorder, *, finished: bool) -> str:
        self.history.set_progress(status="stopping", reason="Saving.")
        self._save_all(recorder)
        return self.end(finished)

    def end(self, finished: bool) -> str:
        """Write the last status of this attempt; returns it."""
        status, reason = self._ending(finished)
        code = SET_ASIDE if self.control.left and not finished else ""
        self.history.set_progress(status=status, reason=reason, code=code, images_per_second=0.0)
        return status

    def _ending(self, finished: bool) -> tuple[str, str]:
        """The final status of the run, and the reason."""
        if finished:
            return "finished", ""
        if self.control.stopped:
            return "stopped", f"Stopped from {self.control.who}."
        if self.control.left:
            return "stopped", f"Paused from {self.control.who}; the machine was left to the next run."
        return self.control.shutdown.status, self.control.shutdown.reason

    def _save_all(self, recorder: Recorder) -> None:
        """Write the rows, a sample grid, a snapshot and a checkpoint: what the run is while it rests."""
        recorder.flush()
        recorder.sample()
        recorder.save()

"""Measures the snapshots of a run while it trains: a thread that asks another process and writes what it answers.

The other process computes at the lowest priority and writes nothing: a process of low priority that holds the lock of a
database could make the training wait. It imports torch once and serves every run that this process trains.
"""

import contextlib
import json
import time
from pathlib import Path

from gan_core.evaluation.metrics import metrics_for
from gan_core.execution.jobs import ChildProcess, Event, Job, Lock
from gan_core.runs.history import History, HistoryError
from gan_core.runs.history.measurements import Measurement
from gan_core.runs.open_run import OpenRun
from gan_core.runs.store import RunError, RunStore

MODULE = "gan_core.execution.evaluator_process"
POLL_SECONDS = 1.0
FINISH_SECONDS = 20.0  # that it may begin to measure snapshots after the training has ended, in a server
WAIT_SECONDS = 5.0  # and in a terminal


class EndedEarlyError(Exception):
    """The process that measures has ended."""


class MeasuringProcess:
    """The process that measures for all runs of this process. It starts with the first run and is kept."""

    def __init__(self) -> None:
        self._child: ChildProcess | None = None
        self._lock = Lock()  # one request at a time
        self._state_lock = Lock()  # of the child and of the number of trainings; nothing waits while it is held
        self._trainings = 0

    @property
    def pid(self) -> int | None:
        """Its process id, None if it does not run."""
        child = self._child
        return child.pid if child and child.running else None

    def training_begins(self) -> None:
        """A run trains from now on: start the process if it does not run. Raises OSError if that is not possible."""
        with self._state_lock:
            self._child = self._running_child()
            self._child.send('["rest"]')
            self._trainings += 1

    def training_ends(self) -> None:
        """Without a training, it need not rest."""
        with self._state_lock:
            self._trainings -= 1
            if not self._trainings and self._child is not None:
                self._child.send('["hurry"]')

    def _running_child(self) -> ChildProcess:
        if self._child is not None:
            if self._child.running:
                return self._child
            with self._child:  # closes its pipes
                self._child = None
        return ChildProcess(MODULE)

    def measure(self, root: Path, run: str, images_seen: int) -> list[Measurement]:
        """Measure one snapshot; none if it cannot be measured. Raises EndedEarlyError if the process has ended."""
        child = self._child
        with self._lock:
            line = ""
            if child is not None:
                child.send(json.dumps(["measure", str(root), run, images_seen]))
                line = child.receive()
        if not line:
            raise EndedEarlyError
        return [Measurement(*row) for row in json.loads(line).get("measurements", [])]

    def end(self) -> None:
        """End it at once, unless another run trains. The next training starts another process."""
        with self._state_lock:
            if self._child is not None and not self._trainings:
                with self._child:  # kills it
                    self._child = None


PROCESS = MeasuringProcess()


class Evaluator:
    """Measures the snapshots of the sample grids of one run, the newest first, until the training has ended.

    A snapshot that cannot be measured is skipped. If the process that measures ends early, an event of the run says so.
    """

    def __init__(self, store: RunStore, run: str) -> None:
        """Raises OSError if no process can be started."""
        self._store, self._run = store, run
        self._training_ended = Event()
        self._deadline = 0.0  # set before the event
        PROCESS.training_begins()
        self._job = Job("gan-studio-evaluator", self._work).start()

    def end(self, *, at_once: bool, wait: bool) -> None:
        """The training has ended: stop `at_once`, or begin to measure what is missing for FINISH_SECONDS.

        With `wait` this method returns when all is measured, or stops after WAIT_SECONDS: a command in a terminal must
        end soon. Without it the work continues in the background.
        """
        self._deadline = time.monotonic() + FINISH_SECONDS
        self._training_ended.set()
        PROCESS.training_ends()
        if at_once or (wait and not self._job.wait(WAIT_SECONDS)):
            self._job.cancel()
            PROCESS.end()

    def _work(self, job: Job) -> None:
        try:
            with self._store.history(self._run) as history:
                self._measure_all(history, job)
        except Exception as problem:  # an error here is no failure of the run
            with contextlib.suppress(RunError, HistoryError):
                self._store.add_event(self._run, "evaluator", f"Snapshots are no longer measured: {problem}")

    def _measure_all(self, history: History, job: Job) -> None:
        done: set[int] = set()  # each is measured once at most
        while not (job.cancelled.is_set() or self._is_late()):
            missing = [images_seen for images_seen in unmeasured(history) if images_seen not in done]
            if missing:
                done.add(missing[-1])
                if not self._measure(history, missing[-1]):
                    return
            elif self._training_ended.is_set():
                return
            else:
                self._training_ended.wait(POLL_SECONDS)

    def _is_late(self) -> bool:
        return self._training_ended.is_set() and time.monotonic() > self._deadline

    def _measure(self, history: History, images_seen: int) -> bool:
        """Measure one snapshot; returns whether the other process still works."""
        try:
            found = PROCESS.measure(self._store.root.absolute(), self._run, images_seen)
        except EndedEarlyError:
            if not self._training_ended.is_set():
                history.events.add(
                    "evaluator", "The process that measures snapshots ended early; no more are measured."
                )
            return False
        history.measurements.add(images_seen, found)
        return True


def unmeasured(history: History) -> list[int]:
    """The snapshots of sample grids, by images seen, that have no measurement; the oldest first."""
    kept, measured = history.snapshots.all(), {row.images_seen for row in history.measurements.all()}
    drawn = [images_seen for images_seen, _ in history.samples.clocks()]
    return [images_seen for images_seen in drawn if images_seen in kept and images_seen not in measured]


def start_evaluator(run: OpenRun) -> Evaluator | None:
    """Start measuring a run that is about to train; None if no metric applies to it or no process can be started."""
    if not metrics_for(run.config):
        return None
    try:
        return Evaluator(RunStore(run.folder.parent), run.name)
    except OSError as problem:
        run.history.events.add("evaluator", f"Snapshots are not measured: no process can be started ({problem}).")
        return None

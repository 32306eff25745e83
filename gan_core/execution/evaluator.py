"""Measures the snapshots of a run while it trains: a thread that asks another process and writes what it answers.

The other process computes at the lowest priority and writes nothing: a process of low priority that holds the lock of a
database could make the training wait.
"""

import contextlib
import json

from gan_core.evaluation.metrics import metrics_for
from gan_core.execution.jobs import ChildProcess, Event, Job
from gan_core.runs.history import History, HistoryError
from gan_core.runs.measurements import Measurement
from gan_core.runs.open_run import OpenRun
from gan_core.runs.store import RunError, RunStore

MODULE = "gan_core.execution.evaluator_process"
POLL_SECONDS = 1.0
FINISH_SECONDS = 20.0  # that it may continue after the training has ended, in a server
WAIT_SECONDS = 5.0  # and in a terminal


class Evaluator:
    """Measures the snapshots of the sample grids of one run, the newest first, until the training has ended.

    A snapshot that cannot be measured is skipped. If the other process ends early, an event of the run says so.
    """

    def __init__(self, store: RunStore, run: str) -> None:
        """Raises OSError if no process can be started."""
        self._store, self._run = store, run
        self._training_ended = Event()
        self._child = ChildProcess(MODULE, str(store.root.absolute()), run)
        self._job = Job("gan-studio-evaluator", self._work).start()

    def end(self, *, at_once: bool, wait: bool) -> None:
        """The training has ended: stop `at_once`, or measure what is missing within FINISH_SECONDS.

        With `wait` this method returns when all is measured, or stops after WAIT_SECONDS: a command in a terminal must
        end soon. Without it the work continues in the background.
        """
        if not at_once:
            self._child.send(f"hurry {FINISH_SECONDS}")
            self._training_ended.set()
        if at_once or (wait and not self._job.wait(WAIT_SECONDS)):
            self._job.cancel()
            self._training_ended.set()
            self._child.kill()
            self._job.wait()

    @property
    def pid(self) -> int:
        """The process that measures."""
        return self._child.pid

    def _work(self, job: Job) -> None:
        try:
            self._measure_all(job)
        except Exception as problem:  # an error here is no failure of the run
            with contextlib.suppress(RunError, HistoryError):
                self._store.add_event(self._run, "evaluator", f"Snapshots are no longer measured: {problem}")

    def _measure_all(self, job: Job) -> None:
        skipped: set[int] = set()
        with self._child, self._store.history(self._run) as history:
            while not job.cancelled.is_set():
                missing = [images_seen for images_seen in unmeasured(history) if images_seen not in skipped]
                if missing:
                    skipped.add(missing[-1])  # measured once at most
                    if not self._measure(history, missing[-1]):
                        return
                elif self._training_ended.is_set():
                    return
                else:
                    self._training_ended.wait(POLL_SECONDS)

    def _measure(self, history: History, images_seen: int) -> bool:
        """Measure one snapshot; returns whether the other process still works."""
        self._child.send(f"measure {images_seen}")
        line = self._child.receive()
        if line:
            history.add_measurements(
                images_seen, [Measurement(*row) for row in json.loads(line).get("measurements", [])]
            )
        elif not self._training_ended.is_set():
            history.add_event("evaluator", "The process that measures snapshots ended early; no more are measured.")
        return bool(line)


def unmeasured(history: History) -> list[int]:
    """The snapshots of sample grids, by images seen, that have no measurement; the oldest first."""
    kept, measured = history.snapshots(), {row.images_seen for row in history.measurements()}
    drawn = [images_seen for images_seen, _ in history.sample_clocks()]
    return [images_seen for images_seen in drawn if images_seen in kept and images_seen not in measured]


def start_evaluator(run: OpenRun) -> Evaluator | None:
    """Start measuring a run that is about to train; None if no metric applies to it or no process can be started."""
    if not metrics_for(run.config):
        return None
    try:
        return Evaluator(RunStore(run.folder.parent), run.name)
    except OSError as problem:
        run.history.add_event("evaluator", f"Snapshots are not measured: no process can be started ({problem}).")
        return None

"""The thread of a server that trains the queued runs. All of its state is in the folder of runs."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from gan_core.config import RunConfig
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Job, Lock, Signal
from gan_core.execution.requests import ask_to_stop, check_extension, check_longer, pin_now
from gan_core.runs.history import Progress
from gan_core.runs.lock import this_process
from gan_core.runs.queue import Queue, QueueEntry
from gan_core.runs.status_sets import ACTIVE, NEED_A_TRAINER, SET_ASIDE, TAKE_REQUESTS
from gan_core.runs.store import HistoryError, OwnedError, RunError, RunStore, StorageError

IDLE_SECONDS = 1.0
WAIT_SECONDS = 0.1  # between two checks whether a run has ended


class Worker:
    """Trains the queued runs, one at a time. Every method is idempotent: two pages may press one button.

    All workers on one folder of runs share one queue; one worker at a time trains its runs. No method that only reads
    waits for a lock, so a page never waits for a training.
    """

    def __init__(
        self,
        store: RunStore,
        kind: str = "dashboard",
        data_root: Path = Path("data"),
        asker: Callable[[], str] | None = None,
    ) -> None:
        """`kind` names this trainer on the page, for example "dashboard"; data sets are downloaded to `data_root`.

        `asker` names whoever asks now for a pause, a stop and the like, for the events of the run; by default `kind`.
        """
        self.store, self.kind, self.data_root = store, kind, data_root
        self.asker = asker or (lambda: kind)
        self._training: str | None = None
        self._shutdown = ShutdownRequest()
        self._start_lock = Lock()  # of the thread; nothing is read or written while it is held
        self._queue_lock = Lock()  # of changes to the queue by this process
        self._signal = Signal()
        self._job: Job | None = None

    def enqueue(
        self, config: RunConfig, *, preset: str = "custom", name: str | None = None, title: str | None = None
    ) -> str:
        """Create a run and queue it; returns its name. Raises RunNameError, RunExistsError, StorageError.

        With a `title`, any text, the run is named after it: see `RunStore.create_titled`.
        """
        run = self.store.create_titled(config, title, preset) if title else self.store.create(config, name, preset)
        self._queue(run, None)
        return run

    def resume(self, run: str, images: int | None = None) -> None:
        """Continue a run: at once if it is paused, else when the queue reaches it.

        A run that was paused and left the machine to another one is the next of the queue. `images` is a new total.
        Raises ConfigError for a finished run without a larger total, RunMissingError, StorageError.
        """
        progress = self.store.progress(run)
        if progress.status in NEED_A_TRAINER:
            self.store.request(run, "resume", self.asker())
            return
        check_extension(run, progress, images)
        self._queue(run, images, first=progress.code == SET_ASIDE)

    def extend(self, run: str, images: int) -> None:
        """Extend a run to `images` real images in all: at once if it trains, else by queueing it.

        Raises ConfigError if that is not more than its present total, RunMissingError, StorageError.
        """
        progress = self.store.progress(run)
        check_longer(run, progress, images)
        if progress.status in TAKE_REQUESTS:
            self.store.request(run, "extend", self.asker(), images)
        else:
            self._queue(run, images)

    def pin(self, run: str) -> None:
        """Pin a snapshot of the present networks, or the newest one of a run that does not train. RunMissingError."""
        pin_now(self.store, run, self.asker())

    def pause(self, run: str) -> None:
        """Ask for a pause after the present step; ignored for a run that does not train."""
        if self.store.progress(run).status == "running":
            self.store.request(run, "pause", self.asker())

    def stop(self, run: str) -> None:
        """Ask for a checkpoint and the end of the training; a queued run is removed from the queue."""
        ask_to_stop(self.store, run, self.asker())

    def train_now(self, run: str) -> None:
        """Train a queued run at once. The run that trains now is saved, and continues after it."""
        training = self.training()
        if run not in self.waiting() or training is None or training == run:
            return
        self.store.queue.change(lambda queue: queue.put_first(QueueEntry(training)).put_first(QueueEntry(run)))
        self.store.request(training, "pause", self.asker())

    def move_ahead(self, run: str) -> None:
        """Let a queued run change places with the one before it."""
        self.store.queue.change(lambda queue: queue.moved_up(run))

    def waiting(self) -> tuple[str, ...]:
        """The queued runs, the next one first."""
        return self.store.queue.read().runs

    def training(self) -> str | None:
        """The run of the queue that is being trained, by this process or by another server."""
        return self._training or self.store.queue.read().training

    def wait(self, run: str, timeout_seconds: float | None = None) -> Progress:
        """Wait until a run is neither queued nor training, or for the given time; returns its progress."""
        began = time.monotonic()
        while (progress := self.store.progress(run)).status in ACTIVE:
            if timeout_seconds is not None and time.monotonic() - began > timeout_seconds:
                break
            time.sleep(WAIT_SECONDS)
        return progress

    def resume_queue(self) -> None:
        """Train the queue of a server that has exited. Does nothing for an empty queue, or after the shutdown."""
        queue = self.store.queue.read()
        if (queue.waiting or queue.taken) and not self._shutdown.is_set() and self._start():
            self._add_restart_events(queue)

    def shutdown(self, timeout_seconds: float) -> bool:
        """Finish the step, save, end the thread; returns whether it ended in time. Queued runs stay in the queue."""
        self._shutdown.set("The server was shut down; a checkpoint is saved.")
        with self._start_lock:
            job = self._job
        if job is None:
            return True
        job.cancel()
        self._signal.notify()
        return job.wait(timeout_seconds)

    def _queue(self, run: str, images: int | None, first: bool = False) -> None:
        with self._queue_lock:
            queue = self.store.queue.read()
            if run in queue.runs:
                return
            with self.store.history(run) as history:
                if run == (self._training or queue.training) and history.progress().status == "queued":
                    return  # the worker has just taken it from the queue; with any other status it is about to end
                history.set_progress(status="queued", reason="", code="")
            entry = QueueEntry(run, images)
            self.store.queue.change(lambda queue: queue.put_first(entry) if first else queue.added(entry))
        self._start()
        self._signal.notify()

    def _start(self) -> bool:
        """Start the thread if it does not run; returns whether it was started."""
        with self._start_lock:
            if self._job is not None and self._job.running:
                return False
            self._job = Job("gan-studio-worker", self._work).start()
            return True

    def _add_restart_events(self, queue: Queue) -> None:
        """Add an event to every queued run, unless another living server trains the queue."""
        if queue.training is None:
            for run in queue.runs:
                with contextlib.suppress(RunError, HistoryError):
                    self.store.add_event(run, "line", "Queued again: the server that had queued it has exited.")

    def _work(self, job: Job) -> None:
        seen = 0
        while not job.cancelled.is_set():
            if not self._train_next():
                seen = self._signal.wait(seen, IDLE_SECONDS)

    def _train_next(self) -> bool:
        """Train the next queued run; returns False if there is none, or if another server trains the queue."""
        queue = self.store.queue.read()
        if not (queue.waiting or queue.taken):
            return False
        with self.store.queue.try_lock() as mine:
            entry = self._take() if mine else None
            if entry is None:
                return False
            try:
                self._train(*entry)
            finally:
                self._training = None
                # The queue may still name the run; the next worker notices that it has finished.
                with contextlib.suppress(StorageError):
                    self.store.queue.change(Queue.finished)
        return True

    def _take(self) -> QueueEntry | None:
        """Take the next run from the queue; None if there is none, or if the disk is full."""
        with self._queue_lock, contextlib.suppress(StorageError):
            taken = self.store.queue.change(lambda queue: queue.taken_by(this_process(self.kind))).taken
            self._training = taken.run if taken else None
            return taken
        return None

    def _train(self, run: str, images: int | None) -> None:
        """Train one run. Failures stay in the run, so that the next one is trained."""
        from gan_core.execution.run_training import run_to_end  # imports torch, which takes seconds

        # The run may have been deleted or damaged while it was queued; the disk may be too full to write a reason.
        with contextlib.suppress(RunError, HistoryError):
            if self.store.progress(run).status != "queued":
                return  # stopped from elsewhere while it was queued
            try:
                run_to_end(
                    self.store,
                    run,
                    shutdown=self._shutdown,
                    images=images,
                    kind=self.kind,
                    data_root=self.data_root,
                    wait=False,
                    machine_is_wanted=self._another_waits,
                )
                self._queue_if_it_made_room(run)
            except OwnedError as problem:  # another process trains it
                self.store.add_event(run, "refused", str(problem))
            except OSError as problem:  # it could not be claimed
                with self.store.history(run) as history:
                    history.set_progress(status="failed", reason=str(problem))

    def _another_waits(self) -> bool:
        return bool(self.store.queue.read().waiting)

    def _queue_if_it_made_room(self, run: str) -> None:
        """Let a run that was set aside by `train_now` wait for its turn: it is in the queue already."""
        if run in self.store.queue.read().runs and self.store.progress(run).code == SET_ASIDE:
            with self.store.history(run) as history:
                history.set_progress(status="queued", reason="", code="")

"""The one thread of a server that trains the runs in line. The folder of runs is the truth: this holds none of it."""

import contextlib
from pathlib import Path

from gan_core.config import ConfigError, Problem, RunConfig
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Job, Lock, Signal
from gan_core.runs.history import Progress
from gan_core.runs.lock import this_process
from gan_core.runs.queue import Queue, QueueEntry
from gan_core.runs.status_sets import NEED_A_TRAINER, TAKE_REQUESTS
from gan_core.runs.store import HistoryError, OwnedError, RunError, RunMissingError, RunStore, StorageError

IDLE_SECONDS = 1.0


class Worker:
    """Trains the runs in line, one at a time. Every call is idempotent: two pages may press one button.

    All workers on one folder of runs share one line, whose next run is trained by whichever has the turn.
    """

    def __init__(self, store: RunStore, kind: str = "dashboard", data_root: Path = Path("data")) -> None:
        self.store, self.kind, self.data_root = store, kind, data_root
        self._training: str | None = None
        self._shutdown = ShutdownRequest()
        self._lock = Lock()
        self._signal = Signal()
        self._job: Job | None = None

    def enqueue(self, config: RunConfig, *, preset: str = "custom", name: str | None = None) -> str:
        """Create a run and put it in line; returns its name. Raises RunNameError, RunExistsError, StorageError."""
        run = self.store.create(config, name, preset)
        self._put_in_line(run, None)
        return run

    def resume(self, run: str, images: int | None = None) -> None:
        """Go on with a run: a paused one at once, one that nobody trains when its turn comes.

        `images` is a new total. Raises ConfigError for a finished run without a larger total, OwnedError where somebody
        else trains it, RunMissingError, StorageError.
        """
        progress = self.store.progress(run)
        if progress.status in NEED_A_TRAINER:
            self.store.request(run, "resume", self.kind)
            return
        check_extension(run, progress, images)
        self._put_in_line(run, images)

    def extend(self, run: str, images: int) -> None:
        """Make a run longer, to `images` in all: a living one as it goes, any other one when its turn comes.

        Raises ConfigError where that is no more than it is meant to show anyway, OwnedError, RunMissingError.
        """
        progress = self.store.progress(run)
        check_longer(run, progress, images)
        if progress.status in TAKE_REQUESTS:
            self.store.request(run, "extend", self.kind, images)
        else:
            self._put_in_line(run, images)

    def pin(self, run: str) -> None:
        """Keep the networks as they are now, or the newest snapshot of a run that nobody trains. RunMissingError."""
        pin_now(self.store, run, self.kind)

    def pause(self, run: str) -> None:
        """Ask whoever trains the run to hold it after this step; nothing where it does not train."""
        if self.store.progress(run).status == "running":
            self.store.request(run, "pause", self.kind)

    def stop(self, run: str) -> None:
        """Ask whoever trains the run to save and leave it; a run in line leaves the line."""
        ask_to_stop(self.store, run, self.kind)

    def move_ahead(self, run: str) -> None:
        """Let a run in line change places with the one before it."""
        self.store.queue.change(lambda queue: queue.moved_up(run))

    def waiting(self) -> tuple[str, ...]:
        """The runs in line, next first."""
        return self.store.queue.read().runs

    def training(self) -> str | None:
        """The run that is trained out of the line now, in this process or in another server."""
        return self._training or self.store.queue.read().training

    def take_up(self) -> None:
        """Go on with a line that another server left behind; nothing where there is none, or after the shutdown."""
        queue = self.store.queue.read()
        if (queue.waiting or queue.taken) and not self._shutdown.is_set():
            with self._lock:
                left_behind = self._begin()
            if left_behind:
                self._tell_of_the_restart(queue)

    def shutdown(self, timeout_seconds: float) -> bool:
        """Finish the step, save, end the thread; whether it ended in time. Runs in line stay there."""
        self._shutdown.set("The server was shut down; the state is saved.")
        with self._lock:
            job = self._job
        if job is None:
            return True
        job.cancel()
        self._signal.notify()
        return job.wait(timeout_seconds)

    def _put_in_line(self, run: str, images: int | None) -> None:
        with self._lock:
            queue = self.store.queue.read()
            if run in queue.runs:
                return
            with self.store.history(run) as history:
                if run == (self._training or queue.training) and history.progress().status == "queued":
                    return  # just taken out of the line; in any other state it is just ending, and may start again
                history.set_progress(status="queued", reason="")
            self.store.queue.change(lambda queue: queue.added(QueueEntry(run, images)))
            self._begin()
        self._signal.notify()

    def _begin(self) -> bool:
        """Start the thread where it does not run; whether it was started now."""
        if self._job is not None and self._job.running:
            return False
        self._job = Job("gan-studio-worker", self._work).start()
        return True

    def _tell_of_the_restart(self, queue: Queue) -> None:
        """In the events of each run that waited; nothing where another living server trains the line."""
        if queue.training is None:
            for run in queue.runs:
                with contextlib.suppress(RunError, HistoryError):
                    self.store.add_event(run, "line", "In line again: the server in whose line it was had ended.")

    def _work(self, job: Job) -> None:
        seen = 0
        while not job.cancelled.is_set():
            if not self._train_next():
                seen = self._signal.wait(seen, IDLE_SECONDS)

    def _train_next(self) -> bool:
        """Train the next run in line; False where there is none, or another server has the turn."""
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
                with contextlib.suppress(StorageError):  # it stays noted; who takes next sees that it has ended
                    self.store.queue.change(Queue.finished)
        return True

    def _take(self) -> QueueEntry | None:
        """The next run in line, noted as taken; None where there is none, or it cannot be noted for want of space."""
        with self._lock, contextlib.suppress(StorageError):
            taken = self.store.queue.change(lambda queue: queue.taken_by(this_process(self.kind))).taken
            self._training = taken.run if taken else None
            return taken
        return None

    def _train(self, run: str, images: int | None) -> None:
        """Train one run of the line. Whatever comes of it, the next one gets its turn."""
        from gan_core.execution.run_training import (
            run_to_end,  # brings torch: seconds that the first page must not wait for
        )

        # suppressed: it was deleted or damaged while it waited, or there is not even space to say what went wrong
        with contextlib.suppress(RunError, HistoryError):
            if self.store.progress(run).status != "queued":
                return  # stopped from elsewhere while it waited
            try:
                run_to_end(
                    self.store, run, shutdown=self._shutdown, images=images, kind=self.kind, data_root=self.data_root
                )
            except OwnedError as problem:  # somebody else was faster: it trains there
                self.store.add_event(run, "refused", str(problem))
            except OSError as problem:  # it could not even be claimed
                with self.store.history(run) as history:
                    history.set_progress(status="failed", reason=str(problem))


def check_extension(run: str, progress: Progress, images: int | None) -> None:
    """Raises ConfigError where a finished run would have nothing to do."""
    target = images or progress.images_target
    if progress.status == "finished" and progress.images_seen >= target:
        rule = f"run {run} has shown {progress.images_seen:,} images and is finished; give a larger total to extend it"
        raise ConfigError([Problem("images", rule)])


def check_longer(run: str, progress: Progress, images: int) -> None:
    """Raises ConfigError where a new total is no longer than the run is anyway."""
    if images <= progress.images_target:
        rule = f"run {run} is meant to show {progress.images_target:,} images; give a larger total to extend it"
        raise ConfigError([Problem("images", rule)])


def pin_now(store: RunStore, run: str, who: str) -> None:
    """Ask whoever trains the run to keep and pin this moment; without a trainer the newest snapshot is pinned."""
    if store.progress(run).status in TAKE_REQUESTS:
        store.request(run, "pin", who)
        return
    snapshots = store.snapshots(run)
    if not snapshots:
        raise RunMissingError(f"run {run} has no snapshot yet; it keeps the first one when its training begins")
    newest = max(snapshots)
    if not snapshots[newest]:
        store.pin(run, newest)
        store.add_event(run, "pinned", f"Pinned from {who} at {newest:,} images.", newest)


def ask_to_stop(store: RunStore, run: str, who: str) -> None:
    """Ask for a stop; a run that waits in line leaves it and is stopped at once. Raises StorageError."""
    store.queue.leave(run)
    if store.progress(run).status == "queued":
        with store.history(run) as history:
            history.set_progress(status="stopped", reason=f"Taken out of the queue from {who}.")
    else:
        store.request(run, "stop", who)

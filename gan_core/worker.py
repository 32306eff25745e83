"""The queue of runs and the one thread that trains them. The run folder is the truth: this holds only names in line."""

import contextlib
from pathlib import Path

from gan_core.config import ConfigError, Problem, RunConfig
from gan_core.desk import Control
from gan_core.history import Status
from gan_core.jobs import Job, Lock, Signal
from gan_core.runs import HistoryError, OwnedError, RunError, RunStore

IDLE_SECONDS = 1.0
CAN_RESUME = ("interrupted", "stopped", "failed", "finished", "queued")


class Worker:
    """Trains one run at a time, in the order asked for. Every call is idempotent: two pages may press one button."""

    def __init__(self, store: RunStore, kind: str = "dashboard", data_root: Path = Path("data")) -> None:
        self.store, self.kind, self.data_root = store, kind, data_root
        self._line: list[tuple[str, int | None]] = []
        self._training: str | None = None
        self._control = Control()
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
        else trains it, RunMissingError.
        """
        status = self.store.status(run)
        if status.state in ("paused", "running", "stopping"):
            self.store.request(run, "resume", self.kind)
            return
        check_extension(run, status, images)
        self._put_in_line(run, images)

    def pause(self, run: str) -> None:
        """Ask whoever trains the run to hold it after this step; nothing where it does not train."""
        if self.store.status(run).state == "running":
            self.store.request(run, "pause", self.kind)

    def stop(self, run: str) -> None:
        """Ask whoever trains the run to save and leave it; a run in line leaves the line."""
        with self._lock:
            self._line = [entry for entry in self._line if entry[0] != run]
        ask_to_stop(self.store, run, self.kind)

    def progress(self, run: str) -> Status:
        """How the run stands, from its folder."""
        return self.store.status(run)

    def waiting(self) -> tuple[str, ...]:
        """The runs in line, next first."""
        with self._lock:
            return tuple(run for run, _ in self._line)

    def training(self) -> str | None:
        """The run that this process trains now."""
        return self._training

    def shutdown(self, timeout_seconds: float) -> bool:
        """Finish the step, save, end the thread; whether it ended in time. Runs in line stay queued."""
        self._control.end("The server was shut down; the state is saved.")
        with self._lock:
            job = self._job
        if job is None:
            return True
        job.cancel()
        self._signal.notify()
        return job.wait(timeout_seconds)

    def _put_in_line(self, run: str, images: int | None) -> None:
        with self._lock:
            if run in [waiting for waiting, _ in self._line]:
                return
            with self.store.history(run) as history:
                if run == self._training and history.status().state == "queued":
                    return  # just taken out of the line; in any other state it is just ending, and may start again
                history.set_status(state="queued", reason="")
            self._line.append((run, images))
            if self._job is None or not self._job.running:
                self._job = Job("gan-studio-worker", self._work).start()
        self._signal.notify()

    def _work(self, job: Job) -> None:
        seen = 0
        try:
            while not job.cancelled.is_set():
                entry = self._next()
                if entry is None:
                    seen = self._signal.wait(seen, IDLE_SECONDS)
                    continue
                self._train(*entry)
        finally:
            self._training = None

    def _next(self) -> tuple[str, int | None] | None:
        with self._lock:
            self._training = None
            if not self._line:
                return None
            entry = self._line.pop(0)
            self._training = entry[0]
            return entry

    def _train(self, run: str, images: int | None) -> None:
        """Train one run of the line. Whatever comes of it, the next one gets its turn."""
        from gan_core.training import run_to_end  # brings torch: seconds that the first page must not wait for

        # suppressed: it was deleted or damaged while it waited, or there is not even space to say what went wrong
        with contextlib.suppress(RunError, HistoryError):
            if self.store.status(run).state != "queued":
                return  # stopped from elsewhere while it waited
            try:
                run_to_end(
                    self.store, run, control=self._control, images=images, kind=self.kind, data_root=self.data_root
                )
            except OwnedError as problem:  # somebody else was faster: it trains there
                self.store.add_event(run, "refused", str(problem))
            except OSError as problem:  # it could not even be claimed
                with self.store.history(run) as history:
                    history.set_status(state="failed", reason=str(problem))


def check_extension(run: str, status: Status, images: int | None) -> None:
    """Raises ConfigError where a finished run would have nothing to do."""
    target = images or status.images_target
    if status.state == "finished" and status.images_seen >= target:
        rule = f"run {run} has shown {status.images_seen:,} images and is finished; give a larger total to extend it"
        raise ConfigError([Problem("images", rule)])


def ask_to_stop(store: RunStore, run: str, who: str) -> None:
    """Ask for a stop; a run that waits in a line is stopped at once."""
    if store.status(run).state == "queued":
        with store.history(run) as history:
            history.set_status(state="stopped", reason=f"Taken out of the line from {who}.")
    else:
        store.request(run, "stop", who)

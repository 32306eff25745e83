"""The only threads: a piece of work with a name, a way to ask it to end, and an outcome that is never lost."""

import atexit
import threading
import time
import traceback
from collections.abc import Callable
from threading import Event, Lock
from typing import ClassVar, Self
from weakref import WeakSet

__all__ = ["Event", "Job", "Lock", "Signal"]

LAST_SECONDS = 2.0  # that jobs get when the process ends


class Job:
    """Runs `work(job)` in a daemon thread; the work looks at `job.cancelled` and returns when it is set.

    An exception ends the job and is kept in `problem`, its traceback in `trace`; a job never dies silently. Daemon,
    because a thread that is not would keep a server from ending; the owner cancels it and waits before that ends.
    What still runs when the process ends is cancelled and given a moment: a thread that is inside of torch when Python
    goes away takes the process down with it, and its exit status too.
    """

    _started: ClassVar["WeakSet[Job]"] = WeakSet()

    def __init__(self, name: str, work: "Callable[[Job], None]") -> None:
        self.problem: BaseException | None = None
        self.trace = ""
        self.cancelled = Event()
        self._work = work
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        Job._started.add(self)
        return self

    def cancel(self) -> None:
        """Ask the work to end soon. Returns at once; may be called often."""
        self.cancelled.set()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)
        return not self.running

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @classmethod
    def end_all(cls) -> None:
        """Cancel whatever runs, and wait a moment for all of it."""
        running, until = [job for job in cls._started if job.running], time.monotonic() + LAST_SECONDS
        for job in running:
            job.cancel()
        for job in running:
            job.wait(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        try:
            self._work(self)
        except BaseException as problem:  # kept for the owner: there is nobody above a thread to catch it
            self.problem, self.trace = problem, traceback.format_exc()


atexit.register(Job.end_all)


class Signal:
    """Wakes whoever waits: a condition with a counter, so that a call between two waits is not missed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def notify(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout_seconds: float) -> int:
        """Wait until the counter differs from `seen`, or the time is over; returns the counter."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout_seconds)
            return self._count

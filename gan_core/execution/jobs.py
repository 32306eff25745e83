"""The only place where threads and processes of Python are started; all of them end with the process that owns them."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from types import TracebackType
from typing import ClassVar, Self
from weakref import WeakSet

__all__ = ["ChildProcess", "Event", "Job", "Lock", "Signal"]

LAST_SECONDS = 2.0  # the time for jobs to end when the process exits
PROJECT = Path(__file__).parents[2]  # where Python finds gan_core


class Job:
    """Runs `work(job)` in a daemon thread; the work returns soon after `job.cancelled` is set.

    An exception ends the job and is kept in `problem`, its traceback in `trace`. The thread is a daemon, because other
    threads keep a server from exiting. Jobs that still run when the process exits are cancelled and get LAST_SECONDS: a
    thread that is inside torch when Python shuts down crashes the process.
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
        """Ask the work to end soon. Returns at once; may be called more than once."""
        self.cancelled.set()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait for the end; returns whether the job has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)
        return not self.running

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @classmethod
    def end_all(cls) -> None:
        """Cancel all running jobs and wait for them, at most LAST_SECONDS."""
        running, until = [job for job in cls._started if job.running], time.monotonic() + LAST_SECONDS
        for job in running:
            job.cancel()
        for job in running:
            job.wait(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        try:
            self._work(self)
        except BaseException as problem:  # nothing above a thread catches it: the owner reads `problem`
            self.problem, self.trace = problem, traceback.format_exc()


class ChildProcess:
    """A module of this project in its own process, which reads and answers lines of text.

    Its standard input closes when this process ends, however it ends; the module must then return. Use it in a `with`
    block, which kills what still runs.
    """

    _started: ClassVar["WeakSet[ChildProcess]"] = WeakSet()

    def __init__(self, module: str, *arguments: str) -> None:
        """Raises OSError if the process cannot be started."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            # Ctrl-C in a terminal is for this process. No new session: Linux shares processors between sessions first
            process_group=0 if os.name == "posix" else None,
        )
        self._sending = Lock()  # a line is sent whole
        ChildProcess._started.add(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """Send one line; ignored if the process has ended."""
        assert self._process.stdin is not None
        with self._sending, contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def receive(self) -> str:
        """Wait for one line; empty if the process has ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        with contextlib.suppress(OSError), self._process:  # closes the pipes and waits
            pass

    @classmethod
    def kill_all(cls) -> None:
        """Kill all child processes that still run, and close their pipes."""
        for child in list(cls._started):
            with child:
                pass


def end_all() -> None:
    """End everything that was started here. Child processes first: jobs may wait for their answers."""
    ChildProcess.kill_all()
    Job.end_all()


atexit.register(end_all)


class Signal:
    """Wakes a waiting thread. Notifications are counted, so that one between two waits is not lost."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def notify(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout_seconds: float) -> int:
        """Wait until the counter differs from `seen`, at most `timeout_seconds`; returns the counter."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout_seconds)
            return self._count

"""Slow work in background threads. A task reports its progress, keeps its result, and can be cancelled.

Tasks belong to the process and not to a visitor: two visitors who ask for the same thing share one task.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import streamlit as st

from dashboard.ui.text import as_sentence
from gan_core.execution.jobs import Job, Lock

Result = TypeVar("Result")
TASKS_KEPT = 8  # each may hold a data set
Report = Callable[[float, str], None]  # share done in 0..1, and a sentence


class CancelledError(Exception):
    """Raised inside a task that was cancelled, to end it."""


class Progress(NamedTuple):
    """How far a task is: the share done in 0..1, and a sentence."""

    share: float = 0.0
    sentence: str = ""


class Task(Generic[Result]):
    """One piece of work in a thread. The work replaces `progress` and `result` as a whole; pages read them."""

    def __init__(self, name: str, work: "Callable[[Task[Result]], Result]", on_end: Callable[[], None]) -> None:
        self.progress = Progress()
        self.result: Result | None = None
        self.problem = ""  # why the work failed, as a sentence
        self.running = True
        self._work, self._on_end = work, on_end
        self._job = Job(name, self._run).start()

    def cancel(self) -> None:
        """Ask the work to end soon. Returns at once; may be called often."""
        self._job.cancel()

    @property
    def cancelled(self) -> bool:
        return self._job.cancelled.is_set()

    def report(self, share: float, sentence: str = "") -> None:
        """Called by the work. Raises CancelledError if nobody waits for the result any more."""
        self.progress = Progress(min(1.0, max(0.0, share)), sentence)
        if self.cancelled:
            raise CancelledError

    def _run(self, job: Job) -> None:
        self._job = job  # this thread may get here before the constructor has assigned it
        try:
            self.result = self._work(self)
        except Exception as error:  # shown by the page that waits for the result
            self.problem = as_sentence(str(error)) or type(error).__name__
        self.running = False
        self._on_end()


class Tasks(Generic[Result]):
    """Tasks by their keys. Of the tasks that have ended, the oldest are dropped when there are more than `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._by_key: dict[str, Task[Result]] = {}
        self.ended = 0  # how many tasks have ended so far: a page that shows one compares it to know when to redraw

    def get(self, key: str) -> Task[Result] | None:
        return self._by_key.get(key)

    def get_or_start(self, key: str, work: Callable[[Task[Result]], Result]) -> Task[Result]:
        """The task with this key; it is started if there is none."""
        with self._lock:
            return self._by_key.get(key) or self._start(key, work)

    def restart(self, key: str, work: Callable[[Task[Result]], Result]) -> Task[Result]:
        """Start a task. An older one with this key is cancelled."""
        with self._lock:
            self._drop(key)
            return self._start(key, work)

    def forget(self, key: str) -> None:
        """Cancel a task and drop it and its result."""
        with self._lock:
            self._drop(key)

    def running(self) -> frozenset[str]:
        """The keys of the tasks that run now."""
        with self._lock:
            return frozenset(key for key, task in self._by_key.items() if task.running)

    def _start(self, key: str, work: Callable[[Task[Result]], Result]) -> Task[Result]:
        ended = [old for old, task in self._by_key.items() if not task.running]
        for old in ended[: max(0, len(self._by_key) + 1 - self._most)]:
            del self._by_key[old]
        task = self._by_key[key] = Task(f"gan-studio-{key[:40]}", work, self._count_end)
        return task

    def _count_end(self) -> None:
        with self._lock:
            self.ended += 1

    def _drop(self, key: str) -> None:
        if old := self._by_key.pop(key, None):
            old.cancel()


@st.cache_resource(show_spinner=False)
def tasks() -> Tasks[Any]:
    """The tasks of the Latent page."""
    return Tasks(TASKS_KEPT)

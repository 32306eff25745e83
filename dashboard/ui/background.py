"""Slow work in the background: it goes on while the page lives, tells how far it is, and can be cancelled."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dashboard.app import services
from gan_core.execution.jobs import Job

TASKS_KEPT = 8
Report = Callable[[float, str], None]  # share done, 0..1, and a sentence
Work = Callable[["Task"], Any]


class Told(NamedTuple):
    """How far a task is: a share, 0..1, and a sentence."""

    share: float
    sentence: str


class Task:
    """One piece of work. `told` and `result` are replaced whole by the work, and read by pages."""

    def __init__(self, name: str, work: "Work") -> None:
        self.told = Told(0.0, "")
        self.result: Any = None
        self._work = work
        self.job = Job(name, self._run)

    def _run(self, job: Job) -> None:
        self.result = self._work(self)

    def tell(self, share: float, sentence: str) -> None:
        self.told = Told(min(1.0, max(0.0, share)), sentence)

    @property
    def cancelled(self) -> bool:
        return self.job.cancelled.is_set()


def tasks() -> dict[str, Task]:
    """All tasks of this process by their keys."""
    kept: dict[str, Task] = services.process_state().setdefault("latent tasks", {})
    return kept


def task(key: str) -> Task | None:
    return tasks().get(key)


def start(key: str, work: Work) -> Task:
    """Begin, in place of an older task with this key. Tasks that ended long ago are forgotten."""
    kept = tasks()
    forget(key)
    for old in [name for name, task in kept.items() if not task.job.running][: max(0, len(kept) - TASKS_KEPT)]:
        kept.pop(old, None)
    kept[key] = made = Task(f"gan-studio-{key}", work)
    made.job.start()
    return made


def forget(key: str) -> None:
    """Cancel a task and let it go."""
    old = tasks().pop(key, None)
    if old is not None:
        old.job.cancel()

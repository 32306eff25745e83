"""Censuses of finished runs, taken in the background and remembered. Knows no widget."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import streamlit as st

from gan_core.execution.jobs import Job, Lock
from gan_core.runs.store import CheckpointError, HistoryError, RunError, RunStore

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.evaluation.digit_counts import DigitCounts

MOST_CENSUSES = 64
Snapshot: TypeAlias = tuple[str, str, int]  # run, when it was made, images seen: a name may be used again


@dataclass(slots=True)
class Counting:
    """One census: under way with a share done, or done, or impossible for a reason."""

    share: float = 0.0
    census: "DigitCounts | None" = None
    problem: str = ""
    job: Job | None = field(default=None, repr=False)

    @property
    def done(self) -> bool:
        return self.census is not None or bool(self.problem)


class Censuses:
    """Those of this process, by the snapshot that they are of."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Snapshot, Counting] = {}

    def known(self, snapshot: Snapshot) -> Counting | None:
        """The census of a snapshot, if it was asked for."""
        return self._kept.get(snapshot)

    def take(self, store: RunStore, snapshot: Snapshot) -> None:
        """Begin to count, unless it was begun."""
        with self._lock:
            if snapshot in self._kept:
                return
            counting = self._kept[snapshot] = Counting()
            while len(self._kept) > MOST_CENSUSES:
                self._kept.pop(next(iter(self._kept)))
            counting.job = Job("gan-studio-census", lambda job: work(job, store, snapshot, counting)).start()


def work(job: Job, store: RunStore, snapshot: Snapshot, counting: Counting) -> None:
    from gan_core.evaluation.digit_counts import count_digits

    def report(share: float, sentence: str) -> None:
        counting.share = share

    run, _, images_seen = snapshot
    try:
        counting.census = count_digits(store, run, images_seen, report, job.cancelled.is_set)
    except (RunError, CheckpointError, HistoryError) as problem:  # deleted or damaged meanwhile
        counting.problem = str(problem)


@st.cache_resource(show_spinner=False)
def censuses() -> Censuses:
    """Those of this process."""
    return Censuses()

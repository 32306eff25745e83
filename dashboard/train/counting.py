"""Censuses of finished runs, taken in the background and remembered. Knows no widget."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import streamlit as st

from gan_core.execution.jobs import Job, Lock
from gan_core.runs.store import HistoryError, RunError, RunStore, StateError

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.evaluation.digit_counts import DigitCounts

MOST_CENSUSES = 64
Moment: TypeAlias = tuple[str, str, int]  # run, when it was made, images seen: a name may be used again


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
    """Those of this process, by the moment that they are of."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[Moment, Counting] = {}

    def known(self, moment: Moment) -> Counting | None:
        """The census of a moment, if it was asked for."""
        return self._kept.get(moment)

    def take(self, store: RunStore, moment: Moment) -> None:
        """Begin to count, unless it was begun."""
        with self._lock:
            if moment in self._kept:
                return
            counting = self._kept[moment] = Counting()
            while len(self._kept) > MOST_CENSUSES:
                self._kept.pop(next(iter(self._kept)))
            counting.job = Job("gan-studio-census", lambda job: work(job, store, moment, counting)).start()


def work(job: Job, store: RunStore, moment: Moment, counting: Counting) -> None:
    from gan_core.evaluation.digit_counts import count_digits

    def report(share: float, sentence: str) -> None:
        counting.share = share

    run, _, images_seen = moment
    try:
        counting.census = count_digits(store, run, images_seen, report, job.cancelled.is_set)
    except (RunError, StateError, HistoryError) as problem:  # deleted or damaged meanwhile
        counting.problem = str(problem)


@st.cache_resource(show_spinner=False)
def censuses() -> Censuses:
    """Those of this process."""
    return Censuses()

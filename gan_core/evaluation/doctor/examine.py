"""Examine a run: its evidence, and the verdict on it."""

from gan_core.evaluation.doctor.evidence import gather
from gan_core.evaluation.doctor.rules import verdict_of
from gan_core.evaluation.doctor.verdict import Verdict
from gan_core.runs.history import Progress
from gan_core.runs.open_run import OpenRun
from gan_core.runs.store import HistoryError, RunError, RunStore


def examine(run: OpenRun, progress: Progress) -> Verdict:
    """The verdict on an open run. Raises RunDamagedError, HistoryError."""
    return verdict_of(gather(run, progress))


def examine_by_name(store: RunStore, run: str) -> Verdict | None:
    """The verdict on a run; None if it cannot be read, as a damaged one, or has not begun."""
    try:
        with store.open(run) as opened:
            progress = opened.progress()
            return examine(opened, progress) if progress.step else None
    except (RunError, HistoryError):
        return None

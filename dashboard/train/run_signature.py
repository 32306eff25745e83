"""When the Train page must draw its run again, and how often to check that."""

from dashboard.train import preview, summary
from dashboard.ui import actions
from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import RunStore, RunSummary
from gan_core.runs.summary import summary_of

TICK_SECONDS = 3.0  # the component `run_status` sees a change of the status within one second
PAUSED_SECONDS = 0.5  # nothing trains, so a check slows nothing
WAITING_SECONDS = 0.25
REST_SECONDS = 2.0


def of_run(store: RunStore, name: str) -> object:
    """A value that changes when the run has to be drawn again. Raises RunError or HistoryError, as the page does."""
    with store.open(name) as opened:
        run = summary_of(opened)
        pinned = [images for images, kept in opened.snapshots.all().items() if kept]
        newest_event = opened.history.events.all()[-1:]
    seen = (run.status, run.reason, run.images_target, run.owner, run.notes, actions.is_awaited(run))
    drawn_once = run.newest_sample is not None, run.images_seen > 0
    return (*seen, *drawn_once, pinned, newest_event, summary.signature(run))


def seconds_between_looks(run: RunSummary | None, looking: bool) -> float:
    """The time between two checks: short while a visitor waits for the first picture, a button, a count or a look."""
    if looking:
        return PAUSED_SECONDS
    if run is not None and run.status in ACTIVE:
        if actions.is_awaited(run) or run.newest_sample is None:
            return WAITING_SECONDS
        return PAUSED_SECONDS if run.status == "paused" else TICK_SECONDS
    pending = preview.is_pending() or (run is not None and summary.is_counting(run))
    return PAUSED_SECONDS if pending else REST_SECONDS

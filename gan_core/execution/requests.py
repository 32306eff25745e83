"""Requests from a page or a terminal to a run that any process may train: checked, then written into its folder."""

from gan_core.config import ConfigError, Problem
from gan_core.runs.history import Progress
from gan_core.runs.status_sets import TAKE_REQUESTS
from gan_core.runs.store import RunMissingError, RunStore


def check_extension(run: str, progress: Progress, images: int | None) -> None:
    """Raises ConfigError for a total that the run has reached, and for a finished run without a larger one."""
    target = images or progress.images_target
    if progress.images_seen >= target and (images is not None or progress.status == "finished"):
        finished = " and is finished" if progress.status == "finished" else ""
        rule = f"run {run} has shown {progress.images_seen:,} images{finished}; give a larger total to extend it"
        raise ConfigError([Problem("images", rule)])


def check_longer(run: str, progress: Progress, images: int) -> None:
    """Raises ConfigError if a new total is not larger than the present one."""
    if images <= progress.images_target:
        rule = f"the total of run {run} is {progress.images_target:,} images; give a larger total to extend it"
        raise ConfigError([Problem("images", rule)])


def pin_now(store: RunStore, run: str, who: str) -> None:
    """Ask for a pinned snapshot of the present networks; if the run does not train, pin its newest snapshot.

    Raises RunMissingError for a run without snapshots.
    """
    if store.progress(run).status in TAKE_REQUESTS:
        store.request(run, "pin", who)
        return
    snapshots = store.snapshots(run).all()
    if not snapshots:
        raise RunMissingError(f"run {run} has no snapshot yet; the first one is made when its training begins")
    newest = max(snapshots)
    if not snapshots[newest]:
        store.snapshots(run).pin(newest)
        store.add_event(run, "pinned", f"Pinned from {who} at {newest:,} images.", newest)


def ask_to_stop(store: RunStore, run: str, who: str) -> None:
    """Ask for a stop; a run that waits in the queue is removed from it and stopped at once. Raises StorageError."""
    store.queue.leave(run)
    if store.progress(run).status == "queued":
        with store.history(run) as history:
            history.set_progress(status="stopped", reason=f"Removed from the queue from {who}.")
    else:
        store.request(run, "stop", who)

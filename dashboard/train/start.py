"""What Start does: it creates one run, or several that differ in their seed, and puts them into the queue."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

import streamlit as st

from dashboard.train import typed
from dashboard.train.draft import Draft
from dashboard.train.kept_draft import draft
from dashboard.ui import run_picker, sidebar_fold
from dashboard.ui.actions import forget_outcome
from dashboard.ui.text import EXPECTED_ERRORS
from gan_core.config import RunConfig, with_overrides
from gan_core.execution.jobs import Lock
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunError

STARTED = "train.started"
REFUSED = "train.refused"
DOUBLE_CLICK_SECONDS = 1.0
SEED = "train.seed"


class Started:
    """The runs that a visitor started last. One object for each visitor, which two threads may use at once."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.pressed, self.runs = 0.0, tuple[str, ...]()
        self.draft: Draft | None = None

    def is_repeated(self, mine: Draft) -> bool:
        """Whether the button was pressed a moment ago for the same draft, whose name that press may have used up."""
        before = self.draft
        if before is None or monotonic() - self.pressed >= DOUBLE_CLICK_SECONDS:
            return False
        return before == replace(mine.copy(), name=mine.name or before.name)


def prepare() -> None:
    """Called before a button is drawn: see `start`."""
    st.session_state.setdefault(STARTED, Started())


def start(worker: Worker, count: int = 1) -> None:
    """Create `count` runs with consecutive seeds, queue them, show the one that trains.

    The second half of a double click starts nothing. On a busy machine Streamlit may call this twice for one click, in
    two threads, and forget what the first of them writes into the session state. So both use one object that is there
    already, and both open the run.
    """
    typed.take_everything()
    forget_outcome()
    mine, started = draft(), st.session_state.setdefault(STARTED, Started())
    with started.lock:
        try:
            if not started.is_repeated(mine):
                started.runs = enqueue(worker, mine, count)
                started.pressed, started.draft = monotonic(), mine.copy()
            mine.name = ""
        except EXPECTED_ERRORS as problem:
            st.session_state[REFUSED] = str(problem)
            sidebar_fold.stay()
            return
    shown = run_to_show(worker, started.runs[0])
    run_picker.open_run(shown)
    if shown == started.runs[0]:
        sidebar_fold.fold()
    else:
        sidebar_fold.stay()


def enqueue(worker: Worker, mine: Draft, count: int) -> tuple[str, ...]:
    """The new runs, in the queue."""
    config = mine.config()
    if count == 1:
        return (worker.enqueue(config, preset=mine.preset, title=mine.name),)
    return tuple(
        worker.enqueue(with_seed(config, seed), preset=mine.preset, title=title_with_seed(mine, seed))
        for seed in seeds(config, count)
    )


def seeds(config: RunConfig, count: int) -> Sequence[int]:
    """`count` seeds from that of the form on."""
    return range(config.train.seed, config.train.seed + count)


def with_seed(config: RunConfig, seed: int) -> RunConfig:
    return with_overrides(config, {SEED: seed})


def title_with_seed(mine: Draft, seed: int) -> str:
    """The name that was typed, or else the preset, and the seed."""
    return f"{mine.name} seed {seed}" if mine.name else f"{mine.preset}-seed-{seed}"


def run_to_show(worker: Worker, new: str) -> str:
    """The run that trains, which may be another one than the new run: that then waits in the queue."""
    return run_that_trains(worker) or new


def run_that_trains(worker: Worker) -> str | None:
    """The run that has the machine; None if a new run would have it. A paused run leaves it to the new one."""
    training = worker.training()
    try:
        trains = training is not None and worker.store.progress(training).status in ("queued", "running")
    except RunError:  # deleted meanwhile
        return None
    return training if trains else None

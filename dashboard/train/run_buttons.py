"""The buttons of one run, and how far it is. Each press is idempotent: two tabs may press the same one."""

from collections.abc import Callable

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.train import run_popovers, save_samples, status
from dashboard.ui import actions, single_keys
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import CAN_RESUME, TAKE_REQUESTS
from gan_core.runs.store import RunStore, RunSummary


def show_controls(worker: Worker, run: RunSummary) -> None:
    """One row: the buttons of a run at the left, its figures at the right."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="train-controls"):
        go_on_or_wait(worker, run)
        button("Stop", ":material/stop:", "S", run.status in ("queued", *TAKE_REQUESTS), worker.stop, run.name)
        if run.status != "damaged":
            run_popovers.pin(worker, run)
            show_save(worker.store, run)
            run_popovers.more(worker, run)
            status.show_figures(worker.store, run)
    actions.remember_drawn(run)


def go_on_or_wait(worker: Worker, run: RunSummary) -> None:
    """The one button that pauses a run, resumes it, or trains it longer if it has finished."""
    waiting = run.name in worker.waiting() or run.name == worker.training()
    if run.status == "finished":
        run_popovers.longer(worker, run)
    elif run.status == "paused" or (run.status in CAN_RESUME and not waiting):
        button("Resume", ":material/resume:", "P", True, worker.resume, run.name)
    else:
        button("Pause", ":material/pause:", "P", run.status == "running", worker.pause, run.name)
    if run.name in worker.waiting() and worker.training() not in (None, run.name):
        button("Train now", ":material/fast_forward:", "", True, worker.train_now, run.name)


def show_save(store: RunStore, run: RunSummary) -> None:
    """The popover that saves pictures, once there is one. A fragment: moving the film does not run the page again.

    Its place is reserved before: if the popover behind it moved, Streamlit would close it.
    """

    @st.fragment
    def save() -> None:
        with error_boundary():
            save_samples.show_popover(store, run)

    with st.container(key="train-save", width="content", gap=None):
        if run.newest_sample is not None:
            save()


def button(word: str, icon: str, key: str, enabled: bool, act: Callable[[str], None], run: str) -> None:
    """One button. Only an enabled one shows and takes its key, if any: Pause and Resume share one."""
    st.button(
        word,
        key=f"train.{word.lower().replace(' ', '_')}",
        icon=icon,
        shortcut=single_keys.key(key) if enabled and key else None,
        disabled=not enabled,
        on_click=actions.ask,
        args=(act, run),
    )

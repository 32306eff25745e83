"""The Runs page: the queue, the table of runs with what can be done with many, the run that is shown, the trash."""

import streamlit as st

from dashboard.app import services
from dashboard.runs import actions
from dashboard.runs.details import show_details
from dashboard.runs.image_cache import show_image_cache
from dashboard.runs.many import show_actions
from dashboard.runs.queue import show_queue
from dashboard.runs.table import open_run_if_asked, show_table
from dashboard.runs.transfer import show_import
from dashboard.runs.trash import show_trash
from dashboard.ui import run_picker
from dashboard.ui.actions import place_for_notices, show_outcome, show_refusal
from dashboard.ui.pulse import Pulse
from gan_core.execution.worker import Worker

SHARES = (3, 1)  # of the width: the table, the run that is shown


def show_page(worker: Worker) -> None:
    """The whole page."""
    pulse, runs = Pulse(lambda: signature(worker)), worker.store.runs()
    open_run_if_asked()
    with place_for_notices():
        show_refusal()
        show_queue(worker)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-actions"):
            if runs:
                show_actions(worker, runs)
            show_import()
        show_outcome(actions.PLACE)
    if runs:
        left, right = st.columns(SHARES, gap="medium")
        with left:
            show_table(worker.store, runs)
        with right:
            show_details(worker, run_picker.selected_run(runs))
    else:
        show_no_runs()
    show_trash(worker)
    show_image_cache()
    pulse.start()


def show_no_runs() -> None:
    """What to do when there is no run."""
    with st.container(border=True):
        st.subheader("No runs yet", anchor=False)
        st.markdown(
            "This page lists every run that is trained here or from a terminal, with its newest pictures. "
            "Train one, or import one that was exported elsewhere."
        )
        st.page_link("pages/train.py", label="Train a run", icon=":material/model_training:")


def signature(worker: Worker) -> object:
    """All that the page shows except the progress of runs that train: the table fetches that by itself."""
    return services.mark(), tuple((run.name, run.status, run.notes) for run in worker.store.runs())

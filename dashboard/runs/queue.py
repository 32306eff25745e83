"""The queue: which run trains now and which runs wait. All servers on one folder of runs share it."""

import streamlit as st

from dashboard.runs import search
from dashboard.ui.actions import attempt
from dashboard.ui.text import escaped
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunError, RunStore


def show_queue(worker: Worker) -> None:
    """The run that trains and those that wait; nothing if the queue is empty."""
    training, waiting = worker.training(), worker.waiting()
    if training is None and not waiting:
        return
    with st.container(border=True, gap="xxsmall", key="runs-queue"):
        if training is not None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge("Trains now", icon=":material/play_circle:", color="green")
                show_link(worker.store, training)
        for position, run in enumerate(waiting):
            show_waiting_run(worker, run, position)
        st.caption("Runs train one after the other. The queue survives a restart of the server.")


def show_link(store: RunStore, run: str) -> None:
    """A link to the Train page, with the title of the run."""
    try:
        title = search.title_of(store.summary(run))
    except RunError:  # deleted since the queue was read
        title = run
    st.page_link("pages/train.py", label=f"**{escaped(title)}**", query_params={"run": run})


def show_waiting_run(worker: Worker, run: str, position: int) -> None:
    """A waiting run and its buttons. `position` counts from 0."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(f"Number {position + 1}", icon=":material/hourglass_top:", color="blue")
        show_link(worker.store, run)
        st.button(
            "Move up",
            key=f"runs.move_up.{run}",
            icon=":material/arrow_upward:",
            type="tertiary",
            disabled=position == 0,
            on_click=attempt,
            args=(worker.move_ahead, run),
        )
        st.button(
            "Remove",
            key=f"runs.remove.{run}",
            icon=":material/close:",
            type="tertiary",
            help="Removes the run from the queue. The run is kept and can be resumed at any time.",
            on_click=attempt,
            args=(worker.stop, run),
        )

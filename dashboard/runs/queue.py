"""The line: what trains now, and who is next. It is the same for every server on the folder of runs."""

import streamlit as st

from dashboard.runs import actions, search
from dashboard.ui.text import escaped
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunError, RunStore


def show(worker: Worker) -> None:
    """Nothing where nobody trains out of the line and nobody waits."""
    training, waiting = worker.training(), worker.waiting()
    if training is None and not waiting:
        return
    with st.container(border=True, gap="xxsmall", key="runs-line"):
        if training is not None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge("Trains now", icon=":material/play_circle:", color="green")
                link(worker.store, training)
        for place, run in enumerate(waiting):
            waiting_row(worker, run, place)
        st.caption("Runs are trained one after the other. The line outlives a restart of the server, in this order.")


def link(store: RunStore, run: str) -> None:
    """To its Train page, under its title."""
    try:
        title = search.called(store.summary(run))
    except RunError:  # deleted this moment
        title = run
    st.page_link("pages/train.py", label=f"**{escaped(title)}**", query_params={"run": run})


def waiting_row(worker: Worker, run: str, place: int) -> None:
    """One run in line, with the way forward and the way out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(f"Number {place + 1}", icon=":material/hourglass_top:", color="blue")
        link(worker.store, run)
        st.button(
            "Move ahead",
            key=f"runs.ahead.{run}",
            icon=":material/arrow_upward:",
            type="tertiary",
            disabled=place == 0,
            on_click=actions.attempt,
            args=(worker.move_ahead, run),
        )
        st.button(
            "Take out",
            key=f"runs.out.{run}",
            icon=":material/close:",
            type="tertiary",
            help="It is kept, and can be resumed at any time.",
            on_click=actions.attempt,
            args=(worker.stop, run),
        )

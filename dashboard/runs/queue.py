"""The line: what trains now, and who is next. It is the same for every server on the folder of runs."""

import streamlit as st

from dashboard.runs import acts, listing
from dashboard.words import escaped
from gan_core.runs import RunError, RunStore
from gan_core.worker import Worker


def show(worker: Worker) -> None:
    """Nothing where nobody trains out of the line and nobody waits."""
    training, waiting = worker.training(), worker.waiting()
    if training is None and not waiting:
        return
    with st.container(border=True, gap="xsmall", key="runs-line"):
        st.subheader("In line", anchor=False)
        if training is not None:
            link(worker.store, training, "Trains now")
        for place, run in enumerate(waiting):
            waiting_row(worker, run, place)
        st.caption("Runs are trained one after the other. The line outlives a restart of the server, in this order.")


def link(store: RunStore, run: str, before: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(before, width="content")
        st.page_link("pages/train.py", label=f"**{escaped(title_of(store, run))}**", query_params={"run": run})


def waiting_row(worker: Worker, run: str, place: int) -> None:
    """One run in line, with the way forward and the way out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{place + 1}\\.", width="content")
        st.page_link("pages/train.py", label=escaped(title_of(worker.store, run)), query_params={"run": run})
        st.button(
            "Move ahead",
            key=f"runs.ahead.{run}",
            icon=":material/arrow_upward:",
            type="tertiary",
            disabled=place == 0,
            on_click=acts.attempt,
            args=(worker.move_ahead, run),
        )
        st.button(
            "Take out",
            key=f"runs.out.{run}",
            icon=":material/close:",
            type="tertiary",
            help="It is kept, and can be resumed at any time.",
            on_click=acts.attempt,
            args=(worker.stop, run),
        )


def title_of(store: RunStore, run: str) -> str:
    try:
        return listing.called(store.summary(run))
    except RunError:  # deleted this moment
        return run

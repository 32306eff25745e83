"""The queue: which run trains now and which runs wait. All servers on one folder of runs share it."""

from collections.abc import Callable

import streamlit as st

from dashboard.ui.actions import attempt
from dashboard.ui.run_label import label_of_name
from dashboard.ui.run_status import Look, look_of, ordinal
from dashboard.ui.text import escaped
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunError, RunStore

STARTING = Look("Starting", ":material/play_circle:", "green")


def show_queue(worker: Worker) -> None:
    """The run that trains and those that wait; nothing if the queue is empty."""
    training, waiting = worker.training(), worker.waiting()
    if training is None and not waiting:
        return
    with st.container(border=True, gap="xxsmall", key="runs-queue"):
        if training is not None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                show_badge(worker.store, training)
                show_link(worker.store, training)
        for position, run in enumerate(waiting):
            show_waiting_run(worker, run, position)
        st.caption(
            "Runs train one after the other. A run that you pause leaves the machine to the next one. The queue "
            "survives a restart of the server."
        )


def show_badge(store: RunStore, training: str) -> None:
    """The status of the run that the worker has: it may be paused."""
    try:
        run = store.summary(training)
    except RunError:  # deleted since the queue was read
        return
    look = look_of(run) if run.status != "queued" else STARTING
    st.badge(look.word, icon=look.icon, color=look.colour)


def show_link(store: RunStore, run: str) -> None:
    """A link to the Train page, with what the run is called."""
    st.page_link("pages/train.py", label=f"**{escaped(label_of_name(store, run))}**", query_params={"run": run})


def show_waiting_run(worker: Worker, run: str, position: int) -> None:
    """A waiting run and its buttons. `position` counts from 0."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(f"Waiting ({ordinal(position + 1)})", icon=":material/hourglass_top:", color="blue")
        show_link(worker.store, run)
        help_of_train_now = "The run that trains now is saved, and continues after this one."
        button("Train now", ":material/fast_forward:", worker.train_now, run, help_of_train_now)
        button("Move up", ":material/arrow_upward:", worker.move_ahead, run, disabled=position == 0)
        help_of_remove = "Removes the run from the queue. The run is kept and can be resumed at any time."
        button("Remove", ":material/close:", worker.stop, run, help_of_remove)


def button(
    word: str, icon: str, act: Callable[[str], None], run: str, help_text: str | None = None, disabled: bool = False
) -> None:
    """A button that does something with a waiting run."""
    key = f"runs.{word.lower().replace(' ', '_')}.{run}"
    st.button(
        word, key=key, icon=icon, type="tertiary", help=help_text, disabled=disabled, on_click=attempt, args=(act, run)
    )

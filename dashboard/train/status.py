"""The status of the shown run: a word, a sentence, how far it is, and what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.train import live_data, status_text
from dashboard.ui.component import component
from dashboard.ui.run_status import look_of
from dashboard.ui.text import as_sentence, escaped, time_of_day
from gan_core.execution.worker import Worker
from gan_core.runs.history import Event
from gan_core.runs.store import RunSummary

EVENTS_SHOWN = 6

_run_progress = component("run_progress")


def show_status(worker: Worker, run: RunSummary) -> None:
    """The status as a word and a sentence, and the progress bar."""
    look = look_of(run, worker.waiting())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train-status"):
        st.badge(look.word, icon=look.icon, color=look.colour)
        st.text(status_text.sentence(run, worker.waiting(), worker.training()))
    if run.status == "damaged":
        return
    resolved = worker.store.record(run.name)["resolved"]
    progress = live_data.progress_of(run, resolved)
    _run_progress(key="train.progress", data={**live_data.followed(run), "progress": progress})


def show_events(events: Sequence[Event]) -> None:
    """The newest events as sentences. Tracebacks are only in the log."""
    shown = [event for event in events if event.kind != "trace"][-EVENTS_SHOWN:]
    if shown:
        lines = [f"{time_of_day(event.time)}  {as_sentence(event.text)}" for event in reversed(shown)]
        st.caption("  \n".join(map(escaped, lines)))


def show_arithmetic(record: Mapping[str, Any]) -> None:
    """The data set, device and precision of the run."""
    st.caption(escaped(status_text.computed_with(record)))

"""The status of the shown run: a word, a sentence, how far it is, and what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.train import live_data, status_text
from dashboard.ui.component import component
from dashboard.ui.text import as_sentence, escaped, time_of_day
from gan_core.execution.worker import Worker
from gan_core.runs.history import Event
from gan_core.runs.store import RunStore, RunSummary

EVENTS_SHOWN = 6

_run_status = component("run_status")
_run_figures = component("run_figures")


def show_status(worker: Worker, run: RunSummary) -> None:
    """The progress bar; below it the status as a word and a sentence, and the verdict on the run."""
    data = {
        **live_data.followed(run),
        "standing": live_data.standing_of(run, worker.waiting(), worker.training()),
        "progress": live_data.progress_of(run, None),
    }
    with st.container(key="train-status"):
        _run_status(key="train.standing", data=data, on_changed_change=draw_again)


def draw_again() -> None:
    """Nothing but the run of the page that every callback brings: the component has seen another status."""


def show_figures(store: RunStore, run: RunSummary) -> None:
    """How far the run is and how fast, in one line."""
    progress = live_data.progress_of(run, store.record(run.name)["resolved"])
    _run_figures(key="train.figures", data={**live_data.followed(run), "progress": progress})


def show_events(events: Sequence[Event]) -> None:
    """The newest events as sentences. Tracebacks are only in the log."""
    shown = [event for event in events if event.kind != "trace"][-EVENTS_SHOWN:]
    if shown:
        lines = [f"{time_of_day(event.time)}  {as_sentence(event.text)}" for event in reversed(shown)]
        st.caption("  \n".join(map(escaped, lines)))


def show_arithmetic(record: Mapping[str, Any]) -> None:
    """The data set, device and precision of the run, once they are known."""
    if record["resolved"] is not None:
        st.caption(escaped(status_text.computed_with(record)))

"""The table of runs, and which of its rows are ticked."""

import hashlib
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import NamedTuple

import streamlit as st

from dashboard.ui import run_picker
from dashboard.ui.component import component
from gan_core.runs.store import RunStore, RunSummary

KEY = "runs.table"
TICKED = "runs.ticked"
OPENED = "runs.opened"
VIEW = ("q", "status", "kept", "sort", "down")  # what the address says about the table
LONGEST_TEXT = 200  # characters of the address
SENT = "runs.sent_view"
ARRIVAL_SECONDS = 5.0  # in which a browser has the address that was sent to it, on a busy machine

_runs_table = component("runs_table")


class SentView(NamedTuple):
    """The view that was put into the address, and the one that was there before."""

    before: dict[str, str]
    view: dict[str, str]
    seconds: float
    is_new: bool = True  # the page has not been drawn with it


def show_table(store: RunStore, runs: Sequence[RunSummary]) -> None:
    """The table. Its component fetches the rows when `version` changes, and while runs train."""
    keep_view()
    _runs_table(
        key=KEY,
        data={
            "version": version(runs),
            "view": view_in_address(),
            "ticked": [run.name for run in ticked(runs)],
            "shown": run_picker.run_in_address(),
        },
        on_ticked_change=take_ticks,
        on_view_change=take_view,
        on_opened_change=take_opened,
        on_chosen_change=take_chosen,
    )


def version(runs: Sequence[RunSummary]) -> str:
    """Changes with any run that does not train; the component asks by itself for those that do."""
    shown = repr([(run.name, run.created, run.status, run.notes) for run in runs])
    return hashlib.blake2b(shown.encode(), digest_size=8).hexdigest()


def ticked(runs: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that are ticked and still there, newest first."""
    names = set(st.session_state.get(TICKED, ()))
    return [run for run in runs if run.name in names]


def untick() -> None:
    """Remove all ticks."""
    st.session_state[TICKED] = []


def view_in_address() -> dict[str, str]:
    """The search, filter and order of the table."""
    return {key: st.query_params[key][:LONGEST_TEXT] for key in VIEW if key in st.query_params}


def take_ticks() -> None:
    """Callback of the component."""
    st.session_state[TICKED] = list(st.session_state[KEY]["ticked"] or [])


def take_view() -> None:
    """Callback of the component: keep the view in the address, so that a reload and a link show the same."""
    before, view = view_in_address(), st.session_state[KEY]["view"] or {}
    put_into_address(view)
    st.session_state[SENT] = SentView(before, view_in_address(), monotonic())


def keep_view() -> None:
    """Put the view into the address again if a message of the browser has brought the address from before it.

    Each message carries the address, and one that was sent before the browser heard of the new address carries the old
    one. Once the browser has sent the new one, the old one is what a person wants: they went back.
    """
    sent: SentView | None = st.session_state.get(SENT)
    if sent is None:
        return
    now = view_in_address()
    if now == sent.before != sent.view and monotonic() < sent.seconds + ARRIVAL_SECONDS:
        put_into_address(sent.view)
    elif sent.is_new:
        st.session_state[SENT] = sent._replace(is_new=False)
    else:
        del st.session_state[SENT]


def put_into_address(view: Mapping[str, str]) -> None:
    for key in VIEW:
        if view.get(key):
            st.query_params[key] = str(view[key])[:LONGEST_TEXT]
        elif key in st.query_params:
            del st.query_params[key]


def take_chosen() -> None:
    """Callback of the component: show a run beside the table. The view stays."""
    if chosen := st.session_state[KEY]["chosen"]:
        st.query_params[run_picker.QUERY] = str(chosen)


def take_opened() -> None:
    """Callback of the component. A callback itself cannot switch pages: see `open_run_if_asked`."""
    st.session_state[OPENED] = st.session_state[KEY]["opened"]


def open_run_if_asked() -> None:
    """Open the run whose name was clicked on the Train page."""
    if opened := st.session_state.pop(OPENED, None):
        st.switch_page("pages/train.py", query_params={run_picker.QUERY: str(opened)})

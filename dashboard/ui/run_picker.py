"""Which run the pages show. It is in the address (`?run=`) of every page: links, reloads and new tabs keep it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import services
from dashboard.ui.run_label import starred_label_of
from dashboard.ui.run_status import look_of
from dashboard.ui.text import escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.runs.status_sets import WRITING
from gan_core.runs.store import RunSummary

KEY = "header.run"
QUERY = "run"
SHOWN = "header.run_shown_last"


def open_run(run: str) -> None:
    """Put a run into the address. What the address says about another run is removed."""
    if run_in_address() != run:
        st.query_params.clear()
        st.query_params[QUERY] = run


def run_in_address() -> str | None:
    """The run that the address names."""
    return st.query_params.get(QUERY)


def complete_address(runs: Sequence[RunSummary]) -> None:
    """Name a run in the address if it names none: the one seen last, else the one that trains, else the newest."""
    if run_in_address() is None and runs:
        last = [run for run in runs if run.name == st.session_state.get(SHOWN)]
        training = [run for run in runs if run.status in WRITING]
        st.query_params[QUERY] = [*last, *training, *runs][0].name
    if run := selected_run(runs):
        st.session_state[SHOWN] = run.name


def selected_run(runs: Sequence[RunSummary]) -> RunSummary | None:
    """The run that the address names. None if there is no such run."""
    name = run_in_address()
    return next((run for run in runs if run.name == name), None)


def offered(runs: Sequence[RunSummary], shown: RunSummary | None) -> list[RunSummary]:
    """The runs to choose from: those that are not archived, and the one that is shown."""
    return [run for run in runs if not run.notes.archived or run is shown]


def signature() -> object:
    """A value that changes when another run or another status has to be shown. It is cheap."""
    name = run_in_address()
    store = services.store()
    return services.mark(), store.summary(name).status if name and store.exists(name) else None


def show_picker(runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The list of runs with their statuses.

    The index is passed too: a value set in the session state reaches the browser once, and is lost if that script run
    is interrupted by another one.
    """
    texts = {run.name: option(run) for run in runs}
    name = shown.name if shown else None
    widget = key_for(KEY, name, held=lambda option: option and name_in(option))
    st.session_state[widget] = name  # also if unchanged: it makes the browser show the newest text of the option
    st.selectbox(
        "Run",
        list(texts),
        index=list(texts).index(name) if name else None,
        format_func=lambda name: texts.get(name, name),
        key=widget,
        placeholder="Choose a run" if runs else "No run yet",
        label_visibility="collapsed",
        on_change=choose_run,
        args=(widget,),
    )


def option(run: RunSummary) -> str:
    """`★ Title · name (status)`. The name is the last word before the status, so that `name_in` finds it."""
    return f"{starred_label_of(run)} ({look_of(run).word.lower()})"


def show_missing_run() -> None:
    """Say that the address names a run that does not exist."""
    st.warning(
        f"There is no run {escaped(run_in_address() or '')} here: it may have been deleted. "
        "Choose another run above or start a new one.",
        icon=":material/search_off:",
    )


def choose_run(widget: str) -> None:
    """Callback of the list."""
    if is_now(KEY, widget):
        open_run(name_in(st.session_state[widget]))


def name_in(option: str) -> str:
    """The name of the run in the text of an option. The browser may send the text from before a change of status."""
    named, found, _ = option.rpartition(" (")
    return (named if found else option).rpartition(" ")[2]

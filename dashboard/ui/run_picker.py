"""Which run the page shows. It is in the address (`?run=`), so that links, reloads and bookmarks show the same run."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.ui.run_status import look_of
from dashboard.ui.text import escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.runs.status_sets import WRITING
from gan_core.runs.store import RunSummary

KEY = "train.run"
QUERY = "run"


def open_run(run: str) -> None:
    """Put a run into the address."""
    st.query_params[QUERY] = run


def run_in_address() -> str | None:
    """The run that the address names."""
    return st.query_params.get(QUERY)


def selected_run(runs: Sequence[RunSummary]) -> RunSummary | None:
    """The run that the address names. If it names none: the run that trains, or else the newest. None without any."""
    name = run_in_address()
    if name is None:
        return next((run for run in runs if run.status in WRITING), runs[0] if runs else None)
    return next((run for run in runs if run.name == name), None)


def show_picker(runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The list of runs on the Train page, and a link to the Runs page."""
    show_run_list(runs, shown, KEY, choose_run)
    st.page_link("pages/runs.py", label="All runs", icon=":material/photo_library:")


def show_run_list(
    runs: Sequence[RunSummary], shown: RunSummary | None, key: str, choose: Callable[[str], None]
) -> None:
    """A list of runs with their statuses. A change calls `choose(widget)` with the key of the widget.

    The index is passed too: a value set in the session state reaches the browser once, and is lost if that script run
    is interrupted by another one.
    """
    texts = {run.name: option(run) for run in runs}
    name = shown.name if shown else None
    widget = key_for(key, name, held=lambda option: option and name_in(option))
    st.session_state[widget] = name  # also if unchanged: it makes the browser show the newest text of the option
    st.selectbox(
        "Run",
        list(texts),
        index=list(texts).index(name) if name else None,
        format_func=lambda name: texts.get(name, name),
        key=widget,
        placeholder="Choose a run",
        help="Newest first. The address of this page names the run, so it can be kept as a bookmark.",
        on_change=choose,
        args=(widget,),
    )


def option(run: RunSummary) -> str:
    """`name  ★ Title (status)`. The name comes first, so that `name_in` finds it even in an outdated text."""
    star, title = "★ " if run.notes.star else "", f"{run.notes.title} " if run.notes.title else ""
    return f"{run.name}  {star}{title}({look_of(run).word.lower()})"


def show_missing_run() -> None:
    """Say that the address names a run that does not exist."""
    st.warning(
        f"There is no run {escaped(run_in_address() or '')} here: it may have been deleted. "
        "Choose another run above or start a new one.",
        icon=":material/search_off:",
    )


def choose_run(widget: str) -> None:
    """Callback of the list on the Train page."""
    if is_now(KEY, widget):
        open_run(name_in(st.session_state[widget]))


def name_in(option: str) -> str:
    """The name of the run in the text of an option. The browser may send the text from before a change of status."""
    return option.partition(" ")[0]

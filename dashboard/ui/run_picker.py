"""Which run the page shows. The address says it (`?run=`), so that a link, a reload and a second tab agree."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.ui.text import LOOKS, escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.runs.store import RunSummary

KEY = "train.run"
QUERY = "run"


def choose(run: str) -> None:
    """Show this run from now on."""
    st.query_params[QUERY] = run


def wanted() -> str | None:
    """The run that the address names."""
    return st.query_params.get(QUERY)


def chosen(runs: Sequence[RunSummary]) -> RunSummary | None:
    """The run that the address names, else the newest; None where there is none, or not that one."""
    name = wanted()
    if name is None:
        return runs[0] if runs else None
    return next((run for run in runs if run.name == name), None)


def show(runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The list of runs on the Train page, and the way to all of them with their pictures."""
    run_list(runs, shown, KEY, take)
    st.page_link("pages/runs.py", label="All runs", icon=":material/photo_library:")


def run_list(runs: Sequence[RunSummary], shown: RunSummary | None, key: str, take: Callable[[str], None]) -> None:
    """A list of runs with how they stand. A choice calls `take(widget)` with the key under which the option lies.

    What the session state says travels once, and is lost with a script run that another overtakes: hence the index too.
    """
    texts = {run.name: option(run) for run in runs}
    name = shown.name if shown else None
    widget = key_for(key, name, held=lambda option: option and name_in(option))
    st.session_state[widget] = name  # always: the browser shows the option's newest text then
    st.selectbox(
        "Run",
        list(texts),
        index=list(texts).index(name) if name else None,
        format_func=lambda name: texts.get(name, name),
        key=widget,
        placeholder="Choose a run",
        help="Newest first. The address of this page names the run, so it can be kept as a bookmark.",
        on_change=take,
        args=(widget,),
    )


def option(run: RunSummary) -> str:
    """`name  ★ Title (state)`: the name first, by which `name_in` knows it, whatever the rest says by then."""
    star, title = "★ " if run.notes.star else "", f"{run.notes.title} " if run.notes.title else ""
    return f"{run.name}  {star}{title}({LOOKS[run.state].word.lower()})"


def missing_sentence() -> None:
    """The address names a run that does not exist."""
    st.warning(
        f"There is no run {escaped(wanted() or '')} here: it may have been deleted. Choose another one above."
        " Or start a new one.",
        icon=":material/search_off:",
    )


def take(widget: str) -> None:
    """Somebody chose from the list."""
    if is_now(KEY, widget):
        choose(name_in(st.session_state[widget]))


def name_in(option: str) -> str:
    """The run's name in an option. Where a state has just changed, the browser answers with the text that it had."""
    return option.partition(" ")[0]

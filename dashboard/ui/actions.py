"""Doing what a button says: what is refused is said on the page, and the page looks often until it has happened."""

from collections.abc import Callable

import streamlit as st

from dashboard.ui.text import SENTENCES, escaped
from gan_core.runs.store import RunSummary

REFUSED = "train.control_refused"
STANDS = "train.stands"  # (name, state) that the buttons were drawn for
ASKED = "train.asked"  # the same when one of them was pressed


def attempt(act: Callable[..., object], *arguments: object) -> None:
    """Do what the button says; why it cannot be done is said on the page."""
    try:
        act(*arguments)
    except SENTENCES as problem:
        st.session_state[REFUSED] = str(problem)


def ask(act: Callable[[str], object], run: str) -> None:
    """Ask whoever trains the run; the page then looks often until the run stands otherwise."""
    st.session_state[ASKED] = st.session_state.get(STANDS)
    attempt(act, run)


def awaited(run: RunSummary) -> bool:
    """Whether this visitor asked for something that has not happened yet."""
    return bool(st.session_state.get(ASKED) == (run.name, run.state))


def stands(run: RunSummary) -> None:
    """Note how the run stands while its buttons are drawn."""
    st.session_state[STANDS] = (run.name, run.state)


def refusal() -> None:
    """What was refused since the page was drawn last."""
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(refused), icon=":material/error:")

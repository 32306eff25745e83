"""What a button does, and what the page says afterwards: why it was refused, or what was done and how to undo it.

A `place` names the part of a page that says it; the empty place is the top of the page.
"""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from dashboard.ui.text import EXPECTED_ERRORS, as_sentence, escaped
from gan_core.runs.store import RunSummary

REFUSED = "actions.refused"  # (place, sentence)
DONE = "actions.done"
DRAWN = "actions.drawn"  # (run, status) for which the buttons were drawn
PRESSED = "actions.pressed"  # the same when one of them was pressed


class Done(NamedTuple):
    """What was done. `undo`, if given, is called by a button with the text `undo_label`."""

    place: str
    sentence: str
    undo: Callable[[], object] | None = None
    undo_label: str = "Undo"


def attempt(act: Callable[..., object], *arguments: object, place: str = "") -> None:
    """Run the callback of a button. An expected error is shown by the next `show_refusal` with the same place."""
    forget_outcome()
    try:
        act(*arguments)
    except EXPECTED_ERRORS as problem:
        refuse(problem, place)


def refuse(problem: Exception, place: str = "") -> None:
    """Let the next `show_refusal` with this place say why something was not done."""
    st.session_state[REFUSED] = (place, str(problem))


def show_refusal(place: str = "") -> None:
    """Why the last action was refused. It is shown once."""
    refused_at, sentence = st.session_state.get(REFUSED, (place, ""))
    if sentence and refused_at == place:
        del st.session_state[REFUSED]
        st.error(escaped(as_sentence(sentence)), icon=":material/error:")


def place_for_notices() -> st.delta_generator.DeltaGenerator:
    """The place of all that a page says now and then above its parts.

    It is one element, whatever it holds: if the parts below got another place among their siblings, Streamlit would
    draw them anew, and a click, a scroll or a film would be lost.
    """
    return st.container(key="notices")


def report(done: Done) -> None:
    """Let `show_outcome` say this until the next action."""
    st.session_state[DONE] = done


def forget_outcome() -> None:
    """Say no more what the last action did: another one has begun."""
    st.session_state.pop(DONE, None)


def show_outcome(place: str) -> None:
    """What the last action at this place did, with a button that undoes it, or why it was refused."""
    show_refusal(place)
    done: Done | None = st.session_state.get(DONE)
    if done is None or done.place != place:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{place}-done"):
        st.success(escaped(done.sentence), icon=":material/check:", width="stretch")
        if done.undo is not None:
            undo = done.undo
            key = f"{place}.undo"
            st.button(done.undo_label, key=key, icon=":material/undo:", on_click=lambda: attempt(undo, place=place))


def ask(act: Callable[[str], object], run: str) -> None:
    """Send a request to the trainer of a run, and remember that this visitor waits for a change of its status."""
    st.session_state[PRESSED] = st.session_state.get(DRAWN)
    attempt(act, run)


def is_awaited(run: RunSummary) -> bool:
    """Whether this visitor made a request and the status of the run has not changed since."""
    return bool(st.session_state.get(PRESSED) == (run.name, run.status))


def remember_drawn(run: RunSummary) -> None:
    """Remember the status for which the buttons of a run are drawn."""
    st.session_state[DRAWN] = (run.name, run.status)

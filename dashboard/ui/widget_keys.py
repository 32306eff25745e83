"""Widgets whose value the page itself may change.

A browser sends the values of all its widgets with every message. What it sends before it has heard of a new value is
the old one, and Streamlit takes that for a change by the person: a press of Start could lead back to the run that was
shown before. So a widget that gets another value than it had begins anew under another key. Its callback is told that
key, and asks `is_now` before it believes what the widget says: of one that is no longer there it is a late word.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

MISSING = object()


def key_for(name: str, value: object, held: Callable[[Any], object] = lambda value: value) -> str:
    """The key under which to draw the widget called `name`, so that it has this value.

    `held(state)` is the value that a state of the widget in the session stands for.
    """
    turn: int = st.session_state.get(f"{name}.turn", 0)
    had = st.session_state.get(key_in(name, turn), MISSING)
    if had is not MISSING and held(had) != value:
        turn += 1
        st.session_state[f"{name}.turn"] = turn
    return key_in(name, turn)


def is_now(name: str, key: str) -> bool:
    """Whether this is the key under which the widget called `name` was drawn last."""
    return key == key_in(name, st.session_state.get(f"{name}.turn", 0))


def key_in(name: str, turn: int) -> str:
    """The key of a widget's first, second, ... turn (from 0)."""
    return f"{name}.{turn}" if turn else name

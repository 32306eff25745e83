"""Widgets whose value the page itself may change.

A browser sends the values of all its widgets with every message. Until it has received a new value it sends the old
one, and Streamlit takes that for a change made by the visitor: a press of Start could lead back to the run that was
shown before. So a widget whose value the page changes is replaced by one with a new key. Its callback gets that key and
uses `is_now` to ignore events of a widget that has been replaced.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

MISSING = object()


def key_for(name: str, value: object, held: Callable[[Any], object] = lambda value: value) -> str:
    """The key for the widget called `name`, so that it shows this value: a new key if it has shown another one.

    `held(state)` is the value that a state of the widget in the session represents.
    """
    generation: int = st.session_state.get(generation_key(name), 0)
    state = st.session_state.get(key_of(name, generation), MISSING)
    if state is not MISSING and held(state) != value:
        generation += 1
        st.session_state[generation_key(name)] = generation
    return key_of(name, generation)


def is_now(name: str, key: str) -> bool:
    """Whether this is the newest key of the widget called `name`."""
    return key == key_of(name, st.session_state.get(generation_key(name), 0))


def key_of(name: str, generation: int) -> str:
    """The key of the first, second, ... widget called `name`. `generation` counts from 0."""
    return f"{name}.{generation}" if generation else name


def generation_key(name: str) -> str:
    """The key in the session state under which the newest generation is stored."""
    return f"{name}.generation"


def set_value(key: str, value: object) -> None:
    """Set the value of a widget with a constant key, but only if it differs: it replaces what is being typed."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value

"""Whether the sidebar is open. It folds when its visitor starts a run, and so leaves the window to that run."""

from typing import Literal

import streamlit as st

FOLDED = "sidebar.folded"
PIXELS = 264  # wide enough for a setting and its unit; film and curves fit beside it on a small screen


def sidebar_state() -> int | Literal["collapsed"]:
    """The width of the sidebar, or that it is folded. Streamlit prefers what the visitor chose with its own button."""
    return "collapsed" if folds() else PIXELS


def fold() -> None:
    """Fold the sidebar, from the next draw of this session on."""
    st.session_state[FOLDED] = folds() + 1


def folds() -> int:
    """How often the sidebar was folded in this session."""
    return int(st.session_state.get(FOLDED, 0))

"""Whether the sidebar is open. It folds when its visitor starts a run, and so leaves the window to that run."""

from typing import Literal

import streamlit as st

FOLDS, STAYS = "sidebar.folds", "sidebar.stays"
PIXELS = 264  # wide enough for a setting and its unit; film and curves fit beside it on a small screen


def sidebar_state() -> int | Literal["collapsed"]:
    """The width of the sidebar, or that it is folded. Streamlit prefers what the visitor chose with its own button."""
    return "collapsed" if count(FOLDS) else PIXELS


def fold() -> None:
    """Fold the sidebar, from the next draw of this session on."""
    st.session_state[FOLDS] = count(FOLDS) + 1


def stay() -> None:
    """Leave the sidebar open, and tell so the browser, which hides it when Start is pressed."""
    st.session_state[STAYS] = count(STAYS) + 1


def counts() -> dict[str, int]:
    """How often in this session it was folded after a start, and how often it stayed open."""
    return {"folds": count(FOLDS), "stays": count(STAYS)}


def count(key: str) -> int:
    return int(st.session_state.get(key, 0))

"""The list of keys behind "?", the switch that turns them off, and the keys that press buttons of a page."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ui import single_keys
from dashboard.ui.component import component

HELP = "header-help"
PRESENT = ".run-view-present"  # the button of the Train page
KEYS: Mapping[str, str] = {
    "P": "Pause, or resume",
    "S": "Stop",
    "M": "Pin a snapshot of now",
    "J": "Next older run",
    "K": "Next newer run",
    "F": "Film, curves and verdict alone, for a projector; Escape leaves",
    "?": "This list",
}

_shortcuts = component("shortcuts")


def show_help() -> None:
    """The list of keys, and their switch."""
    with st.container(key=HELP, width="content"), st.popover("Help", icon=":material/help:", type="tertiary"):
        rows = [f"| `{key}` | {words} |" for key, words in KEYS.items()]
        st.markdown("\n".join(["| Key | What it does |", "|---|---|", *rows]))
        st.caption("The keys do nothing while you type in a field.")
        single_keys.show_switch()


def listen() -> None:
    """Make the keys ? and F press their buttons, also where these are scrolled out of view."""
    presses = {"?": f".st-key-{HELP} button", "f": PRESENT} if single_keys.are_on() else {}
    _shortcuts(key="header-keys", data={"presses": presses, "cookie": single_keys.to_keep()}, height=1)

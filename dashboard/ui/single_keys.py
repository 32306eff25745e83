"""Whether single keys press buttons. A visitor can switch them off, and the browser keeps that choice."""

import streamlit as st

from dashboard.ui import cookies
from dashboard.ui.cookies import Cookie

COOKIE = "single_keys"
OFF = "off"
SWITCH = "header.single_keys"


def are_on() -> bool:
    """Whether single keys press buttons for this visitor; they do until they are switched off."""
    return bool(st.session_state.setdefault(SWITCH, cookies.kept(COOKIE) != OFF))


def key(letter: str) -> str | None:
    """The key of a button, for its `shortcut`."""
    return letter if are_on() else None


def show_switch() -> None:
    """The switch. It is drawn on every page, so its widget keeps the choice for the session."""
    are_on()
    st.toggle("Single keys press buttons", key=SWITCH)


def to_keep() -> Cookie:
    """The cookie that keeps the choice."""
    return cookies.cookie(COOKIE, "" if are_on() else OFF)

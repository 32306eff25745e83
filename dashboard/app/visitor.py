"""Who presses a button, as the events of a run name it: this computer, or a name or an address behind a proxy."""

import ipaddress

import streamlit as st

HERE = "dashboard"
NAMES = ("X-Forwarded-User", "X-Forwarded-Preferred-Username", "Remote-User", "X-Forwarded-For")  # set by proxies
LONGEST = 60  # characters: whoever comes without a proxy can send any name


def who() -> str:
    """`dashboard` for a browser of this computer, else `dashboard (anna)` or `dashboard (203.0.113.7)`."""
    name = named_by_the_proxy() or address()
    return f"{HERE} ({name})" if name else HERE


def named_by_the_proxy() -> str:
    """The user that the proxy has let in, or else the address from which they came; empty without a proxy."""
    found = next((text for name in NAMES if isinstance(text := st.context.headers.get(name), str) and text), "")
    plain = "".join(letter for letter in found.partition(",")[0] if letter.isprintable() and letter not in "()")
    return "" if is_here(plain.strip()) else plain.strip()[:LONGEST]


def address() -> str:
    """The address of the browser; empty for this computer."""
    found = st.context.ip_address
    return found if isinstance(found, str) and not is_here(found) else ""


def is_here(text: str) -> bool:
    """Whether a text is the address of this computer, or none."""
    try:
        return not text or ipaddress.ip_address(text).is_loopback
    except ValueError:  # a name
        return False

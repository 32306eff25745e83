"""Draws a page again when what it was drawn from has changed: another tab, a terminal or a trainer did something.

Streamlit polls by fragments, and a fragment that draws something can empty a page: when a poll starts while messages of
a run of the whole page are not sent yet, Streamlit drops those of this fragment, but still tells the browser that the
run is complete, so the browser removes the elements. So the one fragment that polls draws nothing, and it is the only
place that calls `st.rerun`.
"""

from collections.abc import Callable

import streamlit as st
from streamlit.logger import get_logger

from dashboard.ui import run_picker
from dashboard.ui.text import EXPECTED_ERRORS

EVERY_SECONDS = 2.0
PLACE = "pulse.place"
Signature = Callable[[], object]


def reserve_place() -> None:
    """Reserve the place of the pulse of a page, before anything else is drawn: see `Pulse`."""
    st.session_state[PLACE] = st.container(key="header-pulse")


class Pulse:
    """One per page. Create it before the page reads anything, so that a change while it is drawn is noticed."""

    def __init__(self, signature: Signature) -> None:
        """`signature` returns a value that changes when the page has to be drawn again. It must be cheap.

        The place of the fragment is the first of the page: a poll may reach a browser that has the first elements of
        another page only, and a place behind those would be an error that ends the page.
        """
        self._place = st.session_state.pop(PLACE, None) or st.container()
        self._signature = signature
        self._drawn = self._now()
        self._polls = False

    def start(self, every: float = EVERY_SECONDS) -> None:
        """Compare every so many seconds, from the end of this run of the page on."""

        @st.fragment(run_every=every)
        def beat() -> None:
            if self._polls and self._now() != self._drawn:
                st.rerun()

        with self._place:
            beat()
        self._polls = True

    def _now(self) -> object:
        """The signature of the header and that of the page.

        If it fails, the reason is the signature: it is drawn once by the page, which fails too.
        """
        try:
            return run_picker.signature(), self._signature()
        except EXPECTED_ERRORS as problem:
            return type(problem), str(problem)
        except Exception as problem:  # nothing may be drawn here, not even Streamlit's own traceback
            get_logger("gan_studio").exception("The signature of a page failed")
            return type(problem), str(problem)

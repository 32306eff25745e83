"""Errors become sentences on the page: a visitor never sees a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.logger import get_logger

from dashboard.ui.text import EXPECTED_ERRORS, escaped


@contextmanager
def error_boundary() -> Iterator[None]:
    """Show an expected error as its own sentence. Log any other error in full and say that this part failed."""
    try:
        yield
    except EXPECTED_ERRORS as problem:
        st.error(escaped(str(problem)), icon=":material/error:")
    except Exception as problem:  # the outermost handler: above it is only Streamlit, which would show a traceback
        get_logger("gan_studio").exception("A page failed")
        st.error(
            f"This part of the page failed ({type(problem).__name__}). Training goes on. "
            "Reload the page to try again; the server's log has the details.",
            icon=":material/error:",
        )

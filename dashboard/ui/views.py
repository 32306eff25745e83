"""How this visitor left each page, so that a link back to it shows the same."""

import streamlit as st

from dashboard.ui import run_picker
from gan_core.runs.store import RunSummary

VIEWS = "header.views"  # page -> its query
SHOWN_LAST = "header.page_shown_last"


def query_of(page: str, shown: RunSummary | None) -> dict[str, str]:
    """The query of a link to a page: as this visitor left it if that was with the same run, else only the run."""
    view: dict[str, str] = st.session_state.get(VIEWS, {}).get(page, {})
    if shown is None or view.get(run_picker.QUERY) == shown.name:
        return view
    return {run_picker.QUERY: shown.name}


def remember_view(page: str) -> None:
    """Remember the query of a page, after the page has written it."""
    st.session_state.setdefault(VIEWS, {})[page] = st.query_params.to_dict()
    st.session_state[SHOWN_LAST] = page


def page_shown_last() -> str:
    """The page that this visitor saw before; the same page while it is redrawn."""
    shown: str = st.session_state.get(SHOWN_LAST, "")
    return shown

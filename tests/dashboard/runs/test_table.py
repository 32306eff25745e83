"""The view of the table of runs in the address."""

from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.runs import table


def page() -> None:
    """A page that takes a view from the component if the test says so, and keeps it."""
    import streamlit as st

    from dashboard.runs import table

    if words := st.session_state.pop("words", None):
        st.session_state[table.KEY] = {"view": {"q": words}}
        table.take_view()
    if not st.session_state.pop("interrupted", False):
        table.keep_view()


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_function(page)
    app.run()
    return app


def sought(app: AppTest) -> str | None:
    app.run()
    assert not app.exception
    return "".join(app.query_params.get("q", [])) or None


def test_a_message_from_before_the_view_brings_the_old_address_and_the_view_is_put_back(app: AppTest) -> None:
    app.session_state["words"] = "sixes"
    assert sought(app) == "sixes"

    app.query_params.clear()  # the browser had not heard of it when it sent this
    assert sought(app) == "sixes"
    assert sought(app) == "sixes"  # now it has

    app.query_params.clear()  # a person went back
    assert sought(app) is None


def test_a_script_that_was_interrupted_before_the_table_loses_no_view(app: AppTest) -> None:
    app.session_state["words"] = "sixes"
    app.session_state["interrupted"] = True
    assert sought(app) == "sixes"

    app.query_params.clear()
    assert sought(app) == "sixes"


def test_after_some_seconds_an_address_without_the_view_is_meant(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.session_state["words"] = "sixes"
    assert sought(app) == "sixes"

    later = monotonic() + table.ARRIVAL_SECONDS
    monkeypatch.setattr(table, "monotonic", lambda: later)
    app.query_params.clear()
    assert sought(app) is None

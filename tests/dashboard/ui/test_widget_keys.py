"""A widget gets a new key if the page changes its value, and keeps its key if the visitor does."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.drawn import key_drawn


def form() -> None:
    """One field whose value a button of the page changes."""
    import streamlit as st

    from dashboard.ui.widget_keys import is_now, key_for

    kept = st.session_state.setdefault("kept", "first")
    key = key_for("field", kept, held=str.strip)

    def take(key: str) -> None:
        if is_now("field", key):
            st.session_state["kept"] = st.session_state[key].strip()

    def change() -> None:
        st.session_state["kept"] = "second"

    st.text_input("Field", kept, key=key, on_change=take, args=(key,))
    st.button("Change", key="change", on_click=change)


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(form).run()


def test_a_widget_keeps_its_key_and_text_when_the_visitor_types(page: AppTest) -> None:
    page.text_input(key="field").set_value(" typed ").run()

    assert page.session_state["kept"] == "typed"
    assert page.text_input(key="field").value == " typed "


def test_a_widget_gets_a_new_key_when_the_page_changes_its_value(page: AppTest) -> None:
    page.button(key="change").click().run()

    assert key_drawn(page, "field") == "field.1"
    assert page.text_input(key="field.1").value == "second"
    assert [box.key for box in page.text_input] == ["field.1"]

    page.text_input(key="field.1").set_value("third").run()
    assert page.session_state["kept"] == "third"
    assert key_drawn(page, "field") == "field.1"


def test_a_widget_keeps_its_key_when_the_page_sets_the_same_value(page: AppTest) -> None:
    page.button(key="change").click().run()
    page.button(key="change").click().run()

    assert key_drawn(page, "field") == "field.1"

"""Actions: a refusal is shown once and at its place; what was done is shown until the next action, with an undo."""

import pytest
from streamlit.testing.v1 import AppTest


def page_with_buttons() -> None:
    """Buttons that do something, are refused, and are refused at a place of their own."""
    import streamlit as st

    from dashboard.ui.actions import Done, attempt, report, show_outcome, show_refusal
    from gan_core.runs.store import RunError

    def refuse() -> None:
        raise RunError("the run is gone")

    def undo() -> None:
        st.session_state["undone"] = True
        refuse()

    show_refusal()
    st.divider()
    show_outcome("box")
    st.button("Do", key="do", on_click=attempt, args=(report, Done("box", "It was done.", undo)))
    st.button("Refuse", key="refuse", on_click=attempt, args=(refuse,))
    st.button("Refuse here", key="refuse_here", on_click=lambda: attempt(refuse, place="box"))


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(page_with_buttons).run()


@pytest.mark.parametrize("key", ["refuse", "refuse_here"])
def test_a_refusal_is_a_sentence_that_is_shown_once(page: AppTest, key: str) -> None:
    page.button(key=key).click().run()
    assert [error.value for error in page.error] == ["The run is gone\\."]

    page.run()
    assert not page.error


def test_what_was_done_is_shown_until_the_next_action(page: AppTest) -> None:
    page.button(key="do").click().run()
    assert [box.value for box in page.success] == ["It was done\\."]
    page.run()
    assert page.success

    page.button(key="refuse").click().run()
    assert not page.success


def test_undo_is_called_and_its_refusal_is_shown(page: AppTest) -> None:
    page.button(key="do").click().run()
    page.button(key="box.undo").click().run()

    assert page.session_state["undone"]
    assert page.error
    assert not page.success

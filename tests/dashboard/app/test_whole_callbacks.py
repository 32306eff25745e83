"""A callback that is running when the browser sends another message."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest

from dashboard.app.whole_callbacks import finish_callbacks


def page() -> None:
    """A page whose button is pressed while the browser sends another message."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def act() -> None:
        st.session_state["begun"] = True
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        context.script_requests.request_rerun(RerunData())
        st.session_state["ended"] = True

    st.button("Act", on_click=act)
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1


@pytest.fixture
def streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it is installed."""
    look = ScriptRequests.on_scriptrunner_yield
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_yield", getattr(look, "__wrapped__", look))


def pressed() -> dict[str, object]:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert not app.exception
    return {name: app.session_state[name] for name in ("begun", "ended", "drawn") if name in app.session_state}


@pytest.mark.usefixtures("streamlits_own")
def test_streamlit_ends_a_callback_when_another_message_comes() -> None:
    state = pressed()

    assert state["begun"]
    assert "ended" not in state


@pytest.mark.usefixtures("streamlits_own")
def test_a_callback_is_run_to_its_end_and_the_message_is_answered_afterwards() -> None:
    finish_callbacks()
    finish_callbacks()

    state = pressed()

    assert state["ended"]
    assert state["drawn"] == 2  # at first, and for the message; the press itself needs no third time

"""Where a widget is whose value the page may change: such a widget begins anew under another key."""

from streamlit.testing.v1 import AppTest

from dashboard.ui.widget_keys import key_in


def key_drawn(page: AppTest, name: str) -> str:
    """The key under which the page has drawn the widget that is called `name`."""
    turn = f"{name}.turn"
    return key_in(name, page.session_state.get(turn, 0))

"""The key of a widget whose value the page may change: such a widget gets a new key for each new value."""

from streamlit.testing.v1 import AppTest

from dashboard.ui.widget_keys import generation_key, key_of


def key_drawn(page: AppTest, name: str) -> str:
    """The newest key of the widget called `name`."""
    generation = generation_key(name)
    return key_of(name, page.session_state.get(generation, 0))

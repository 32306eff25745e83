"""What a visitor has chosen and typed in the form, taken into the draft.

A field that is left and a button that is pressed a moment later can reach the server in one message, and Streamlit then
calls the button first. So a button that uses the draft calls `take_everything` before it does anything.
"""

import streamlit as st

from dashboard.train import run_length, setting_field
from dashboard.train.draft import LENGTH, Draft
from dashboard.train.kept_draft import draft
from dashboard.ui.widget_keys import generation_key, is_now, key_of
from gan_core.config import Setting

PRESET = "train.preset"
NAME = "train.name"


def take_everything() -> None:
    """Take all fields that differ from the draft."""
    take_preset(newest_key(PRESET))
    mine = draft()
    take_name(newest_key(NAME))
    for setting in mine.settings():
        key = newest_key(setting_field.name_of(setting.path, mine.preset))
        if key in st.session_state and differs(mine, setting, key):
            (run_length.take_length if setting.path == LENGTH else take)(setting, key)


def newest_key(name: str) -> str:
    """The key of the widget called `name` that is on the page."""
    return key_of(name, st.session_state.get(generation_key(name), 0))


def differs(mine: Draft, setting: Setting, key: str) -> bool:
    """Whether the field of a setting holds another value than the draft."""
    state = st.session_state[key]
    if setting.path == LENGTH:
        shown = run_length.length_of(mine, setting.value)
        return run_length.length_in(str(state), shown.unit) != shown
    return bool(setting_field.held_by(setting, state) != setting_field.comparable(setting.value))


def take(setting: Setting, key: str) -> None:
    """Take one field. Ignores fields that are gone or belong to another preset."""
    mine = draft()
    if is_now(setting_field.name_of(setting.path, mine.preset), key):
        mine.change(setting.path, setting_field.value_in(setting, st.session_state[key]))


def take_preset(key: str) -> None:
    """Start again from the preset that was chosen, if it is another one."""
    chosen = st.session_state.get(key)
    if is_now(PRESET, key) and chosen is not None and chosen != draft().preset:
        draft().take_preset(chosen)


def take_name(key: str) -> None:
    """Take the name of the run."""
    if is_now(NAME, key) and key in st.session_state:
        draft().name = st.session_state[key].strip()

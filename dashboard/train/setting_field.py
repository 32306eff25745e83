"""One widget for one setting of the configuration, made from what the setting says of itself."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.train.number_text import number_in, text_of
from dashboard.ui.text import escaped
from dashboard.ui.widget_keys import key_for
from gan_core.config import Setting
from gan_core.presets import DEFAULT

CHANGED = "changed"
TYPING_PAUSE = "600ms"  # after it, what is typed counts, so that a reload or another page loses nothing

Note = Callable[[Setting, str], None]


def name_of(path: str, preset: str = DEFAULT) -> str:
    """The key of a setting's widget. Each preset has its own widgets, because it has its own values."""
    return f"train.{path}" if preset == DEFAULT else f"train.{preset}.{path}"


def show(setting: Setting, changed: bool, note: Note, preset: str = DEFAULT) -> None:
    """Draw the widget. `note(setting, key)` is called when its value changes; `key` is its key in the session state.

    `value_in` is the value that the widget then stands for.
    """
    key = key_for(name_of(setting.path, preset), comparable(setting.value), held=lambda state: held_by(setting, state))
    common: dict[str, Any] = {
        "label": label(setting, changed),
        "key": key,
        "help": help_text(setting, changed),
        "on_change": note,
        "args": (setting, key),
    }
    if setting.info.annotation is bool:
        st.toggle(value=setting.value, **common)
    elif choices := setting.options:
        st.selectbox(options=choices, index=choices.index(setting.value), format_func=setting.text_of, **common)
    else:
        st.text_input(value=as_text(setting, setting.value), live=TYPING_PAUSE, **common)
        show_reading(setting, st.session_state.get(key))


def value_in(setting: Setting, state: Any) -> Any:
    """The value that a widget with this state stands for; a text that is no number stays a text, and is refused."""
    kind = setting.info.annotation
    if kind not in (int, float) or not isinstance(state, str):
        return state
    for value, word in words(setting).items():
        if state.strip().lower() == word:
            return value
    number = number_in(state, whole=kind is int)
    return state if number is None else number


def held_by(setting: Setting, state: Any) -> Any:
    """The value of a widget with this state, to be compared with that of the draft."""
    return comparable(value_in(setting, state))


def comparable(value: Any) -> Any:
    """A value as it is compared: a list of numbers and its text are equal, with any spaces."""
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def show_reading(setting: Setting, typed: Any) -> None:
    """Below a number that was typed in a form of its own, such as 60.000: the number that it was read as."""
    if isinstance(typed, str) and is_read_anew(setting, typed):
        st.caption(f":small[{escaped(f'Read as {as_text(setting, value_in(setting, typed))}')}]")


def is_read_anew(setting: Setting, typed: str) -> bool:
    """Whether a number is written back in another way than it was typed."""
    value = value_in(setting, typed)
    if isinstance(value, str) or isinstance(setting.value, tuple):
        return False
    return typed.strip().lower() not in (as_text(setting, value), str(value), text_of(value))


def label(setting: Setting, changed: bool) -> str:
    """The setting's title, its unit, and a word where it differs from the preset. Plain text: it is read aloud."""
    title, unit = setting.title, setting.extra.get("unit", "")
    notes = [*([unit] if unit and unit != title.lower() else []), *([CHANGED] if changed else [])]
    return f"{title} ({', '.join(notes)})" if notes else title


def help_text(setting: Setting, changed: bool) -> str:
    """The help text: description, source, and name on the command line."""
    source = setting.extra.get("source")
    parts = [
        setting.info.description or "The kind of network; each has settings of its own.",
        f"Source: {source}." if source else "",
        "Changed from the preset." if changed else "",
        f"On the command line: `--set {setting.path}=...`",
    ]
    return "\n\n".join(part for part in parts if part)


def words(setting: Setting) -> dict[Any, str]:
    """The words that stand for some values of a setting, such as `all` for a limit of 0."""
    return dict(setting.extra.get("words", {}))


def as_text(setting: Setting, value: Any) -> str:
    """A value as a field shows it: a list with commas, a number as short as is exact, or the word for it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return value
    return words(setting).get(value) or text_of(value)

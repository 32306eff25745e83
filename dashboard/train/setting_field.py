"""One widget for one setting of the configuration, made from what the setting says of itself."""

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.ui.widget_keys import key_for
from gan_core.config import Setting
from gan_core.presets import DEFAULT

GREATEST_INTEGER = 2**53 - 1  # the greatest that a browser holds exactly
CHANGED = " :orange[:material/edit:]"

Note = Callable[[str, str], None]


def name_of(path: str, preset: str = DEFAULT) -> str:
    """The key of a setting's widget. Each preset has its own widgets, because it has its own values."""
    return f"train.{path}" if preset == DEFAULT else f"train.{preset}.{path}"


def show(setting: Setting, changed: bool, note: Note, preset: str = DEFAULT) -> None:
    """Draw the widget. `note(path, key)` is called when its value changes; `key` is its key in the session state."""
    value: Any = as_text(setting.value) if isinstance(setting.value, tuple) else setting.value
    if setting.info.annotation is float:
        value = float(value)
    key = key_for(name_of(setting.path, preset), value)
    common: dict[str, Any] = {
        "label": label(setting, changed),
        "key": key,
        "help": help_text(setting, changed),
        "on_change": note,
        "args": (setting.path, key),
    }
    if setting.info.annotation is bool:
        st.toggle(value=value, **common)
    elif choices := setting.options:
        st.selectbox(options=choices, index=choices.index(value), format_func=spoken, **common)
    elif setting.info.annotation is int:
        st.number_input(value=value, step=whole_step(setting), **bounds(setting), **common)
    elif setting.info.annotation is float:
        st.number_input(value=value, **fraction(setting), **bounds(setting), **common)
    else:
        st.text_input(value=value, **common)


def label(setting: Setting, changed: bool) -> str:
    """The setting's title, its unit, and a pencil where it differs from the preset."""
    unit = setting.extra.get("unit")
    return f"{setting.title}{f' :gray[({unit})]' if unit else ''}{CHANGED if changed else ''}"


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


def spoken(option: object) -> str:
    """`non_saturating` in readable words."""
    return str(option).replace("_", " ")


def as_text(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def bound(setting: Setting, *names: str) -> Any:
    """The first of these bounds (`ge`, `le`, ...) that the setting has, or None."""
    found = (getattr(rule, name, None) for name in names for rule in setting.info.metadata)
    return next((value for value in found if value is not None), None)


def bounds(setting: Setting) -> dict[str, Any]:
    """min_value and max_value of a number, in its own type. An excluded end is refused by the configuration itself."""
    kind = setting.info.annotation
    assert kind is int or kind is float
    least, most = bound(setting, "ge", "gt"), bound(setting, "le", "lt")
    if kind is int and most is not None:
        most = min(most, GREATEST_INTEGER)
    return {name: kind(end) for name, end in (("min_value", least), ("max_value", most)) if end is not None}


def whole_step(setting: Setting) -> int:
    """About a tenth of the default for an amount of something; 1 for a plain number such as a seed."""
    size = setting.info.default or math.isqrt(int(bound(setting, "le") or 1))
    if not setting.extra.get("unit") or size < 100:
        return 1
    return int(10 ** (math.floor(math.log10(size)) - 1))


def fraction(setting: Setting) -> dict[str, Any]:
    """Step and format of a fraction: its default's last digit, or a tenth of the default where it must be over 0."""
    default = float(setting.info.default)
    if bound(setting, "gt") is not None:
        return {"step": default / 10, "format": "%e"}
    decimals = max(1, len(f"{default:.10f}".rstrip("0").partition(".")[2]))
    return {"step": 10.0**-decimals, "format": "%g"}

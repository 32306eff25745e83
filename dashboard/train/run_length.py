"""The length of a run in the form: in epochs or in images, each with the other below it."""

from typing import Any, NamedTuple, get_args

import streamlit as st

from dashboard.train.draft import LENGTH, Draft, Unit
from dashboard.train.kept_draft import draft
from dashboard.train.number_text import number_in, text_of
from dashboard.train.setting_field import CHANGED, TYPING_PAUSE, help_text, name_of
from dashboard.ui.text import amount, epochs_in_words
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.config import Setting

UNIT_KEY = "train.length_unit"
SHARES = (3, 5)  # of the width: number, unit
UNITS: tuple[Unit, ...] = get_args(Unit)
DIGITS_SHOWN = 4  # of a number of epochs that was not typed


class Length(NamedTuple):
    """A length as the field shows it. A text that is no number stays a text, and is refused."""

    number: float | str
    unit: Unit


def show_length(mine: Draft, setting: Setting) -> None:
    """Draw the number, its unit, and what it means in the other unit."""
    length = length_of(mine, setting.value)
    key = key_for(name_of(LENGTH, mine.preset), length, held=lambda state: length_in(str(state), length.unit))
    changed = LENGTH in mine.changes
    left, right = st.columns(SHARES, gap="xsmall", vertical_alignment="bottom")
    with left:
        st.text_input(
            f"Train for{f' ({CHANGED})' if changed else ''}",
            length.number if isinstance(length.number, str) else text_of(length.number),
            key=key,
            help=help_text(setting, changed),
            on_change=take_length,
            args=(setting, key),
            live=TYPING_PAUSE,
        )
    with right:
        show_unit(mine, length.unit)
    if meaning := meaning_of(mine, length, setting.value):
        st.caption(meaning)


def show_unit(mine: Draft, unit: Unit) -> None:
    """Epochs or images; only images while the data set is not known."""
    key, units = key_for(UNIT_KEY, unit), UNITS if mine.images_in_epoch() else ("images",)
    st.selectbox(
        "Unit of the length",
        units,
        index=units.index(unit),
        key=key,
        label_visibility="collapsed",
        on_change=take_unit,
        args=(key,),
    )


def length_of(mine: Draft, images: Any) -> Length:
    """The length of a draft in the unit that its form shows; in images while the data set is not known."""
    in_epoch = mine.images_in_epoch()
    if mine.unit == "images" or not in_epoch or isinstance(images, str):
        return Length(images, "images" if not in_epoch else mine.unit)
    return Length(mine.epochs or float(f"{images / in_epoch:.{DIGITS_SHOWN}g}"), "epochs")


def length_in(text: str, unit: Unit) -> Length:
    """The length that was typed: `10`, `10 epochs`, `600,000 images`."""
    for word in UNITS:
        if text.rstrip().lower().endswith((word, word[:-1])):
            text, unit = text.rstrip()[: text.lower().rindex(word[:-1])], word
            break
    number = number_in(text, whole=unit == "images")
    return Length(text.strip() if number is None else number, unit)


def meaning_of(mine: Draft, length: Length, images: Any) -> str:
    """The length in the other unit."""
    in_epoch = mine.images_in_epoch()
    if isinstance(images, str) or not in_epoch:
        return ""
    if length.unit == "epochs":
        return f"{amount(images)} images shown"
    return f"{epochs_in_words(images / in_epoch)} of {amount(in_epoch)} images"


def take_length(_: Setting, key: str) -> None:
    """Put the length that was typed into the draft."""
    mine = draft()
    if not is_now(name_of(LENGTH, mine.preset), key):
        return
    number, unit = length_in(str(st.session_state[key]), unit_shown(mine))
    mine.unit = unit
    if unit == "epochs" and not isinstance(number, str):
        mine.change_epochs(float(number))
    else:
        mine.change(LENGTH, number)


def take_unit(key: str) -> None:
    """Show the same length in another unit."""
    mine = draft()
    if is_now(UNIT_KEY, key):
        mine.unit = st.session_state[key]


def unit_shown(mine: Draft) -> Unit:
    """The unit of a number that is typed without one."""
    return mine.unit if mine.images_in_epoch() else "images"

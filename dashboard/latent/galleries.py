"""The page's own components: JavaScript without a build step, each in a shadow tree, in the colours of the theme."""

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import streamlit as st

from dashboard.ui.component import component
from gan_core.numerics.shapes import Bytes


class Block(TypedDict):
    """Pictures as components take them."""

    pixels: str  # base64 of (B, S, S, C) bytes
    width: int
    height: int
    channels: int


class Cell(TypedDict):
    """What a gallery says of one picture; `value` is what a click gives back."""

    caption: str
    description: str
    badge: str
    chosen: bool
    value: Any


def block(pixels: Bytes) -> Block:
    """(B, C, H, W) uint8 for a component."""
    _, channels, height, width = pixels.shape
    raw = pixels.permute(0, 2, 3, 1).contiguous().numpy().tobytes()
    return {"pixels": base64.b64encode(raw).decode(), "width": width, "height": height, "channels": channels}


def cell(caption: str, description: str = "", badge: str = "", chosen: bool = False, value: Any = None) -> Cell:
    return {
        "caption": caption,
        "description": description or caption,
        "badge": badge,
        "chosen": chosen,
        "value": value,
    }


_gallery = component("gallery")
_frame_player = component("frame_player")


def gallery(
    key: str,
    title: str,
    pixels: Bytes,
    cells: Sequence[Cell],
    cell_pixels: int,
    on_pick: Callable[[], None] | None = None,
    strip: bool = False,
) -> None:
    """Pictures (B, C, S, S) in rows, at least `cell_pixels` wide. With `on_pick` they are buttons: see `picked`.

    A strip is one row, and its pictures are at most `cell_pixels` wide.
    """
    _gallery(
        key=key,
        data={
            "title": title,
            "block": block(pixels),
            "cells": list(cells),
            "cell": cell_pixels,
            "picks": on_pick is not None,
            "strip": strip,
        },
        on_picked_change=on_pick or nothing,
    )


def nothing() -> None:
    """What happens where nothing is to be picked."""


def picked(key: str) -> Any:
    """The value of the cell that was clicked: for the callback of a gallery."""
    return st.session_state[key]["picked"]


def film(
    key: str, title: str, pixels: Bytes, captions: Sequence[str], start: int, frames_per_second: int, round_: bool
) -> None:
    """Frames (B, C, S, S) with a scrubber and a button that plays them, over and over where `round_`."""
    _frame_player(
        key=key,
        data={
            "name": key,
            "title": title,
            "block": block(pixels),
            "captions": list(captions),
            "start": start,
            "frames_per_second": frames_per_second,
            "round": round_,
        },
    )

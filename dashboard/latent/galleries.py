"""Components that show several pictures: a gallery whose pictures can be clicked, and a player for animations."""

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import streamlit as st

from dashboard.ui.component import component
from gan_core.numerics.shapes import Bytes


class Block(TypedDict):
    """Pictures for a component."""

    pixels: str  # base64 of (B, S, S, C) bytes
    width: int
    height: int
    channels: int


class Cell(TypedDict):
    """One picture of a gallery. `value` is what a click returns."""

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


def show_gallery(
    key: str,
    title: str,
    pixels: Bytes,
    cells: Sequence[Cell],
    cell_pixels: int,
    on_pick: Callable[[], None] | None = None,
    strip: bool = False,
    rows: int = 0,
) -> None:
    """Pictures (B, C, S, S) in rows, each at least `cell_pixels` wide. With `on_pick` they are buttons: see `picked`.

    A strip is a single row whose pictures are at most `cell_pixels` wide. With `rows` the gallery has so many rows,
    filled column by column, and scrolls sideways.
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
            "rows": rows,
        },
        on_picked_change=on_pick or do_nothing,
    )


def do_nothing() -> None:
    """The callback of a gallery whose pictures cannot be clicked."""


def picked(key: str) -> Any:
    """In the callback of a gallery: the value of the cell that was clicked."""
    return st.session_state[key]["picked"]


def show_frames(
    key: str, title: str, pixels: Bytes, captions: Sequence[str], start: int, frames_per_second: int, loop: bool
) -> None:
    """Frames (B, C, S, S) with a slider and a button that plays them. `start` is the frame shown first, from 0."""
    _frame_player(
        key=key,
        data={
            "name": key,
            "title": title,
            "block": block(pixels),
            "captions": list(captions),
            "start": start,
            "frames_per_second": frames_per_second,
            "round": loop,
        },
    )

"""Forms that download pictures and animations. Every pixel becomes a square of whole pixels."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.ui.text import as_sentence

if TYPE_CHECKING:  # torch: the Train page imports this file before torch is there
    from gan_core.numerics.shapes import Bytes
    from gan_core.pictures.animation import AnimationFormat

LARGEST_SCALE = 32
LARGEST_ANIMATION_SCALE = 16
USUAL_SCALE = 8
LARGEST_SIDE_PIXELS = 16_000  # many programs cannot open larger pictures
USUAL_FRAMES_PER_SECOND = 12


def show_picture_popover(key: str, pixels: "Bytes", columns: int, name: str, word: str = "PNG") -> None:
    """`show_picture_form` behind a button."""
    with st.popover(word, icon=":material/download:"):
        show_picture_form(key, pixels, columns, name)


def show_animation_popover(key: str, pixels: "Bytes", name: str) -> None:
    """`show_animation_form` behind a button."""
    with st.popover("Animation", icon=":material/movie:"):
        show_animation_form(key, pixels, name)


def show_picture_form(key: str, pixels: "Bytes", columns: int, name: str) -> None:
    """Download (B, C, H, W) uint8 as one PNG."""
    most = largest_scale(pixels, columns)
    usual = min(USUAL_SCALE, most)
    scale = int(st.number_input("Scale", 1, most, usual, key=f"{key}.scale", help="Screen pixels for each pixel."))
    width, height = columns * pixels.shape[-1] * scale, -(-len(pixels) // columns) * pixels.shape[-2] * scale
    st.caption(f"{width:,} x {height:,} pixels, lossless.")

    def make() -> bytes:
        from gan_core.pictures.render import enlarged, grid, png

        return png(enlarged(grid(pixels, columns), scale))

    show_download(key, "Download PNG", make, f"{name}.png", "image/png")


def show_animation_form(key: str, pixels: "Bytes", name: str) -> None:
    """Download the frames (B, C, S, S) uint8 as an animation."""
    from gan_core.pictures.animation import ENCODERS, film
    from gan_core.pictures.render import grid

    form, rate = show_format_and_rate(key, USUAL_FRAMES_PER_SECOND)
    scale = int(st.number_input("Animation scale", 1, LARGEST_ANIMATION_SCALE, USUAL_SCALE, key=f"{key}.scale"))
    side = pixels.shape[-1] * scale
    st.caption(f"{len(pixels)} frames of {side:,} x {side:,} pixels, {len(pixels) / rate:.1f} s.")

    def make() -> bytes:
        return film([grid(frame[None], 1) for frame in pixels], form, rate, scale)

    show_download(key, "Download animation", make, f"{name}.{form}", ENCODERS[form].mime)


def show_format_and_rate(key: str, usual_rate: int) -> "tuple[AnimationFormat, int]":
    """The format of an animation, of those that can be made here, and its frames per second."""
    from gan_core.pictures.animation import MOST_FRAMES_PER_SECOND, NO_FFMPEG, formats_here

    formats = formats_here()
    chosen = st.segmented_control(
        "Format", formats, default=formats[0], required=True, format_func=str.upper, key=f"{key}.format"
    )
    if "mp4" not in formats:
        st.caption(as_sentence(NO_FFMPEG))
    rate = int(st.number_input("Frames per second", 1, MOST_FRAMES_PER_SECOND, usual_rate, key=f"{key}.rate"))
    return chosen if chosen in formats else formats[0], rate


def show_download(key: str, word: str, make: Callable[[], bytes], file_name: str, mime: str) -> None:
    """A button that makes the file when it is pressed."""
    st.download_button(word, make, file_name=file_name, mime=mime, on_click="ignore", key=f"{key}.download")


def largest_scale(pixels: "Bytes", columns: int) -> int:
    """The largest scale at which no side is longer than LARGEST_SIDE_PIXELS."""
    side = max(columns * pixels.shape[-1], -(-len(pixels) // columns) * pixels.shape[-2])
    return max(1, min(LARGEST_SCALE, LARGEST_SIDE_PIXELS // side))

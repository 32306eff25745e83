"""Pictures and films to take away: every pixel a square of whole pixels, as large as one likes."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.ui.text import as_sentence
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.animation import ENCODERS, MOST_FRAMES_PER_SECOND, NO_FFMPEG, AnimationFormat, film, formats_here
from gan_core.pictures.render import enlarged, grid, png

LARGEST_SCALE = 32
LARGEST_FILM_SCALE = 16
USUAL_SCALE = 8
LARGEST_SIDE_PIXELS = 16_000
FRAMES_PER_SECOND = 12


def picture(key: str, pixels: Bytes, columns: int, name: str, word: str = "PNG") -> None:
    """A popover that gives (B, C, H, W) as one PNG."""
    with st.popover(word, icon=":material/download:"):
        as_picture(key, pixels, columns, name)


def moving(key: str, pixels: Bytes, name: str) -> None:
    """A popover that gives the frames (B, C, S, S) as a film."""
    with st.popover("Film", icon=":material/movie:"):
        as_film(key, pixels, name)


def as_picture(key: str, pixels: Bytes, columns: int, name: str) -> None:
    """The scale, and the button that gives the PNG."""
    most = largest_scale(pixels, columns)
    usual = min(USUAL_SCALE, most)
    scale = int(st.number_input("Scale", 1, most, usual, key=f"{key}.scale", help="Screen pixels for each pixel."))
    width, height = columns * pixels.shape[-1] * scale, -(-len(pixels) // columns) * pixels.shape[-2] * scale
    st.caption(f"{width:,} x {height:,} pixels, without loss.")
    give(key, "Download PNG", lambda: png(enlarged(grid(pixels, columns), scale)), f"{name}.png", "image/png")


def as_film(key: str, pixels: Bytes, name: str) -> None:
    """The format, the rate and the scale, and the button that gives the film."""
    formats: Sequence[AnimationFormat] = formats_here()
    chosen = st.segmented_control(
        "Format", formats, default=formats[0], required=True, format_func=str.upper, key=f"{key}.format"
    )
    if "mp4" not in formats:
        st.caption(as_sentence(NO_FFMPEG))
    form: AnimationFormat = chosen if chosen in formats else formats[0]
    rate = int(st.number_input("Frames a second", 1, MOST_FRAMES_PER_SECOND, FRAMES_PER_SECOND, key=f"{key}.rate"))
    scale = int(st.number_input("Film scale", 1, LARGEST_FILM_SCALE, USUAL_SCALE, key=f"{key}.scale"))
    side = pixels.shape[-1] * scale
    st.caption(f"{len(pixels)} frames of {side:,} x {side:,} pixels, {len(pixels) / rate:.1f} s.")
    frames = [grid(frame[None], 1) for frame in pixels]
    give(key, "Download film", lambda: film(frames, form, rate, scale), f"{name}.{form}", ENCODERS[form].mime)


def give(key: str, word: str, made: Callable[[], bytes], file_name: str, mime: str) -> None:
    """A button whose file is made when it is pressed."""
    st.download_button(word, made, file_name=file_name, mime=mime, on_click="ignore", key=f"{key}.download")


def largest_scale(pixels: Bytes, columns: int) -> int:
    """The scale at which no side is longer than what every program opens."""
    side = max(columns * pixels.shape[-1], -(-len(pixels) // columns) * pixels.shape[-2])
    return max(1, min(LARGEST_SCALE, LARGEST_SIDE_PIXELS // side))

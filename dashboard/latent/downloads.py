"""Pictures and films to take away: every pixel a square of whole pixels, as large as one likes."""

from collections.abc import Callable, Sequence

import streamlit as st

from gan_core.films import MEDIA, MOST_FRAMES_PER_SECOND, FilmFormat, film, formats_here
from gan_core.render import enlarged, grid, png
from gan_core.shapes import Bytes

LARGEST_SCALE = 32
LARGEST_SIDE_PIXELS = 16_000
FRAMES_PER_SECOND = 12


def picture(key: str, pixels: Bytes, columns: int, name: str) -> None:
    """A popover that gives (B, C, H, W) as one PNG."""
    with st.popover("PNG", icon=":material/download:"):
        most = largest_scale(pixels, columns)
        scale = st.number_input(
            "Scale", 1, most, min(8, most), key=f"{key}.scale", help="Screen pixels for each pixel."
        )
        width, height = columns * pixels.shape[-1] * scale, -(-len(pixels) // columns) * pixels.shape[-2] * scale
        st.caption(f"{width:,} x {height:,} pixels, without loss.")
        st.download_button(
            "Download",
            lambda: png(enlarged(grid(pixels, columns), int(scale))),
            file_name=f"{name}.png",
            mime="image/png",
            on_click="ignore",
            key=f"{key}.download",
        )


def largest_scale(pixels: Bytes, columns: int) -> int:
    """The scale at which no side is longer than what every program opens."""
    side = max(columns * pixels.shape[-1], -(-len(pixels) // columns) * pixels.shape[-2])
    return max(1, min(LARGEST_SCALE, LARGEST_SIDE_PIXELS // side))


def moving(key: str, frames: Callable[[], Bytes], count: int, size: int, name: str) -> None:
    """A popover that gives `count` frames (count, C, S, S) as a film; they are made when it is asked for."""
    with st.popover("Film", icon=":material/movie:"):
        formats: Sequence[FilmFormat] = formats_here()
        chosen = st.segmented_control(
            "Format", formats, default=formats[0], required=True, format_func=str.upper, key=f"{key}.format"
        )
        format_name: FilmFormat = chosen if chosen in formats else formats[0]
        rate = st.number_input("Frames a second", 1, MOST_FRAMES_PER_SECOND, FRAMES_PER_SECOND, key=f"{key}.rate")
        scale = st.number_input("Scale", 1, 16, 8, key=f"{key}.scale", help="Screen pixels for each pixel.")
        st.caption(f"{count} frames of {size * scale:,} x {size * scale:,} pixels, {count / rate:.1f} s.")
        st.download_button(
            "Download",
            lambda: film([grid(frame[None], 1) for frame in frames()], format_name, int(rate), int(scale)),
            file_name=f"{name}.{format_name}",
            mime=MEDIA[format_name].mime,
            on_click="ignore",
            key=f"{key}.download",
        )

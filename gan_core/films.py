"""Frames as a moving picture: WebP and GIF by Pillow, MP4 where the program ffmpeg is installed."""

from collections.abc import Callable, Mapping
from typing import Literal

from gan_core.render import Picture

FilmFormat = Literal["webp", "gif", "mp4"]
MOST_PIXELS = 400_000_000  # of all frames together


class FilmError(ValueError):
    """A film that cannot be made, in one sentence."""


def film(frames: list[Picture], format_name: FilmFormat, frames_per_second: int = 25, scale: int = 1) -> bytes:
    """The bytes of a film that starts over when it ends; every pixel of a frame becomes scale x scale pixels.

    Raises FilmError: no frames, frames of different sizes, too large, no ffmpeg.
    """
    raise NotImplementedError


def available_formats() -> list[FilmFormat]:
    """The formats that can be made on this machine."""
    raise NotImplementedError


FILMS: Mapping[FilmFormat, Callable[[list[Picture], int], bytes]] = {}

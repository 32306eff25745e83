"""Small pictures enlarged for the screen: every pixel becomes a square of whole screen pixels."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import streamlit as st
from PIL import Image

from gan_core.runs.atomic_files import written_ns
from gan_core.runs.store import RunSummary

WANTED_PIXELS = 480  # the longer side of a picture that is shown alone
THUMBNAIL_PIXELS = 112  # the longer side of a thumbnail, at most
GRID_PART = 2  # a thumbnail shows 1/2 of the rows and 1/2 of the columns of a sample grid


@st.cache_data(max_entries=64, show_spinner=False)
def enlarged(png: bytes) -> bytes:
    """A PNG enlarged by a whole factor to about WANTED_PIXELS."""
    picture = Image.open(BytesIO(png))
    return magnified(picture, max(1, round(WANTED_PIXELS / max(picture.size))))


def thumbnail_of(run: RunSummary) -> bytes | None:
    """A part of the newest sample grid as a PNG; None if the run has no readable sample grid."""
    path = Path(run.newest_sample or "")
    return upper_left_part(str(path), written_ns(path)) if run.newest_sample else None


@lru_cache(maxsize=2000)
def upper_left_part(path: str, written_ns: int) -> bytes | None:
    """The upper left quarter of a picture file, enlarged. `written_ns` makes a changed file a new cache entry."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            part = picture.crop((0, 0, picture.width // GRID_PART, picture.height // GRID_PART))
    except (OSError, SyntaxError, ValueError):
        return None
    return magnified(part, max(1, THUMBNAIL_PIXELS // max(part.size)))


def magnified(picture: Image.Image, factor: int) -> bytes:
    """A picture as a PNG, enlarged by a whole factor without smoothing."""
    large = picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
    stream = BytesIO()
    large.save(stream, "PNG", compress_level=1)
    return stream.getvalue()

"""A small piece of the newest sample grid, crisp."""

from io import BytesIO
from pathlib import Path

import streamlit as st
from PIL import Image

from gan_core.runs import RunSummary
from gan_core.vault import written_ns

WANTED_PIXELS = 112  # a side
SHARE = 2  # of the grid's eight rows and columns, one in so many are shown


def thumbnail(run: RunSummary) -> bytes | None:
    """A PNG, or None where the run has no picture that can be read."""
    path = Path(run.newest_sample or "")
    return cut_out(str(path), written_ns(path)) if run.newest_sample else None


@st.cache_data(max_entries=1000, show_spinner=False)
def cut_out(path: str, written: int) -> bytes | None:
    """The upper left quarter of the picture, every pixel a square of whole pixels. `written` is when it was."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            piece = picture.crop((0, 0, picture.width // SHARE, picture.height // SHARE))
    except (OSError, SyntaxError, ValueError):
        return None
    times = max(1, round(WANTED_PIXELS / max(piece.size)))
    stream = BytesIO()
    piece.resize((piece.width * times, piece.height * times), Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue()

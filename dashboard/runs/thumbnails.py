"""A small piece of the newest sample grid, crisp.

It travels inside the page: a run that trains makes new pictures sooner than a busy browser fetches the old ones.
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import streamlit as st
from PIL import Image

from gan_core.runs.checkpoints import written_ns
from gan_core.runs.store import RunSummary

SIDE_PIXELS = 112  # at most
SHARE = 2  # of the grid's eight rows and columns, one in so many are shown


def thumbnail(run: RunSummary) -> str | None:
    """A PNG as a data URL, or None where the run has no picture that can be read."""
    path = Path(run.newest_sample or "")
    png = cut_out(str(path), written_ns(path)) if run.newest_sample else None
    return f"data:image/png;base64,{b64encode(png).decode()}" if png else None


@st.cache_data(max_entries=1000, show_spinner=False)
def cut_out(path: str, written: int) -> bytes | None:
    """The upper left quarter of the picture, every pixel a square of whole pixels. `written` is when it was."""
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            piece = picture.crop((0, 0, picture.width // SHARE, picture.height // SHARE))
    except (OSError, SyntaxError, ValueError):
        return None
    times = max(1, SIDE_PIXELS // max(piece.size))
    stream = BytesIO()
    piece.resize((piece.width * times, piece.height * times), Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue()

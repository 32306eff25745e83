"""Sample grids as the page shows them: native pixels on disk, crisp squares on the screen."""

from io import BytesIO

import streamlit as st
from PIL import Image

WANTED_PIXELS = 480  # the longer side on the screen


@st.cache_data(max_entries=64, show_spinner=False)
def enlarged(png: bytes) -> bytes:
    """A PNG whose every pixel is a square of whole pixels, as near to WANTED_PIXELS as that allows."""
    picture = Image.open(BytesIO(png))
    times = max(1, round(WANTED_PIXELS / max(picture.size)))
    large = picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)
    stream = BytesIO()
    large.save(stream, "PNG", compress_level=1)
    return stream.getvalue()

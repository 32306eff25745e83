"""Decoded copies of images: how much of the disk they take, and a button that removes them."""

import streamlit as st

from dashboard.runs.actions import PLACE
from dashboard.ui.actions import Done, attempt, report
from dashboard.ui.text import escaped, size
from gan_core.data.cache_folder import cache_folder, cached_bytes, data_root, empty_cache


def show_image_cache() -> None:
    """Nothing if there is no copy."""
    taken = cached_bytes(data_root())
    if not taken:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-image-cache"):
        text = f"Decoded copies of images take {size(taken)} in {cache_folder(data_root())}."
        st.caption(escaped(text), width="content")
        st.button(
            "Empty",
            key="runs.empty_cache",
            type="tertiary",
            icon=":material/delete_sweep:",
            on_click=attempt,
            args=(empty, taken),
            help="No image and no run is lost: what is needed again is decoded again.",
        )


def empty(taken: int) -> None:
    """Callback of the button."""
    empty_cache(data_root())
    report(Done(PLACE, f"Decoded copies of images were removed: {size(taken)}."))

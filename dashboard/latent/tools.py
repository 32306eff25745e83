"""What else can be done with the latent on the screen, in tabs; only the open one is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import shell
from dashboard.latent import between, classes, lens, seek, takeaway, travel
from dashboard.latent.darkroom import Place
from dashboard.latent.scene import Bench

TOOLS: Mapping[str, Callable[[Bench, Place], None]] = {
    "Through time": travel.show,  # first, since it is light: the browser looks at every element for each live picture
    "Between seeds": between.show,
    "Discriminator's lens": lens.show,
    "Into the latent space": seek.show,
    "Classes": classes.show,
    "Take away": takeaway.show,
}


def tabs(bench: Bench, place: Place) -> None:
    """The tabs and what is in the open one."""
    for tab, draw in zip(st.tabs(list(TOOLS), key="latent.tab", on_change="rerun"), TOOLS.values(), strict=True):
        if tab.open:
            with tab, shell.sentences():
                draw(bench, place)

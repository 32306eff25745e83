"""What else can be done with the latent on the screen, in tabs; only the open one is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.latent import class_picker
from dashboard.latent.edit import Bench
from dashboard.latent.generate import Place
from dashboard.latent.tabs import discriminator_view, export, interpolation, inversion, timeline

TOOLS: Mapping[str, Callable[[Bench, Place], None]] = {
    "Through time": timeline.show,  # first, since it is light: the browser looks at every element for each live picture
    "Between seeds": interpolation.show,
    "Discriminator's lens": discriminator_view.show,
    "Into the latent space": inversion.show,
    "Classes": class_picker.show,
    "Take away": export.show,
}


def tabs(bench: Bench, place: Place) -> None:
    """The tabs and what is in the open one."""
    for tab, draw in zip(st.tabs(list(TOOLS), key="latent.tab", on_change="rerun"), TOOLS.values(), strict=True):
        if tab.open:
            with tab, error_boundary():
                draw(bench, place)

"""The tabs beside the picture, below the sliders. Only the open tab is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.latent.class_picker import show_all_classes
from dashboard.latent.edit import EditHistory
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.tabs.discriminator_view import show_discriminator_view
from dashboard.latent.tabs.export import show_export
from dashboard.latent.tabs.interpolation import show_interpolation
from dashboard.latent.tabs.inversion import show_inversion
from dashboard.latent.tabs.timeline import show_timeline

TABS: Mapping[str, Callable[[EditHistory, SnapshotRef], None]] = {
    "Through training": show_timeline,  # the first is open at the start; it has few elements, so a drag stays fast
    "Interpolation": show_interpolation,
    "D's opinion": show_discriminator_view,
    "Find a picture": show_inversion,
    "Classes": show_all_classes,
    "Download and code": show_export,
}


def show_tabs(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The tabs and the content of the open one."""
    for tab, show in zip(st.tabs(list(TABS), key="latent.tab", on_change="rerun"), TABS.values(), strict=True):
        if tab.open:
            with tab, error_boundary():
                show(history, snapshot)

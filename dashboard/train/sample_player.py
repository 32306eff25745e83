"""The sample grids of a run: the same 64 latents untrained and at every epoch since.

The component fetches the list of the grids and the grids themselves (see `live_data` and components/sample_player).
"""

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.train import curves, live_data, save_samples, status_text
from dashboard.ui.component import component
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.store import RunStore, RunSummary

_sample_player = component("sample_player")


def show_samples(store: RunStore, run: RunSummary) -> None:
    """The player and its popover for saving, or a placeholder before the first picture."""
    if run.newest_sample is None:
        show_no_picture(run)
        return
    _sample_player(key="train.samples", data=live_data.followed(run))

    @st.fragment
    def save() -> None:
        with error_boundary():
            save_samples.show_popover(store, run)

    save()


def show_no_picture(run: RunSummary) -> None:
    """A placeholder of the picture's size, animated while the first picture is expected."""
    if run.status in NEED_A_TRAINER:
        st.skeleton(height=curves.HEIGHT_PIXELS)
        st.caption(status_text.no_picture(run.status))
        return
    with st.container(
        border=True, height=curves.HEIGHT_PIXELS, horizontal_alignment="center", vertical_alignment="center"
    ):
        st.caption(status_text.no_picture(run.status), width="content")

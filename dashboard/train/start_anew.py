"""After a failure that the settings of the run caused: a button that takes these settings into the form."""

import streamlit as st

from dashboard.train import sidebar, status_text
from dashboard.ui import actions
from gan_core.runs.store import RunStore, RunSummary


def show_start_anew(store: RunStore, run: RunSummary) -> None:
    """The button; nothing for any other run."""
    if status_text.needs_other_settings(run):
        st.button(
            "Correct the settings and start anew",
            key="train.start_anew",
            icon=":material/edit:",
            on_click=actions.attempt,
            args=(sidebar.take_settings_of, store, run.name),
            help="Fills the form in the sidebar with the settings of this run: correct them there, then press Start.",
        )

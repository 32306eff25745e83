"""The Latent page: pickers and tools at the top, seeds on the left, the picture with its sliders, tabs below."""

import streamlit as st

from dashboard.latent import run_and_snapshot, visit
from dashboard.latent.class_picker import show_class_picker
from dashboard.latent.editor import show_editor
from dashboard.latent.expression_box import show_expression
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.native_sliders import show_native_editor
from dashboard.latent.seed_grid import show_seed_grid
from dashboard.latent.tabs.bar import show_tabs
from dashboard.latent.toolbar import prefers_native_sliders, show_slider_choice, show_toolbar
from dashboard.ui.actions import show_refusal
from dashboard.ui.pulse import Pulse
from gan_core.runs.store import RunStore, RunSummary

SHARES = (3, 8)  # of the width: seeds, everything else


def show_page(store: RunStore) -> None:
    """The whole page."""
    name = run_and_snapshot.run_to_show()
    pulse = Pulse(lambda: run_and_snapshot.signature(name))
    runs = store.runs()
    run = next((run for run in runs if run.name == name), None)
    st.title("Latent", anchor=False)
    header = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    if runs:
        with header:
            run_and_snapshot.show_pickers(runs, run)
    snapshot = run_and_snapshot.selected_snapshot(run)
    if run is not None and snapshot is not None:
        show_snapshot(run, snapshot, header)
    pulse.start(run_and_snapshot.seconds_between_checks())


def show_snapshot(run: RunSummary, snapshot: SnapshotRef, header: st.delta_generator.DeltaGenerator) -> None:
    """Everything below the pickers, and the toolbar beside them."""
    history = visit.edit_history(snapshot)
    with header:
        show_toolbar(history, snapshot)
    run_and_snapshot.show_caption(run, snapshot)
    show_refusal()
    left, right = st.columns(SHARES, gap="medium")
    with left:
        show_class_picker(history, snapshot)
        show_seed_grid(history, snapshot)
        show_slider_choice()
    with right:
        show_expression(history)
        (show_native_editor if prefers_native_sliders() else show_editor)(history, snapshot)
    show_tabs(history, snapshot)
    visit.write_address(history, snapshot)

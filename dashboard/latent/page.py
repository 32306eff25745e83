"""The Latent page on one screen: tools above; below, side by side, seeds, the picture, and sliders with tabs."""

import streamlit as st

from dashboard.latent import native_sliders, run_and_snapshot, visit
from dashboard.latent.class_picker import show_class_picker
from dashboard.latent.edit import EditHistory
from dashboard.latent.editor import show_editor, show_picture
from dashboard.latent.expression_box import show_expression, show_problem_of_expression
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.seed_grid import show_seed_grid
from dashboard.latent.tabs.bar import show_tabs
from dashboard.latent.toolbar import prefers_native_sliders, show_toolbar
from dashboard.ui import run_picker
from dashboard.ui.actions import place_for_notices, show_refusal
from dashboard.ui.pulse import Pulse
from gan_core.runs.store import RunStore

SHARES = (2.3, 4.02, 6)  # of the width: seeds, picture (448 pixels in a window of 1440), sliders and tabs


def show_page(store: RunStore) -> None:
    """The whole page."""
    name = run_picker.run_in_address()
    run_and_snapshot.follow_link()
    pulse = Pulse(lambda: run_and_snapshot.signature(name))
    run = run_picker.selected_run(store.runs())
    tools = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="latent-tools")
    if run is not None:
        with tools:
            run_and_snapshot.show_snapshot_list(run)
    snapshot = run_and_snapshot.selected_snapshot(run)
    if snapshot is not None:
        show_snapshot(snapshot, tools)
    pulse.start(run_and_snapshot.seconds_between_checks())


def show_snapshot(snapshot: SnapshotRef, tools: st.delta_generator.DeltaGenerator) -> None:
    """The tools beside the pickers, and everything below."""
    history = visit.edit_history(snapshot)
    with tools:
        show_class_picker(history, snapshot)
        show_expression(history)
        show_toolbar(history, snapshot)
    with place_for_notices():
        show_problem_of_expression()
        show_refusal()
    seeds, picture, sliders = st.columns(SHARES, gap="small")
    with seeds:
        show_seed_grid(history, snapshot)
    show_picture_and_sliders(history, snapshot, picture, sliders)
    with sliders:
        show_tabs(history, snapshot)
    visit.write_address(history, snapshot)


def show_picture_and_sliders(
    history: EditHistory,
    snapshot: SnapshotRef,
    picture: st.delta_generator.DeltaGenerator,
    sliders: st.delta_generator.DeltaGenerator,
) -> None:
    """The picture and its sliders, in the form that the visitor prefers."""
    native = prefers_native_sliders()
    with picture:
        if native:
            native_sliders.show_native_picture(history, snapshot)
        else:
            show_picture()
    with sliders:
        (native_sliders.show_native_editor if native else show_editor)(history, snapshot)

"""How the Latent page is put together."""

from collections.abc import Sequence

import streamlit as st

from dashboard.latent import (
    class_picker,
    editor,
    expression_box,
    native_sliders,
    run_and_snapshot,
    seed_grid,
    toolbar,
    visit,
)
from dashboard.latent.tabs import bar
from gan_core.runs.store import RunSummary

SHARES = (3, 8)  # of the width: seeds, everything else


def show(runs: Sequence[RunSummary]) -> None:
    """All of it."""
    run = run_and_snapshot.chosen(runs)
    st.title("Latent", anchor=False)
    header = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    if runs:
        with header:
            run_and_snapshot.pickers(runs, run)
    place = run_and_snapshot.place(run)
    if run is not None and place is not None:
        bench = visit.bench(place)
        with header:
            toolbar.show(bench, place)
        run_and_snapshot.standing(run, place)
        editor.refusals()
        left, right = st.columns(SHARES, gap="medium")
        with left:
            class_picker.choice(bench, place)
            seed_grid.sheet(bench, place)
            toolbar.plain_choice()
        with right:
            expression_box.box(bench)
            (native_sliders if toolbar.plain() else editor).live(bench, place)
        bar.tabs(bench, place)
        visit.write_address(bench, place)
    run_and_snapshot.watch(run, place)

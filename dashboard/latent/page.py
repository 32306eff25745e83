"""How the Latent page is put together."""

from collections.abc import Sequence

import streamlit as st

from dashboard.latent import arithmetic, classes, plain, seeds, stage, table, toolbar, tools, where
from gan_core.runs import RunSummary

SHARES = (3, 8)  # of the width: seeds, everything else


def show(runs: Sequence[RunSummary]) -> None:
    """All of it."""
    run = where.chosen(runs)
    st.title("Latent", anchor=False)
    header = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    if runs:
        with header:
            where.pickers(runs, run)
    place = where.place(run)
    if run is not None and place is not None:
        bench = table.bench(place)
        with header:
            toolbar.show(bench, place)
        where.standing(run, place)
        stage.refusals()
        left, right = st.columns(SHARES, gap="medium")
        with left:
            classes.choice(bench, place)
            seeds.sheet(bench, place)
            toolbar.plain_choice()
        with right:
            arithmetic.box(bench)
            (plain if toolbar.plain() else stage).live(bench, place)
        tools.tabs(bench, place)
        table.write_address(bench, place)
    where.watch(run, place)

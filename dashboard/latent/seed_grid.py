"""A grid of numbered seeds. A click puts a seed on the shelf or takes it off."""

import streamlit as st

from dashboard.latent import editor, generate
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.latent.galleries import cell, picked, show_gallery
from dashboard.latent.generate import SnapshotRef
from gan_core.latent.expression import LARGEST_SEED
from gan_core.numerics.shapes import Bytes

KEY = "latent.seeds"
FIRST_KEY = "latent.first_seed"
COUNT = 40
CELL_PIXELS = 38


def show_seed_grid(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The number of the first seed, and the pictures of COUNT seeds from there."""
    first = int(st.session_state.setdefault(FIRST_KEY, 0))
    st.number_input(
        "First seed shown",
        0,
        LARGEST_SEED - COUNT,
        step=COUNT,
        key=FIRST_KEY,
        help="Every number gives a latent, the same in every run with latents of this size. "
        "A click puts it on the shelf, a second click takes it off.",
    )
    letters = {item.source: item.letter for item in history.edit.shelf}
    cells = [
        cell(
            str(seed),
            f"Seed {seed}{f', on the shelf as {letters[seed]}' if seed in letters else ''}",
            badge=letters.get(seed, ""),
            chosen=seed in letters,
            value=seed,
        )
        for seed in range(first, first + COUNT)
    ]
    pixels = seed_pixels(history.edit, snapshot)
    show_gallery(KEY, "Numbered seeds", pixels, cells, CELL_PIXELS, on_pick=lambda: take_seed(history))


def seed_pixels(edit: LatentEdit, snapshot: SnapshotRef) -> Bytes:
    """(COUNT, C, S, S) uint8: the seeds in the grid."""
    return generate.render_seeds(int(st.session_state.get(FIRST_KEY, 0)), COUNT, snapshot, edit.condition)


def take_seed(history: EditHistory) -> None:
    """Callback: a seed was clicked."""
    seed = picked(KEY)
    if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED:
        editor.attempt_change(history, lambda edit: with_seed_toggled(edit, seed))


def with_seed_toggled(edit: LatentEdit, seed: int) -> LatentEdit:
    """Put the seed on the shelf, or take it off if it is there."""
    item = edit.item_of(seed)
    return edit.without(item.letter) if item else edit.with_source(seed)

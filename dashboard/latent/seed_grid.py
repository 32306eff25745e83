"""The contact sheet: numbered seeds, a click puts one on the shelf."""

import streamlit as st

from dashboard.latent import editor, galleries, generate
from dashboard.latent.edit import Bench, Scene
from dashboard.latent.generate import Place
from gan_core.latent.expression import LARGEST_SEED
from gan_core.numerics.shapes import Bytes

KEY = "latent.seeds"
FIRST_KEY = "latent.first_seed"
COUNT = 40
CELL_PIXELS = 50


def sheet(bench: Bench, place: Place) -> None:
    """All of it: where to begin, and the pictures."""
    first = int(st.session_state.setdefault(FIRST_KEY, 0))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            "Seeds from",
            0,
            LARGEST_SEED - COUNT,
            step=COUNT,
            key=FIRST_KEY,
            help="Every number is a latent, the same in every run with latents of this size. "
            "A click puts it on the shelf, another one takes it down.",
        )
    letters = {thing.source: thing.letter for thing in bench.scene.shelf}
    cells = [
        galleries.cell(
            str(seed),
            f"Seed {seed}{f', on the shelf as {letters[seed]}' if seed in letters else ''}",
            badge=letters.get(seed, ""),
            chosen=seed in letters,
            value=seed,
        )
        for seed in range(first, first + COUNT)
    ]
    shown = pixels(bench.scene, place)
    galleries.gallery(KEY, "Numbered seeds", shown, cells, CELL_PIXELS, on_pick=lambda: pick(bench))


def pixels(scene: Scene, place: Place) -> Bytes:
    """(COUNT, C, S, S) uint8: the seeds on the sheet."""
    return generate.seeds(int(st.session_state.get(FIRST_KEY, 0)), COUNT, place, scene.told)


def pick(bench: Bench) -> None:
    """A seed was clicked."""
    seed = galleries.picked(KEY)
    if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED:
        editor.attempt(bench, lambda scene: toggled(scene, seed))


def toggled(scene: Scene, seed: int) -> Scene:
    """On the shelf, or off it where it lay there."""
    there = scene.thing_of(seed)
    return scene.dropped(there.letter) if there else scene.picked(seed)

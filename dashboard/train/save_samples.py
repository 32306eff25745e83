"""Sample grids as files: the shown one, all of them as an animation, one latent over time. A file is made on demand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st

from dashboard.ui.component import component
from dashboard.ui.downloads import LARGEST_SIDE_PIXELS, show_download, show_format_and_rate
from dashboard.ui.text import amount
from gan_core.pictures.grid_layout import GRID_COLUMNS, GRID_SEEDS, LIFE_PICTURES, evenly, thinned
from gan_core.runs.store import RunStore, RunSummary

Thing = Literal["grid", "film", "life"]

KEY = "train.save"
FEWEST_FRAMES = 2
USUAL_FRAMES = 120
FRAMES_PER_SECOND = 5
LARGEST_SCALE = 16
LARGEST_FILM_SIDE_PIXELS = 8_000  # two such frames are the most that a film may hold
USUAL_SIDE_PIXELS = 450
USUAL_CELL_PIXELS = 112


_shown_sample = component("shown_sample")


class Shown(NamedTuple):
    """What the sample player shows: a sample by images seen (None: the newest), and the open seed, if any."""

    images_seen: int | None = None
    seed: int | None = None


def show_popover(store: RunStore, run: RunSummary) -> None:
    """The popover below the sample player. A component in it hears what the player shows."""
    with st.popover("Save", icon=":material/download:", key=f"{KEY}.popover", on_change="rerun") as popover:
        if popover.open:  # its content needs torch
            choose(store, run, shown_of((st.session_state.get(f"{KEY}.shown") or {}).get("shown"), run.name))
    _shown_sample(key=f"{KEY}.shown", height=1, on_shown_change=lambda: None)


def shown_of(said: Any, run: str) -> Shown:
    """What the player shows, from a browser's message. Ignores other runs and invalid values."""
    if not isinstance(said, Mapping) or said.get("run") != run:
        return Shown()
    images_seen, seed = said.get("images_seen"), said.get("seed")
    return Shown(
        images_seen if isinstance(images_seen, int) and images_seen >= 0 else None,
        seed if isinstance(seed, int) and 0 <= seed < len(GRID_SEEDS) else None,
    )


def choose(store: RunStore, run: RunSummary, shown: Shown) -> None:
    """Choose what to save, and its size."""
    marks = [images_seen for images_seen, _ in store.samples(run.name).clocks()]
    words: dict[Thing, str] = {"grid": "This grid", "film": "Animation"}
    if shown.seed is not None:
        words["life"] = f"Seed {shown.seed} through training"
    chosen = st.segmented_control(
        "What", list(words), default="grid", required=True, format_func=words.__getitem__, key=f"{KEY}.what"
    )
    side = image_size(str(store.root), run.name, run.created)
    if chosen == "film":
        choose_animation(store, run.name, marks, side * GRID_COLUMNS)
    elif chosen == "life" and shown.seed is not None:
        choose_life(store, run.name, marks, shown.seed, side)
    else:
        choose_grid(
            store, run.name, shown.images_seen if shown.images_seen in marks else marks[-1], side * GRID_COLUMNS
        )


@st.cache_data(max_entries=64, show_spinner=False)
def image_size(root: str, run: str, created: str) -> int:
    """The side of one image in pixels. `created` tells apart runs that had the same name."""
    return RunStore(Path(root)).config(run).data.image_size


def choose_grid(store: RunStore, run: str, mark: int, side: int) -> None:
    """One sample grid."""
    times = scale("grid", max(1, USUAL_SIDE_PIXELS // side), LARGEST_SIDE_PIXELS // side)
    st.caption(f"After {amount(mark)} images: {side * times:,} x {side * times:,} pixels, without loss.")

    def made() -> bytes:
        from gan_core.pictures.render import enlarged, png

        return png(enlarged(store.samples(run).pictures([mark])[0], times))

    show_download(f"{KEY}.grid", "Download PNG", made, f"{run}-{mark}.png", "image/png")


def choose_life(store: RunStore, run: str, marks: list[int], seed: int, side: int) -> None:
    """One latent through training, from left to right, as on the page."""
    from gan_core.pictures.sample_grids import cell_of, side_by_side

    chosen = thinned(marks, LIFE_PICTURES)
    times = scale("life", max(1, USUAL_CELL_PIXELS // side), LARGEST_SIDE_PIXELS // (side * LIFE_PICTURES))
    width = side * times * len(chosen)
    st.caption(f"{len(chosen)} pictures in a row: {width:,} x {side * times:,} pixels, without loss.")

    def made() -> bytes:
        from gan_core.pictures.render import enlarged, png

        cells = [cell_of(picture, seed) for picture in store.samples(run).pictures(chosen)]
        return png(enlarged(side_by_side(cells), times))

    show_download(f"{KEY}.life", "Download PNG", made, f"{run}-seed-{seed}.png", "image/png")


def choose_animation(store: RunStore, run: str, marks: list[int], side: int) -> None:
    """All grids as an animation, or a chosen number of them."""
    from gan_core.pictures.animation import ENCODERS, film

    form, rate = show_format_and_rate(KEY, FRAMES_PER_SECOND)
    times = scale("film", max(1, USUAL_SIDE_PIXELS // side), LARGEST_FILM_SIDE_PIXELS // side)
    chosen = evenly(marks, most_frames((side * times) ** 2))
    st.caption(f"{len(chosen)} frames of {side * times:,} x {side * times:,} pixels, {len(chosen) / rate:.1f} s.")

    def made() -> bytes:
        return film(store.samples(run).pictures(chosen), form, rate, times)

    show_download(f"{KEY}.film", "Download animation", made, f"{run}.{form}", ENCODERS[form].mime)


def most_frames(pixels: int) -> int:
    """How many frames of this many pixels at most; the limit must not move while the run grows."""
    from gan_core.pictures.animation import MOST_PIXELS

    most = MOST_PIXELS // pixels
    return int(
        st.number_input(
            "Frames at most",
            FEWEST_FRAMES,
            most,
            min(USUAL_FRAMES, most),
            key=f"{KEY}.frames.{most}",
            help="Spread evenly over the run, the first and the last included.",
        )
    )


def scale(thing: Thing, usual: int, most: int) -> int:
    """How many screen pixels a pixel gets."""
    most = max(1, min(LARGEST_SCALE, most))
    return int(
        st.number_input(
            "Scale", 1, most, min(usual, most), key=f"{KEY}.scale.{thing}.{most}", help="Screen pixels for each pixel."
        )
    )

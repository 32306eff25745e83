"""Directions that somebody saved by name, for every run of this shape: saved, renamed, deleted, and brought back."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate
from dashboard.latent.edit import Bench
from dashboard.latent.generate import MINE, Place
from dashboard.ui.text import as_sentence, escaped
from gan_core.runs.saved_directions import LONGEST_NAME, NamedDirection, named
from gan_core.runs.store import RunError, RunStore, StorageError

NAME_KEY = "latent.direction_name"
SAID = "latent.direction_said"
ROW_KEY = "latent.direction"


class Said(NamedTuple):
    """What came of the last act, whether it was refused, and the button that takes it back, where there is one."""

    sentence: str
    refused: bool = False
    button: str = ""
    back: Callable[[], None] | None = None


def show(bench: Bench, place: Place) -> None:
    """Save what the sliders do, or what the expression says; below, what is kept."""
    st.markdown(
        "A direction that does something can be kept by name. It appears among the sliders of every run whose latents "
        f"have {generate.networks(place).latent.size} numbers."
    )
    st.text_input("Name", key=NAME_KEY, max_chars=LONGEST_NAME, placeholder="Bolder")
    with st.container(horizontal=True):
        st.button(
            "Save the bend",
            key="latent.save_bend",
            disabled=not bench.scene.bends,
            help="All that the sliders of directions and dimensions add now.",
            on_click=lambda: attempt(lambda store: save(store, bench, place, bend=True)),
        )
        st.button(
            "Save the expression",
            key="latent.save_expression",
            help="The expression itself as a direction: A - B leads from B to A.",
            on_click=lambda: attempt(lambda store: save(store, bench, place, bend=False)),
        )
    for index, kept in enumerate(services.store().directions()):
        row(bench, index, kept)
    outcome()


def row(bench: Bench, index: int, kept: NamedDirection) -> None:
    """One direction: its name, which can be written over, and the way to delete it."""
    key = f"{ROW_KEY}_name_{index}"
    st.session_state[key] = kept.name
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            f"Name of direction {index + 1}",
            key=key,
            max_chars=LONGEST_NAME,
            on_change=lambda: attempt(lambda store: rename(store, bench, kept.name, st.session_state[key])),
        )
        st.button(
            "Delete",
            key=f"latent.delete_direction_{index}",
            icon=":material/delete:",
            on_click=lambda: attempt(lambda store: delete(store, bench, kept.name)),
        )


def outcome() -> None:
    """What the last act came to."""
    said: Said | None = st.session_state.get(SAID)
    if said is None:
        return
    if said.refused:
        st.error(escaped(said.sentence), icon=":material/error:")
    else:
        st.caption(escaped(said.sentence))
    if said.back is not None:
        st.button(said.button, key="latent.direction_back", icon=":material/undo:", on_click=said.back)


def attempt(act: Callable[[RunStore], Said]) -> None:
    """Do it, and remember what to say of it."""
    try:
        st.session_state[SAID] = act(services.store())
    except (RunError, StorageError) as problem:
        st.session_state[SAID] = Said(as_sentence(str(problem)), refused=True)


def save(store: RunStore, bench: Bench, place: Place, bend: bool) -> Said:
    """Keep a direction under the name in the box."""
    vector = generate.bend_of(bench.scene, place) if bend else generate.combined(bench.scene.weights, place)[0]
    direction = named(st.session_state[NAME_KEY], generate.networks(place).latent, vector.tolist())
    store.add_direction(direction)
    return Said(f"Saved {direction.name}. It is among the sliders, under Saved.")


def rename(store: RunStore, bench: Bench, old: str, wanted: str) -> Said:
    """Another name for one; what bends along it goes on to."""
    store.rename_direction(old, wanted)
    new = wanted.strip()
    bench.renamed(f"{MINE}:{old}", f"{MINE}:{new}")
    return Said(f"{old} is now called {new}.", button="Call it as before", back=partial(call_back, bench, new, old))


def call_back(bench: Bench, new: str, old: str) -> None:
    attempt(lambda store: rename(store, bench, new, old)._replace(back=None))


def delete(store: RunStore, bench: Bench, name: str) -> Said:
    """Delete one; no slider bends along it any more."""
    store.delete_direction(name)
    bench.take(bench.scene.moved(f"{MINE}:{name}", 0.0))
    return Said(f"Deleted {name}.", button="Bring it back", back=lambda: attempt(restore))


def restore(store: RunStore) -> Said:
    store.restore_direction()
    return Said("It is back.")

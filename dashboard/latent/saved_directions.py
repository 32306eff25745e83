"""Directions that a visitor has saved by name, for every run whose latents have the same size."""

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate
from dashboard.latent.edit import EditHistory
from dashboard.latent.expression_box import take_typed
from dashboard.latent.generate import SAVED, SnapshotRef
from dashboard.ui.actions import Done, attempt, report, show_outcome
from gan_core.runs.saved_directions import LONGEST_NAME, NamedDirection, named
from gan_core.runs.store import RunStore

PLACE = "latent.directions"
NAME_KEY = "latent.direction_name"


def show_saved_directions(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Save what the sliders add, or the expression; below, the saved directions."""
    store = services.store()
    st.markdown(
        "Save a direction by name. It becomes a slider in every run whose latents have "
        f"{generate.networks(snapshot).latent.size} numbers."
    )
    st.text_input("Name", key=NAME_KEY, max_chars=LONGEST_NAME, placeholder="Bolder")
    with st.container(horizontal=True):
        st.button(
            "Save the sliders",
            key="latent.save_sliders",
            disabled=not history.edit.bends,
            help="The sum of all that the sliders of directions and dimensions add now.",
            on_click=lambda: attempt(save_sliders, store, history, snapshot, place=PLACE),
        )
        st.button(
            "Save the expression",
            key="latent.save_expression",
            help="The expression as a direction: A - B leads from B to A.",
            on_click=lambda: attempt(save_expression, store, history, snapshot, place=PLACE),
        )
    for index, saved in enumerate(store.directions.all()):
        show_direction(store, history, index, saved)
    show_outcome(PLACE)


def show_direction(store: RunStore, history: EditHistory, index: int, saved: NamedDirection) -> None:
    """A saved direction: its name, which can be edited, and a button to delete it."""
    key = f"latent.direction_name_{index}"
    st.session_state[key] = saved.name
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            f"Name of direction {index + 1}",
            key=key,
            max_chars=LONGEST_NAME,
            on_change=lambda: attempt(rename, store, history, saved.name, st.session_state[key], place=PLACE),
        )
        st.button(
            "Delete",
            key=f"latent.delete_direction_{index}",
            icon=":material/delete:",
            on_click=lambda: attempt(delete, store, history, saved.name, place=PLACE),
        )


def save_sliders(store: RunStore, history: EditHistory, snapshot: SnapshotRef) -> None:
    save(store, snapshot, generate.sum_of_bends(history.edit, snapshot).tolist())


def save_expression(store: RunStore, history: EditHistory, snapshot: SnapshotRef) -> None:
    take_typed(history)
    save(store, snapshot, generate.combined_latent(history.edit.weights, snapshot)[0].tolist())


def save(store: RunStore, snapshot: SnapshotRef, vector: list[float]) -> None:
    """Save a direction under the name in the box."""
    direction = named(st.session_state[NAME_KEY], generate.networks(snapshot).latent, vector)
    store.directions.add(direction)
    report(Done(PLACE, f"Saved {direction.name}. It is among the sliders, under Saved."))


def rename(store: RunStore, history: EditHistory, old: str, wanted: str) -> None:
    """Rename a direction, also where the visitor's edits use it."""
    new = rename_everywhere(store, history, old, wanted)
    report(Done(PLACE, f"{old} is now called {new}.", lambda: rename_everywhere(store, history, new, old)))


def rename_everywhere(store: RunStore, history: EditHistory, old: str, wanted: str) -> str:
    """Rename a direction in the store and in the history of edits; returns the new name."""
    store.directions.rename(old, wanted)
    new = wanted.strip()
    history.rename_direction(f"{SAVED}:{old}", f"{SAVED}:{new}")
    return new


def delete(store: RunStore, history: EditHistory, name: str) -> None:
    """Delete a direction and set its slider to 0."""
    store.directions.delete(name)
    history.apply(history.edit.with_slider(f"{SAVED}:{name}", 0.0))
    report(Done(PLACE, f"Deleted {name}.", store.directions.restore))

"""Undo and redo, the link, directions with a name, and the choice of sliders."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.app import services
from dashboard.latent import editor, generate, saved_directions, visit
from dashboard.latent.edit import Bench, Scene
from dashboard.latent.generate import MINE, Place
from dashboard.ui.text import amount
from gan_core.latent.expression import Source, classes_in, written
from gan_core.runs.store import RunError, StorageError

PLAIN_KEY = "latent.plain"
LINK = "latent.link"  # (scene, run, address) of the link that was made last


def show(bench: Bench, place: Place) -> None:
    """The buttons beside the lists of runs and moments."""
    st.button("Undo", key="latent.undo", icon=":material/undo:", disabled=not bench.past, on_click=bench.undo)
    st.button("Redo", key="latent.redo", icon=":material/redo:", disabled=not bench.future, on_click=bench.redo)
    with st.popover("Directions", icon=":material/explore:"):
        saved_directions.show(bench, place)
    with st.popover("Share", icon=":material/link:"):
        share(bench, place)


def plain() -> bool:
    """Whether this visitor wants Streamlit's own sliders."""
    return bool(st.session_state.get(PLAIN_KEY, False))


def share(bench: Bench, place: Place) -> None:
    """A link that gives the same pixels to whoever has the run."""
    st.markdown(
        f"The link holds everything on the screen. It pins the moment at **{amount(place.images_seen)} images**, so "
        "that the run keeps it, and the link gives the same pixels later."
    )
    st.button("Make the link", key="latent.share", type="primary", on_click=lambda: pin(bench, place))
    scene, link = st.session_state.get(LINK, (None, ""))
    if scene == (bench.scene, place):
        st.code(link, language=None, wrap_lines=True)


def pin(bench: Bench, place: Place) -> None:
    """Pin the moment and make the link."""
    try:
        services.store().pin(place.run, place.images_seen)
        scene = portable(bench.scene, place)
    except (RunError, StorageError) as problem:
        editor.refuse(problem)
        return
    query = visit.query_of(scene, place.run, place.images_seen)
    base = str(st.context.url or "").partition("?")[0]
    st.session_state[LINK] = ((bench.scene, place), f"{base}?{urlencode(query)}")


def portable(scene: Scene, place: Place) -> Scene:
    """The scene without directions that only this folder of runs knows: their result is kept by the run."""
    if not any(key.startswith(f"{MINE}:") for key, _ in scene.bends):
        return scene
    result: Source = services.store().keep_latent(place.run, generate.z_of(scene, place))
    return Scene(expression=written({result: 1.0, **classes_in(scene.weights)}), label=scene.label)


def plain_choice() -> None:
    """The switch to Streamlit's own sliders."""
    st.toggle(
        "Plain sliders",
        key=PLAIN_KEY,
        help="Streamlit's own sliders: they change the picture when they are released, and do the same.",
    )

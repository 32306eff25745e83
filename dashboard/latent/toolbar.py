"""Undo and redo, the link, directions with a name, and the choice of sliders."""

from urllib.parse import urlencode

import streamlit as st

from dashboard import session
from dashboard.latent import darkroom, stage, table
from dashboard.latent.darkroom import MINE, Place
from dashboard.latent.scene import Bench, Scene
from dashboard.words import amount, as_sentence, escaped
from gan_core.latent import Source, classes_in, written
from gan_core.named_directions import named
from gan_core.runs import RunError, StorageError

PLAIN_KEY = "latent.plain"
LINK = "latent.link"  # (scene, run, address) of the link that was made last
NAME_KEY = "latent.direction_name"
SAID = "latent.direction_said"


def show(bench: Bench, place: Place) -> None:
    """The buttons beside the lists of runs and moments."""
    st.button("Undo", key="latent.undo", icon=":material/undo:", disabled=not bench.past, on_click=bench.undo)
    st.button("Redo", key="latent.redo", icon=":material/redo:", disabled=not bench.future, on_click=bench.redo)
    with st.popover("Directions", icon=":material/explore:"):
        directions(bench, place)
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
        session.store().pin(place.run, place.images_seen)
        scene = portable(bench.scene, place)
    except (RunError, StorageError) as problem:
        stage.refuse(problem)
        return
    query = table.query_of(scene, place.run, place.images_seen)
    base = str(st.context.url or "").partition("?")[0]
    st.session_state[LINK] = ((bench.scene, place), f"{base}?{urlencode(query)}")


def portable(scene: Scene, place: Place) -> Scene:
    """The scene without directions that only this folder of runs knows: their result is kept by the run."""
    if not any(key.startswith(f"{MINE}:") for key, _ in scene.bends):
        return scene
    result: Source = session.store().keep_latent(place.run, darkroom.z_of(scene, place))
    return Scene(expression=written({result: 1.0, **classes_in(scene.weights)}), label=scene.label)


def directions(bench: Bench, place: Place) -> None:
    """Save what the sliders do, or what the expression says, as a direction for every run of this shape."""
    st.markdown(
        "A direction that does something can be kept by name. It appears among the sliders of every run whose latents "
        f"have {darkroom.networks(place).latent.size} numbers."
    )
    st.text_input("Name", key=NAME_KEY, placeholder="Bolder")
    bent, said = st.columns(2)
    bent.button(
        "Save the bend",
        key="latent.save_bend",
        disabled=not bench.scene.bends,
        help="All that the sliders of directions and dimensions add now.",
        on_click=lambda: save(bench, place, bend=True),
    )
    said.button(
        "Save the expression",
        key="latent.save_expression",
        help="The expression itself as a direction: A - B leads from B to A.",
        on_click=lambda: save(bench, place, bend=False),
    )
    for index, kept in enumerate(session.store().directions()):
        line = st.container(horizontal=True, vertical_alignment="center")
        line.text(kept.name)
        line.button(
            "Delete",
            key=f"latent.delete_direction_{index}",
            icon=":material/delete:",
            on_click=lambda name=kept.name: delete(bench, name),
        )
    if said_before := st.session_state.get(SAID):
        st.caption(escaped(said_before))
        if said_before.startswith("Deleted"):
            st.button("Bring it back", key="latent.restore_direction", on_click=restore)


def save(bench: Bench, place: Place, bend: bool) -> None:
    """Keep a direction under the name in the box."""
    latent = darkroom.networks(place).latent
    try:
        vector = darkroom.bend_of(bench.scene, place) if bend else darkroom.combined(bench.scene.weights, place)[0]
        direction = named(st.session_state[NAME_KEY], latent, vector.tolist())
        session.store().add_direction(direction)
    except (RunError, StorageError) as problem:
        st.session_state[SAID] = as_sentence(str(problem))
        return
    st.session_state[SAID] = f"Saved {direction.name}. It is among the sliders, under Saved."


def delete(bench: Bench, name: str) -> None:
    try:
        session.store().delete_direction(name)
    except (RunError, StorageError) as problem:
        st.session_state[SAID] = as_sentence(str(problem))
        return
    bench.take(bench.scene.moved(f"{MINE}:{name}", 0.0))
    st.session_state[SAID] = f"Deleted {name}."


def restore() -> None:
    try:
        session.store().restore_direction()
    except (RunError, StorageError) as problem:
        st.session_state[SAID] = as_sentence(str(problem))
        return
    st.session_state[SAID] = "It is back."


def plain_choice() -> None:
    """The switch to Streamlit's own sliders."""
    st.toggle(
        "Plain sliders",
        key=PLAIN_KEY,
        help="Streamlit's own sliders: they change the picture when they are released, and do the same.",
    )

"""Undo and redo, saved directions, the link, and the choice of sliders."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate, visit
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.latent.expression_box import show_help
from dashboard.latent.generate import SAVED, SnapshotRef
from dashboard.latent.saved_directions import show_saved_directions
from dashboard.ui.actions import attempt
from dashboard.ui.text import amount
from gan_core.latent.expression import Source, classes_in, written

NATIVE_KEY = "latent.native_sliders"
LINK = "latent.link"  # ((edit, snapshot), link) of the link that was made last


def show_toolbar(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The buttons beside the expression."""
    show_help(history)
    st.button("Undo", key="latent.undo", icon=":material/undo:", disabled=not history.past, on_click=history.undo)
    st.button("Redo", key="latent.redo", icon=":material/redo:", disabled=not history.future, on_click=history.redo)
    with st.popover("Directions", icon=":material/explore:"):
        show_saved_directions(history, snapshot)
        st.divider()
        show_slider_choice()
    with st.popover("Share", icon=":material/link:"):
        show_share(history, snapshot)


def show_share(history: EditHistory, snapshot: SnapshotRef) -> None:
    """A link that gives the same pixels to everybody who has the run."""
    st.markdown(
        f"The link holds everything on the screen. It pins the snapshot at **{amount(snapshot.images_seen)} images**, "
        "so that the run keeps it and the link gives the same pixels later."
    )
    st.button(
        "Make the link", key="latent.share", type="primary", on_click=attempt, args=(make_link, history, snapshot)
    )
    shown, link = st.session_state.get(LINK, (None, ""))
    if shown == (history.edit, snapshot):
        st.code(link, language=None, wrap_lines=True)


def make_link(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Pin the snapshot and make the link."""
    services.store().snapshots(snapshot.run).pin_for_use(snapshot.images_seen)
    query = visit.query_of(portable(history.edit, snapshot), snapshot.run, snapshot.images_seen)
    base = str(st.context.url or "").partition("?")[0]
    st.session_state[LINK] = ((history.edit, snapshot), f"{base}?{urlencode(query)}")


def portable(edit: LatentEdit, snapshot: SnapshotRef) -> LatentEdit:
    """An edit without saved directions, which only this folder of runs has: the run keeps the resulting latent."""
    if not any(key.startswith(f"{SAVED}:") for key, _ in edit.bends):
        return edit
    result: Source = generate.save_latent(edit, snapshot)
    return LatentEdit(expression=written({result: 1.0, **classes_in(edit.weights)}), label=edit.label)


def prefers_native_sliders() -> bool:
    """Whether this visitor has chosen Streamlit's own sliders."""
    return bool(st.session_state.get(NATIVE_KEY, False))


def show_slider_choice() -> None:
    """The switch to Streamlit's own sliders."""
    st.toggle(
        "Plain sliders",
        key=NATIVE_KEY,
        help="Streamlit's own sliders. They do the same, but change the picture only when they are released.",
    )

"""Classes of a run that was trained with labels: those in which the page shows its pictures, and one latent in all."""

from collections.abc import Sequence

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import editor, generate
from dashboard.latent.edit import OWN_CLASSES, EditHistory
from dashboard.latent.galleries import cell, picked, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import downloads
from dashboard.ui.text import escaped
from gan_core.pictures.render import render

CLASS_KEY = "latent.label"
KEY = "latent.classes"
CELL_PIXELS = 52
CLASS_PIXELS = 140  # width of the list
OWN = "Own classes"  # the option for OWN_CLASSES


def class_names(snapshot: SnapshotRef) -> Sequence[str]:
    """The names of the classes; none for a run without labels."""
    return services.store().class_names(snapshot.run)


def show_class_picker(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The class of everything on the page; nothing for a run without labels."""
    names = class_names(snapshot)
    if not names:
        return
    label = history.edit.label
    st.session_state[CLASS_KEY] = OWN if label is OWN_CLASSES else min(label, len(names) - 1)
    st.selectbox(
        "Class",
        [OWN, *range(len(names))],
        format_func=lambda option: OWN if option == OWN else f"All in class {names[option]}",
        key=CLASS_KEY,
        label_visibility="collapsed",
        width=CLASS_PIXELS,
        on_change=lambda: take_class(history),
    )


def take_class(history: EditHistory) -> None:
    """Callback of the list of classes."""
    chosen = st.session_state[CLASS_KEY]
    history.apply(history.edit.with_class(OWN_CLASSES if chosen == OWN else int(chosen)))


def show_all_classes(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The same latent in every class. A click chooses a class."""
    names = class_names(snapshot)
    if not names:
        st.caption("This run was trained without labels, so it has no classes. Train a run with labels to choose one.")
        return
    made = generate.networks(snapshot)
    z = generate.latent_of(history.edit, snapshot).expand(len(names), -1)
    pixels = render(made.float64, made.config, z, torch.arange(len(names)))
    cells = [
        cell(name, f"Class {name}", chosen=index == history.edit.condition, value=index)
        for index, name in enumerate(names)
    ]
    title = "The same latent in every class"
    show_gallery(KEY, title, pixels, cells, CELL_PIXELS, on_pick=lambda: pick_class(history, len(names)))
    st.caption(
        f"One latent in every class: what stays the same is style, what changes is the class. A click chooses a class "
        f"for everything. Without a choice, seed n has the class n mod {len(names)}, and classes mix as latents do. "
        f"An expression can mix classes by their numbers: {escaped('A + class:3 - class:5 + class:8')}."
    )
    downloads.show_picture_popover(f"{KEY}.png", pixels, len(names), f"{snapshot.run}-classes")


def pick_class(history: EditHistory, count: int) -> None:
    """Callback: the picture of a class was clicked."""
    label = picked(KEY)
    if isinstance(label, int) and 0 <= label < count:
        editor.attempt_change(history, lambda edit: edit.with_class(label))

"""Labels, where the run was trained with them: the class as a control, and one latent in all classes."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import editor, galleries, generate
from dashboard.latent.edit import Bench
from dashboard.latent.generate import Place
from dashboard.ui import downloads
from dashboard.ui.text import escaped
from gan_core.pictures.render import render

LABEL_KEY = "latent.label"
KEY = "latent.classes"
CELL_PIXELS = 84


def names(place: Place) -> list[str]:
    """What the classes are called; none without labels."""
    if not generate.networks(place).classes:
        return []
    return [str(name) for name in services.store().record(place.run)["resolved"]["classes"]]


def choice(bench: Bench, place: Place) -> None:
    """The class of everything on the page."""
    classes = names(place)
    if not classes:
        return
    st.session_state[LABEL_KEY] = min(bench.scene.label, len(classes) - 1)
    st.selectbox(
        "Class", range(len(classes)), format_func=classes.__getitem__, key=LABEL_KEY, on_change=lambda: take(bench)
    )


def take(bench: Bench) -> None:
    bench.take(bench.scene.of_class(int(st.session_state[LABEL_KEY])))


def show(bench: Bench, place: Place) -> None:
    """The same latent in every class; a click chooses one."""
    classes = names(place)
    if not classes:
        st.caption(
            "This run was trained without labels, so it knows no classes. Train one with labels to steer by class."
        )
        return
    made = generate.networks(place)
    z = generate.z_of(bench.scene, place).expand(len(classes), -1)
    pixels = render(made.still, made.config, z, torch.arange(len(classes)))
    cells = [
        galleries.cell(name, f"Class {name}", chosen=index == bench.scene.told, value=index)
        for index, name in enumerate(classes)
    ]
    galleries.gallery(
        KEY, "The same latent in every class", pixels, cells, CELL_PIXELS, on_pick=lambda: pick(bench, len(classes))
    )
    st.caption(
        "One latent, every class: what stays the same is style, what changes is the class. A click chooses it. "
        f"The expression does arithmetic on classes, by number: {escaped('A + class:3 - class:5 + class:8')}."
    )
    downloads.picture(f"{KEY}.png", pixels, len(classes), f"{place.run}-classes")


def pick(bench: Bench, count: int) -> None:
    label = galleries.picked(KEY)
    if isinstance(label, int) and 0 <= label < count:
        editor.attempt(bench, lambda scene: scene.of_class(label))

"""A folder of one's own images in the form: what is in it, before the run starts."""

import streamlit as st
from pydantic import ValidationError

from dashboard.app import services
from dashboard.train import data_look
from dashboard.train.data_look import Found
from dashboard.train.draft import SOURCE, Draft
from dashboard.ui.text import amount, as_sentence, escaped
from gan_core.config import Problem
from gan_core.config.advice import FEW_IMAGES

FOLDER = "data.folder"
CHANNELS = "data.channels"
AUGMENTATION = "objective.augment"
CLASSES_SHOWN = 6
COLOUR_CHANNELS = 3


def found(mine: Draft) -> Found | None:
    """What is in the folder of the draft; None without a folder, or while the engine is being imported."""
    values = {setting.path: setting.value for setting in mine.settings()}
    if values[SOURCE] != "folder" or not str(values[FOLDER]).strip() or not services.warm():
        return None
    try:
        return data_look.look_at(data_look.data_config(mine.settings()).model_dump_json())
    except ValidationError:
        return None


def problems(mine: Draft) -> list[Problem]:
    """Why the folder cannot be used; empty if it can."""
    here = found(mine)
    return [Problem(FOLDER, here.problem)] if here is not None and here.problem else []


def show_folder(mine: Draft) -> None:
    """Below the field of the folder: how many images, which classes, a few of them, and whether they have colours."""
    here = found(mine)
    if here is None or here.look is None:
        return
    with st.container(key="train-own-pictures", gap="xsmall"):
        st.caption(escaped(sentence(here)))
        st.image(here.picture, output_format="PNG", width="stretch", alt="Some of the images, as the networks see them")
        show_colour(mine, here)
        show_augmentation(mine, here)


def sentence(here: Found) -> str:
    """How many images there are, and in which classes."""
    look = here.look
    assert look is not None
    parts = [f"{amount(look.images)} image{'' if look.images == 1 else 's'}"]
    if look.classes:
        some = [f"{name} {amount(count)}" for name, count in list(look.classes.items())[:CLASSES_SHOWN]]
        more = len(look.classes) - len(some)
        parts.append(f"{len(look.classes)} classes: {', '.join(some)}{f' and {more} more' if more else ''}")
    return as_sentence("; ".join([*parts, *look.ignored]))


def show_colour(mine: Draft, here: Found) -> None:
    """Images in colour that are taken as grey: say so, and offer colour."""
    look, config = here.look, mine.checked().config
    if look is None or config is None or not look.coloured or config.data.channels == COLOUR_CHANNELS:
        return
    st.markdown(":small[:orange[:material/palette:] These images are in colour, and are learned in grey.]")
    st.button(
        "Learn them in colour",
        key="train.colour",
        icon=":material/palette:",
        width="stretch",
        on_click=mine.change,
        args=(CHANNELS, COLOUR_CHANNELS),
    )


def show_augmentation(mine: Draft, here: Found) -> None:
    """Few images are memorised by D: say so, and offer to vary them."""
    config = mine.checked().config
    if here.look is None or config is None or config.objective.augment != "none" or here.look.images >= FEW_IMAGES:
        return
    text = f"D soon memorises {amount(here.look.images)} images."
    st.markdown(f":small[:orange[:material/lightbulb:] {escaped(text)}]")
    st.button(
        "Vary them (translation)",
        key="train.augment",
        icon=":material/shuffle:",
        width="stretch",
        help="Differentiable augmentation of all images that D sees (Zhao et al. 2020).",
        on_click=mine.change,
        args=(AUGMENTATION, "translation"),
    )

"""A folder of one's own images in the form: what is in it, before the run starts."""

import streamlit as st
from pydantic import ValidationError

from dashboard.app import services
from dashboard.train import data_look
from dashboard.train.data_look import Found
from dashboard.train.draft import LABELS, SOURCE, Draft
from dashboard.ui.background import Task
from dashboard.ui.text import amount, as_sentence, escaped
from gan_core.config import DataConfig, Problem
from gan_core.config.advice import FEW_IMAGES
from gan_core.data.picture_pixels import other_ground

FOLDER = "data.folder"
CHANNELS = "data.channels"
GROUND = "data.ground"
DAMAGED = "data.damaged"
AUGMENTATION = "objective.augment"
CLASSES_SHOWN = 6
COLOUR_CHANNELS = 3
VARIED = "Differentiable augmentation of all images that D sees (Zhao et al. 2020)."
STEPS_SHOWN = 10  # the progress of a look is drawn in so many steps


def data_of(mine: Draft) -> DataConfig | None:
    """The data set of the draft if it is a folder that is named and can be looked at; else None."""
    values = {setting.path: setting.value for setting in mine.settings()}
    if values[SOURCE] != "folder" or not str(values[FOLDER]).strip() or not services.warm():
        return None
    try:
        return data_look.data_config(mine.settings())
    except ValidationError:
        return None


def task_of(mine: Draft) -> "Task[Found] | None":
    """The look at the folder of the draft; None without a folder, or while the engine is being imported."""
    data = data_of(mine)
    return data_look.look_at(data) if data is not None else None


def found(mine: Draft) -> Found | None:
    """What is in the folder of the draft; None while that is not known."""
    task = task_of(mine)
    if task is None or task.running:
        return None
    return task.result or Found(None, problem=task.problem)


def settle_classes(mine: Draft) -> None:
    """Tell the networks the classes of a folder that has some, as the preset does, unless somebody has chosen."""
    here = found(mine)
    if here is None or mine.labels_expected is None:
        return
    if here.look is not None and here.look.classes and not mine.labels_expected:
        mine.expect_labels(True)
    elif "has no classes" in here.problem and mine.labels_expected:
        mine.expect_labels(False)


def signature(mine: Draft) -> object:
    """A value that changes when the page must be drawn again: a look has got further, or ended."""
    task = task_of(mine)
    return None if task is None else (task.running, int(task.progress.share * STEPS_SHOWN), task.progress.sentence)


def is_looking(mine: Draft) -> bool:
    """Whether the folder is being looked at."""
    task = task_of(mine)
    return task is not None and task.running


def problems(mine: Draft) -> list[Problem]:
    """Why the folder cannot be used; empty if it can, or if that is not known yet."""
    here = found(mine)
    return [Problem(FOLDER, here.problem)] if here is not None and here.problem else []


def show_folder(mine: Draft) -> None:
    """Below the field of the folder: how many images, which classes, many of them, and what can be done better."""
    task, here = task_of(mine), found(mine)
    if task is None:
        return
    with st.container(key="train-own-pictures", gap="xsmall"):
        if task.running:
            st.progress(task.progress.share, text=escaped(task.progress.sentence or "Looking at the folder."))
        if here is None:
            return
        look_again(mine)
        if here.look is not None:
            st.caption(escaped(sentence(here)))
            st.image(
                here.picture, output_format="PNG", width="stretch", alt="Some of the images, as the networks see them"
            )
        show_offers(mine, here)


def look_again(mine: Draft) -> None:
    """A button for files that were replaced: that does not change a folder."""
    data = data_of(mine)
    if data is not None:
        st.button(
            "Look again",
            key="train.look_again",
            type="tertiary",
            icon=":material/refresh:",
            on_click=data_look.look_again,
            args=(data,),
        )


def sentence(here: Found) -> str:
    """How many images there are, in which classes, and what was passed over."""
    look = here.look
    assert look is not None
    parts = [f"{amount(look.images)} image{'' if look.images == 1 else 's'}"]
    if look.classes:
        some = [f"{name} ({amount(count)})" for name, count in list(look.classes.items())[:CLASSES_SHOWN]]
        more = len(look.classes) - len(some)
        parts.append(f"{len(look.classes)} classes: {', '.join(some)}{f' and {more} more' if more else ''}")
    return as_sentence("; ".join([*parts, *look.ignored]))


def show_offers(mine: Draft, here: Found) -> None:
    """What may be better, each with a button that does it."""
    look, config = here.look, mine.checked().config
    if "damaged" in here.problem:
        offer(mine, "", "Leave damaged images out", DAMAGED, "leave_out", "block")  # the problem is said below
    if look is None or config is None:
        return
    if look.is_plain:
        other = other_ground(config.data)
        text = f"{amount(look.plain)} of {amount(look.shown)} images are of one colour."
        offer(mine, text, f"Put them on a {other} ground", GROUND, other, "invert_colors")
    if look.coloured and config.data.channels != COLOUR_CHANNELS:
        text = "These images are in colour, and are learned in grey."
        offer(mine, text, "Learn them in colour", CHANNELS, COLOUR_CHANNELS, "palette")
    if look.classes and not config.data.labels:
        text = f"The networks are not told the {len(look.classes)} classes."
        offer(mine, text, "Tell them the class", LABELS, True, "label")
    if config.objective.augment == "none" and look.images < FEW_IMAGES:
        text = f"D soon memorises {amount(look.images)} images."
        offer(mine, text, "Vary them (translation)", AUGMENTATION, "translation", "shuffle", VARIED)


def offer(
    mine: Draft, text: str, label: str, path: str, value: object, icon: str, help_text: str | None = None
) -> None:
    """A remark, if any, and a button that changes one setting."""
    if text:
        st.markdown(f":small[:orange[:material/lightbulb: {escaped(text)}]]")
    st.button(
        label,
        key=f"train.offer.{path}",
        icon=f":material/{icon}:",
        width="stretch",
        help=help_text,
        on_click=mine.change,
        args=(path, value),
    )

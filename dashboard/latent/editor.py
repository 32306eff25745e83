"""The picture and its sliders: two components. That of the sliders requests a new picture while one is dragged.

During a drag `live_route` gives it pictures in float32, which are not part of the undo history. When the slider is
released the page shows the picture in float64 and stores the edit, also in the address. The component of the sliders
has all data; in the browser it gives the picture to the other one.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.app import services
from dashboard.latent import galleries, generate, opinion, url
from dashboard.latent.edit import (
    AMOUNTS,
    LONGEST_NAME,
    PSI,
    PSIS,
    TAU,
    TAUS,
    WEIGHT,
    WEIGHTS,
    EditError,
    EditHistory,
    LatentEdit,
)
from dashboard.latent.generate import DIMENSION, SAVED, SnapshotRef
from dashboard.ui.actions import refuse
from dashboard.ui.component import component
from gan_core.latent.directions import FinderName
from gan_core.latent.expression import ExpressionError, spelt
from gan_core.latent.prior import shell_radius
from gan_core.numerics.shapes import Latents
from gan_core.runs.store import RunError, StorageError

KEY = "latent.editor"
PICTURE_KEY = "latent.picture"
LARGEST_RANDOM_SEED = 1_000_000
FOUND_DIRECTIONS: Mapping[FinderName, tuple[str, str]] = {
    "ganspace": (
        "GANSpace",
        "In these directions the pictures of this generator vary most, the strongest first: principal components of "
        "its first activations (Härkönen et al. 2020).",
    ),
    "sefa": (
        "SeFa",
        "These directions are amplified most by the first weights of the generator, the strongest first "
        "(Shen & Zhou 2021).",
    ),
}
_latent_editor = component("latent_editor")
_latent_picture = component("latent_picture")


def show_picture() -> None:
    """The place of the picture, its expression, its length, the opinion of D, and the row of four pictures."""
    _latent_picture(key=PICTURE_KEY, data={})


def show_editor(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The shelf and the sliders. It gives the picture to the component of `show_picture`."""
    edit = history.edit
    _latent_editor(
        key=KEY,
        data={
            **picture_data(edit, snapshot),
            **controls_data(edit, snapshot),
        },
        on_move_change=lambda: take_sliders(history, snapshot),
        on_act_change=lambda: take_action(history, snapshot),
    )


def picture_data(edit: LatentEdit, snapshot: SnapshotRef, live: bool = False) -> dict[str, Any]:
    """What changes while a slider is dragged. `live` computes in float32."""
    z, labels = generate.latent_of(edit, snapshot), generate.labels_of_edit(edit, snapshot)
    pixels = (generate.render_float32 if live else generate.render_float64)(z, snapshot, labels)
    return {
        "picture": galleries.block(pixels),
        "opinion": opinion.opinion_data(pixels, labels, snapshot, live),
        "expression": edit.expression,
        "description": f"Picture of {edit.expression} from run {snapshot.run}",
        "values": slider_values(edit),
        **length_data(z, snapshot),
    }


def controls_data(edit: LatentEdit, snapshot: SnapshotRef) -> dict[str, Any]:
    """What stays while a slider is dragged, and the query for `live_route`."""
    snapshot_part = {"run": snapshot.run, "created": snapshot.created, "at": snapshot.images_seen}
    return {
        "address": urlencode({**snapshot_part, **url.query_of(edit)}),
        "file_name": f"{snapshot.run}-{snapshot.images_seen}.png",
        "arithmetic_row": arithmetic_row_data(edit, snapshot),
        "on_shell": edit.on_shell,
        "keep_as": letter_for_keeping(edit),
        **shelf_data(edit, snapshot),
        "groups": slider_groups(snapshot),
        "weight": slider(WEIGHTS, 0.05),
        "bend": slider(AMOUNTS, 0.05),
        "truncation": {**slider(PSIS, 0.01, rest=PSIS[1]), "key": PSI},
        "threshold": {**slider(TAUS, 0.05, rest=TAUS[1]), "key": TAU},
        "longest_name": LONGEST_NAME,
    }


def letter_for_keeping(edit: LatentEdit) -> str | None:
    """The letter that a new item on the shelf gets; None if there is no place."""
    try:
        return edit.next_letter
    except EditError:
        return None


def length_data(z: Latents, snapshot: SnapshotRef) -> dict[str, Any]:
    """The length of the latent, alone and as a multiple of the typical length of the latents seen in training."""
    length, typical = float(z.norm()), shell_radius(generate.networks(snapshot).latent)
    return {"norm": length / typical, "norm_text": f"length {length:.2f}, typical {typical:.2f}"}


def arithmetic_row_data(edit: LatentEdit, snapshot: SnapshotRef) -> dict[str, Any] | None:
    """A, B, A - B, A + B of the first two items; None with fewer than two."""
    row = edit.arithmetic_row()
    if not row:
        return None
    pixels = generate.render_sums(generate.sums(*row.values()), snapshot, edit.condition)
    return {"block": galleries.block(pixels), "captions": list(row)}


def shelf_data(edit: LatentEdit, snapshot: SnapshotRef) -> dict[str, Any]:
    """The items on the shelf and their pictures."""
    items = [
        {
            "key": f"{WEIGHT}:{item.letter}",
            "letter": item.letter,
            "source": spelt(item.source),
            "name": item.name,
            "pinned": item.pinned,
        }
        for item in edit.shelf
    ]
    if not items:
        return {"shelf": items}
    each = generate.sums(*({item.source: 1.0} for item in edit.shelf))
    return {"shelf": items, "shelf_block": galleries.block(generate.render_sums(each, snapshot, edit.condition))}


def slider_groups(snapshot: SnapshotRef) -> list[dict[str, Any]]:
    """The sliders in groups: found directions, saved directions, each number of the latent."""
    latent = generate.networks(snapshot).latent
    saved = [direction.name for direction in services.store().directions.all() if direction.fits(latent)]
    groups = [
        slider_group(finder, title, "Direction", note, numbered(generate.num_directions(snapshot, finder)))
        for finder, (title, note) in FOUND_DIRECTIONS.items()
    ]
    if saved:
        note = "Directions saved by name in any run whose latents have the same size."
        groups.append(slider_group(SAVED, "Saved", "", note, saved))
    note = "Each number of the latent by itself. One number mostly changes many things a little."
    return [*groups, slider_group(DIMENSION, "Single numbers", "Number", note, numbered(latent.size))]


def slider_group(kind: str, title: str, word: str, note: str, names: Sequence[str]) -> dict[str, Any]:
    """Sliders with the keys `kind:name` and the labels `word name`."""
    return {"kind": kind, "title": title, "word": word, "note": note, "names": list(names)}


def numbered(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def slider_values(edit: LatentEdit) -> dict[str, float]:
    """The values of all sliders that are not 0."""
    weights = {f"{WEIGHT}:{item.letter}": edit.weights.get(item.source, 0.0) for item in edit.shelf}
    return {**weights, **dict(edit.bends), PSI: edit.psi, TAU: edit.tau}


def slider(limits: tuple[float, float], step: float, rest: float = 0.0) -> dict[str, float]:
    return {"min": limits[0], "max": limits[1], "step": step, "rest": rest}


def take_sliders(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Callback: sliders were released. Their values come from a browser and are checked."""
    values = st.session_state[KEY]["move"]
    try:
        if not isinstance(values, Mapping):
            raise EditError("the browser sent no values of sliders")
        edit = history.edit.with_sliders(values)
        generate.sum_of_bends(edit, snapshot)
    except (EditError, ExpressionError) as problem:
        refuse(problem)
        return
    history.apply(edit)


def take_action(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Callback: a button of the component was pressed. Unknown buttons are ignored."""
    pressed = st.session_state[KEY]["act"]
    kind = str(pressed.get("kind")) if isinstance(pressed, Mapping) else ""
    if kind == "keep":
        keep_latent(history, snapshot)
    elif kind in ACTIONS:
        attempt_change(history, lambda edit: ACTIONS[kind](edit, pressed.get("value")))


def keep_latent(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Put the latent of the picture on the shelf as one item. The run keeps it under the hash of its numbers."""

    def keep(edit: LatentEdit) -> LatentEdit:
        return edit.with_saved(generate.save_latent(edit, snapshot))

    attempt_change(history, keep)


def attempt_change(history: EditHistory, change: Callable[[LatentEdit], LatentEdit]) -> None:
    """Change the edit. If that is not possible the page says why."""
    try:
        history.apply(change(history.edit))
    except (EditError, ExpressionError, RunError, StorageError) as problem:
        refuse(problem)


def random_seed() -> int:
    return secrets.randbelow(LARGEST_RANDOM_SEED)


def with_name(edit: LatentEdit, value: Any) -> LatentEdit:
    """`value` is [letter, name]."""
    if not isinstance(value, list) or len(value) != 2:
        raise EditError("to rename an item, send its letter and its new name")
    return edit.with_name(str(value[0]), str(value[1]))


ACTIONS: Mapping[str, Callable[[LatentEdit, Any], LatentEdit]] = {
    "say": lambda edit, value: edit.with_sliders_reset().with_expression(str(value)),
    "only": lambda edit, value: edit.with_only(edit.item(str(value)).source),
    "rename": with_name,
    "pin": lambda edit, value: edit.with_pin_toggled(str(value)),
    "drop": lambda edit, value: edit.without(str(value)),
    "shell": lambda edit, value: replace(edit, on_shell=value is True),
    "reset": lambda edit, value: edit.with_sliders_reset(),
    "nudge": lambda edit, value: edit.nudged(random_seed()),
    "random": lambda edit, value: edit.with_only(random_seed()),
}

"""The editor with Streamlit's own widgets. A slider changes the picture when it is released."""

from dataclasses import replace

import streamlit as st

from dashboard.latent import editor, generate, opinion
from dashboard.latent.edit import (
    AMOUNTS,
    LONGEST_NAME,
    PSI,
    PSIS,
    TAU,
    TAUS,
    WEIGHT,
    WEIGHTS,
    EditHistory,
    ShelfItem,
)
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import thumbnails
from dashboard.ui.widget_keys import set_value
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import grid, png

GROUP_KEY = "latent.native_group"
PAGE_KEY = "latent.native_page"
SLIDERS_ON_A_PAGE = 12
SLIDER_COLUMNS = 2
SHELL_KEY = "latent.shell"


def show_native_editor(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The shelf and the sliders."""
    for item in history.edit.shelf:
        show_shelf_item(history, item)
    show_slider(history, PSI, "Truncation", PSIS, 0.01)
    show_slider(history, TAU, "Clip", TAUS, 0.05)
    show_slider_group(history, snapshot)
    with st.container(horizontal=True):
        for word, kind in (("Reset", "reset"), ("Small random change", "nudge"), ("Random", "random")):
            show_action(history, word, kind)


def show_native_picture(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The picture, the length of its latent, D's opinion, and the arithmetic row."""
    edit = history.edit
    z, labels = generate.latent_of(edit, snapshot), generate.labels_of_edit(edit, snapshot)
    pixels = generate.render_float64(z, snapshot, labels)
    st.image(enlarged_png(pixels), output_format="PNG", alt=f"Picture of {edit.expression} from run {snapshot.run}")
    found = opinion.opinion_data(pixels, labels, snapshot, live=False)
    st.caption(f"{str(editor.length_data(z, snapshot)['norm_text']).capitalize()}. {found['text']}.")
    show_on_shell(history)
    if row := edit.arithmetic_row():
        pictures = generate.render_sums(generate.sums(*row.values()), snapshot, edit.condition)
        for column, caption, pixels in zip(st.columns(len(row)), row, pictures, strict=True):
            small = enlarged_png(pixels[None])
            column.image(small, output_format="PNG", caption=caption, alt=f"Picture of {caption}")


def show_on_shell(history: EditHistory) -> None:
    """The switch for the typical length."""
    st.session_state[SHELL_KEY] = history.edit.on_shell
    st.toggle(
        "Keep the typical length",
        key=SHELL_KEY,
        help="Scales the latent to the length that nearly all latents had in training.",
        on_change=lambda: history.apply(replace(history.edit, on_shell=st.session_state[SHELL_KEY])),
    )


def enlarged_png(pixels: Bytes) -> bytes:
    """One image (1, C, S, S) as an enlarged PNG."""
    return thumbnails.enlarged(png(grid(pixels, columns=1)))


def show_shelf_item(history: EditHistory, item: ShelfItem) -> None:
    """The weight of an item, and a menu to rename, pin and drop it."""
    letter = item.letter
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_slider(history, f"{WEIGHT}:{letter}", f"{letter}: {item.title}", WEIGHTS, 0.05)
        menu = st.popover(letter, icon=":material/push_pin:" if item.pinned else ":material/more_horiz:")
    with menu:
        key = f"latent.native_name.{letter}"
        set_value(key, item.name)
        st.text_input(
            f"Name of {letter}",
            key=key,
            max_chars=LONGEST_NAME,
            on_change=lambda: editor.attempt_change(
                history, lambda edit: edit.with_name(letter, st.session_state[key])
            ),
        )
        show_action(history, "Unpin" if item.pinned else "Pin", "pin", letter)
        show_action(history, "Take off the shelf", "drop", letter)


def show_slider_group(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The sliders of one group of directions, a page at a time."""
    groups = {group["title"]: group for group in editor.slider_groups(snapshot)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.segmented_control(
            "Directions", list(groups), default=next(iter(groups)), key=GROUP_KEY, required=True
        )
        group = groups.get(str(title)) or next(iter(groups.values()))
        names = group["names"]
        pages = max(1, -(-len(names) // SLIDERS_ON_A_PAGE))
        page = int(st.number_input(f"Page of {pages}", 1, pages, key=f"{PAGE_KEY}.{group['kind']}"))
    columns = st.columns(SLIDER_COLUMNS, gap="medium")
    for index, name in enumerate(names[(page - 1) * SLIDERS_ON_A_PAGE : page * SLIDERS_ON_A_PAGE]):
        with columns[index % SLIDER_COLUMNS]:
            show_slider(history, f"{group['kind']}:{name}", f"{group['word']} {name}".strip(), AMOUNTS, 0.05)


def show_slider(history: EditHistory, key: str, label: str, limits: tuple[float, float], step: float) -> None:
    """A slider that changes the edit."""
    widget = f"latent.native.{key}"
    set_value(widget, min(max(history.edit.slider_value(key), limits[0]), limits[1]))

    def take_value() -> None:
        editor.attempt_change(history, lambda edit: edit.with_slider(key, st.session_state[widget]))

    st.slider(label, *limits, step=step, key=widget, on_change=take_value)


def show_action(history: EditHistory, word: str, kind: str, value: str = "") -> None:
    """A button that does the same as the button of the component."""
    st.button(
        word,
        key=f"latent.native.{kind}.{value}",
        on_click=lambda: editor.attempt_change(history, lambda edit: editor.ACTIONS[kind](edit, value)),
    )

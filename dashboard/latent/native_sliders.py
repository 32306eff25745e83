"""The same picture and the same sliders in Streamlit's own widgets: they change the picture when they are released."""

import streamlit as st

from dashboard.latent import editor, generate
from dashboard.latent.edit import AMOUNTS, LONGEST_NAME, PSI, PSIS, TAU, TAUS, WEIGHT, WEIGHTS, Bench, Thing
from dashboard.latent.generate import Place
from dashboard.ui import thumbnails
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import grid, png

TAB_KEY = "latent.plain_group"
PAGE_KEY = "latent.plain_page"
PAGE = 12
SLIDER_COLUMNS = 2
SHARES = (5, 6)


def live(bench: Bench, place: Place) -> None:
    """Picture, classic row, shelf and sliders."""
    left, right = st.columns(SHARES, gap="medium")
    with left:
        picture(bench, place)
    with right:
        for thing in bench.scene.shelf:
            shelf_row(bench, thing)
        slide(bench, PSI, "Truncation", PSIS, 0.01)
        slide(bench, TAU, "Threshold", TAUS, 0.05)
        group_sliders(bench, place)
        buttons(bench)


def picture(bench: Bench, place: Place) -> None:
    """The still, its length, and the row of the first two things."""
    scene = bench.scene
    z = generate.z_of(scene, place)
    still = framed(generate.still(z, place, scene.told))
    alt = f"Picture of {scene.expression} from run {place.run}"
    st.image(still, output_format="PNG", alt=alt)
    st.caption(str(editor.norm_of(z, place)["norm_text"]).capitalize())
    if row := scene.classic():
        for column, (caption, weights) in zip(st.columns(len(row)), row.items(), strict=True):
            small = framed(generate.still(generate.combined(weights, place), place, scene.told))
            column.image(small, output_format="PNG", caption=caption, alt=f"Picture of {caption}")


def framed(pixels: Bytes) -> bytes:
    """One image (1, C, S, S) as an enlarged PNG."""
    return thumbnails.enlarged(png(grid(pixels, columns=1)))


def shelf_row(bench: Bench, thing: Thing) -> None:
    """One thing: its weight, its name, whether it is pinned."""
    letter = thing.letter
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        slide(bench, f"{WEIGHT}:{letter}", f"{letter}: {thing.title}", WEIGHTS, 0.05)
        menu = st.popover(letter, icon=":material/push_pin:" if thing.pinned else ":material/more_horiz:")
    with menu:
        name_key = f"latent.plain_name.{letter}"
        put(name_key, thing.name)
        st.text_input(
            f"Name of {letter}",
            key=name_key,
            max_chars=LONGEST_NAME,
            on_change=lambda: editor.attempt(bench, lambda scene: scene.renamed(letter, st.session_state[name_key])),
        )
        act(bench, "Unpin" if thing.pinned else "Pin", "pin", letter)
        act(bench, "Drop", "drop", letter)


def group_sliders(bench: Bench, place: Place) -> None:
    """One group of directions, twelve sliders at a time."""
    groups = {group["title"]: group for group in editor.groups(place)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.segmented_control("Directions", list(groups), default=next(iter(groups)), key=TAB_KEY, required=True)
        group = groups.get(str(title)) or next(iter(groups.values()))
        names = group["names"]
        pages = max(1, -(-len(names) // PAGE))
        page = st.number_input(f"Page of {pages}", 1, pages, key=f"{PAGE_KEY}.{group['kind']}")
    columns = st.columns(SLIDER_COLUMNS, gap="medium")
    for index, name in enumerate(names[(int(page) - 1) * PAGE : int(page) * PAGE]):
        with columns[index % SLIDER_COLUMNS]:
            slide(bench, f"{group['kind']}:{name}", f"{group['word']} {name}".strip(), AMOUNTS, 0.05)


def slide(bench: Bench, key: str, label: str, limits: tuple[float, float], step: float) -> None:
    """One slider that writes the scene."""
    widget = f"latent.plain.{key}"
    put(widget, min(max(bench.scene.value(key), limits[0]), limits[1]))

    def take() -> None:
        editor.attempt(bench, lambda scene: scene.moved(key, st.session_state[widget]))

    st.slider(label, *limits, step=step, key=widget, on_change=take)


def buttons(bench: Bench) -> None:
    with st.container(horizontal=True):
        for word, kind in (("Reset", "reset"), ("Nudge", "nudge"), ("Random", "random")):
            act(bench, word, kind)


def act(bench: Bench, word: str, kind: str, value: str = "") -> None:
    """A button that does what the component's does."""
    st.button(
        word,
        key=f"latent.plain.{kind}.{value}",
        on_click=lambda: editor.attempt(bench, lambda scene: editor.ACTS[kind](scene, value)),
    )


def put(key: str, value: object) -> None:
    """Give a widget its value where it has another."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value

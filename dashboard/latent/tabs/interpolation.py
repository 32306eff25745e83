"""Interpolation: straight and great-circle strips between two latents, and a loop through the whole shelf."""

from collections.abc import Mapping, Sequence

import streamlit as st
import torch

from dashboard.latent import generate
from dashboard.latent.edit import ClassCondition, EditHistory, LatentEdit
from dashboard.latent.galleries import Cell, cell, show_frames, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import downloads
from gan_core.latent.interpolation import PathName, closed_path, interpolate
from gan_core.numerics.shapes import Bytes, Latents

CURRENT = "the picture"
FEWEST_FRAMES, MOST_FRAMES = 3, 24
CELL_PIXELS = 112
TITLES: dict[PathName, str] = {"lerp": "Straight line", "slerp": "Great circle"}
LOOP_FRAMES_PER_SECOND = 12
LOOP_SHARES = (1, 2)  # of the width: player, settings


def show_interpolation(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Strips above, the loop below."""
    edit = history.edit
    ends = [item.letter for item in edit.shelf] + [CURRENT]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.selectbox("From", ends, index=0, key="latent.strip_start")
        stop = st.selectbox("To", ends, index=min(1, len(ends) - 1), key="latent.strip_stop")
        frames = st.number_input("Frames", FEWEST_FRAMES, MOST_FRAMES, 10, key="latent.strip_frames")
        save = st.popover("Save", icon=":material/download:")
    a, b = (end_latent(edit, snapshot, name if name in ends else ends[0]) for name in (start, stop))
    strips = {path: show_strip(path, interpolate(a, b, int(frames), path), snapshot, edit.condition) for path in TITLES}
    with save:
        show_strip_download(strips, snapshot)
    st.caption(
        "Above the straight line, below the great circle; under each picture the length of its latent. The straight "
        "line passes through latents that are shorter than those seen in training. The great circle keeps their length "
        "(White 2016)."
    )
    if len(edit.shelf) > 1:
        show_loop(edit, snapshot)
    else:
        st.caption("A loop needs two latents on the shelf.")


def end_latent(edit: LatentEdit, snapshot: SnapshotRef, name: str) -> Latents:
    """(Z,) float64: an item on the shelf by its letter, or the latent of CURRENT."""
    if name == CURRENT:
        return generate.latent_of(edit, snapshot)[0]
    return generate.combined_latent({edit.item(name).source: 1.0}, snapshot)[0]


def show_strip(path: PathName, z: Latents, snapshot: SnapshotRef, condition: ClassCondition) -> Bytes:
    """Frames (T, Z) with their lengths. Returns their pixels (T, C, S, S)."""
    pixels = generate.render_float64(z, snapshot, condition)
    show_gallery(f"latent.strip_{path}.frames", TITLES[path], pixels, length_cells(z), CELL_PIXELS, strip=True)
    return pixels


def show_strip_download(strips: Mapping[PathName, Bytes], snapshot: SnapshotRef) -> None:
    """One of the strips as a picture or an animation."""
    paths = list(strips)
    chosen = st.segmented_control(
        "Strip", paths, default=paths[0], required=True, format_func=TITLES.__getitem__, key="latent.strip_saved"
    )
    path = chosen if chosen in paths else paths[0]
    pixels, name = strips[path], f"{snapshot.run}-{path}"
    downloads.show_picture_form("latent.strip", pixels, len(pixels), name)
    downloads.show_animation_form("latent.strip_animation", pixels, name)


def length_cells(z: Latents) -> list[Cell]:
    """A caption for each frame: the length of its latent."""
    lengths = z.norm(dim=1).tolist()
    return [
        cell(f"{length:.2f}", f"Frame {index + 1} of {len(z)}, length {length:.2f}")
        for index, length in enumerate(lengths)
    ]


def show_loop(edit: LatentEdit, snapshot: SnapshotRef) -> None:
    """Once through all items on the shelf and back to the first, as an animation."""
    left, right = st.columns(LOOP_SHARES, gap="medium", vertical_alignment="center")
    letters = [item.letter for item in edit.shelf]
    with right:
        st.markdown("**Loop**")
        st.caption(f"Through {', '.join(letters)} and back to {letters[0]}.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            leg = int(st.number_input("Frames between two", 4, 60, 16, key="latent.loop_leg"))
            paths: Sequence[PathName] = ("slerp", "lerp")
            path = st.segmented_control(
                "Path", paths, default="slerp", required=True, format_func=TITLES.__getitem__, key="latent.loop_path"
            )
            frames = loop_frames(edit, snapshot, leg, path if path in paths else "slerp")
            downloads.show_animation_popover("latent.loop_animation", frames, f"{snapshot.run}-loop")
            downloads.show_picture_popover("latent.loop_sheet", frames, leg, f"{snapshot.run}-loop")
    with left:
        captions = [f"{letters[index // leg]}, frame {index % leg + 1} of {leg}" for index in range(len(frames))]
        show_frames("latent.loop", "Loop through the shelf", frames, captions, 0, LOOP_FRAMES_PER_SECOND, loop=True)


def loop_frames(edit: LatentEdit, snapshot: SnapshotRef, leg: int, path: PathName) -> Bytes:
    """(frames, C, S, S) uint8, `leg` frames for each item on the shelf."""
    stops = torch.cat([generate.combined_latent({item.source: 1.0}, snapshot) for item in edit.shelf])
    z = closed_path(stops, leg * len(stops), path)
    return generate.render_latents(tuple(map(tuple, z.tolist())), snapshot, edit.condition)

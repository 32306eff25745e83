"""Interpolation: straight and great-circle strips between two latents, and a loop through the whole shelf."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
import torch

from dashboard.latent import generate
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.latent.galleries import Cell, cell, show_frames, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import downloads
from gan_core.latent.interpolation import PathName, closed_path, interpolate
from gan_core.numerics.shapes import Bytes, Labels, Latents

CURRENT = "the picture"
FEWEST_FRAMES, MOST_FRAMES = 3, 24
CELL_PIXELS = 96
TITLES: dict[PathName, str] = {"lerp": "Straight line", "slerp": "Great circle"}
LOOP_FRAMES_PER_SECOND = 12
LOOP_SHARES = (1, 2)  # of the width: player, settings


class PathEnd(NamedTuple):
    """Where a path begins or ends: a latent (1, Z) and, in a run with labels, the weights of its classes (1, K)."""

    z: Latents
    labels: Labels | None


def show_interpolation(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Strips above, the loop below."""
    edit = history.edit
    ends = [item.letter for item in edit.shelf] + [CURRENT]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.selectbox("From", ends, index=0, key="latent.strip_start")
        stop = st.selectbox("To", ends, index=min(1, len(ends) - 1), key="latent.strip_stop")
        frames = st.number_input("Frames", FEWEST_FRAMES, MOST_FRAMES, 10, key="latent.strip_frames")
        save = st.popover("Save", icon=":material/download:")
    a, b = (path_end(edit, snapshot, name if name in ends else ends[0]) for name in (start, stop))
    strips = {path: show_strip(path, a, b, int(frames), snapshot) for path in TITLES}
    with save:
        show_strip_download(strips, snapshot)
    st.caption(
        "Above the straight line, below the great circle, with the lengths of the latents. The straight line passes "
        "through shorter latents than those of training; the great circle keeps their length (White 2016)."
    )
    if len(edit.shelf) > 1:
        show_loop(edit, snapshot)
    else:
        st.caption("A loop needs two latents on the shelf.")


def path_end(edit: LatentEdit, snapshot: SnapshotRef, name: str) -> PathEnd:
    """An item on the shelf by its letter, or CURRENT."""
    if name == CURRENT:
        return PathEnd(generate.latent_of(edit, snapshot), generate.labels_of_edit(edit, snapshot))
    weights = {edit.item(name).source: 1.0}
    labels = generate.labels_for(weights, edit.condition, snapshot)
    return PathEnd(generate.combined_latent(weights, snapshot), labels)


def show_strip(path: PathName, a: PathEnd, b: PathEnd, frames: int, snapshot: SnapshotRef) -> Bytes:
    """The frames from a to b with the lengths of their latents. Returns their pixels (T, C, S, S).

    Classes are mixed along a straight line.
    """
    z = interpolate(a.z[0], b.z[0], frames, path)
    labels = None
    if a.labels is not None and b.labels is not None:
        labels = interpolate(a.labels[0], b.labels[0], frames, "lerp")
    pixels = generate.render_float64(z, snapshot, labels)
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
    left, right = st.columns(LOOP_SHARES, gap="small", vertical_alignment="center")
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
    ends = [path_end(edit, snapshot, item.letter) for item in edit.shelf]
    frames = leg * len(ends)
    z = closed_path(torch.cat([end.z for end in ends]), frames, path)
    labels = generate.stacked([end.labels for end in ends])
    rows = None if labels is None else generate.rows_of(closed_path(labels, frames, "lerp"))
    return generate.render_latents(generate.rows_of(z), snapshot, rows)

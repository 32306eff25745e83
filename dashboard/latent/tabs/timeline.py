"""The same latent at every snapshot of the run, from the untrained generator to the newest."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import generate, run_and_snapshot
from dashboard.latent.edit import EditHistory
from dashboard.latent.galleries import cell, picked, show_frames, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import downloads
from dashboard.ui.text import amount

KEY = "latent.timeline"
CELL_PIXELS = 60
ROWS = 2
FRAMES_PER_SECOND = 4
SHARES = (3, 7)  # of the width: player, pictures


def show_timeline(history: EditHistory, snapshot: SnapshotRef) -> None:
    """A player on the left, all snapshots on the right. A click selects a snapshot for the whole page."""
    edit = history.edit
    kept = list(services.store().snapshots(snapshot.run).all())
    z = generate.rows_of(generate.latent_of(edit, snapshot))
    labels = generate.labels_of_edit(edit, snapshot)
    rows = None if labels is None else generate.rows_of(labels)
    pixels = torch.cat([generate.render_once(z, snapshot._replace(images_seen=images), rows) for images in kept])
    captions = [f"after {amount(images)} images" for images in kept]
    at = kept.index(snapshot.images_seen) if snapshot.images_seen in kept else len(kept) - 1
    left, right = st.columns(SHARES, gap="small")
    with left:
        title = f"{edit.expression} through training"
        show_frames(f"{KEY}.player", title, pixels, captions, at, FRAMES_PER_SECOND, loop=False)
    with right:
        cells = [
            cell(amount(images), f"After {amount(images)} images", chosen=images == snapshot.images_seen, value=images)
            for images in kept
        ]
        show_gallery(f"{KEY}.strip", "Snapshots", pixels, cells, CELL_PIXELS, on_pick=pick_snapshot, rows=ROWS)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Images seen. A click shows that snapshot.", width="stretch")
            save = st.popover("Save", icon=":material/download:")
        with save:
            downloads.show_picture_form(KEY, pixels, len(pixels), f"{snapshot.run}-training")
            downloads.show_animation_form(f"{KEY}.animation", pixels, f"{snapshot.run}-training")


def pick_snapshot() -> None:
    """Callback: a snapshot was clicked."""
    images_seen = picked(f"{KEY}.strip")
    if isinstance(images_seen, int) and images_seen >= 0:
        run_and_snapshot.select_snapshot(images_seen)

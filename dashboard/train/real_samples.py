"""The real images beside the sample grids: read in the background, once per data set, for all visitors."""

from typing import NamedTuple

import streamlit as st

from dashboard.ui.background import Tasks
from gan_core.config import DataConfig
from gan_core.data.cache_folder import data_root
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.runs.store import RunStore

GRIDS_KEPT = 16


class Real(NamedTuple):
    """A PNG like a sample grid, or the reason why there is none; neither while the data are being read."""

    png: bytes = b""
    problem: str = ""


@st.cache_resource(show_spinner=False)
def grids() -> Tasks[bytes]:
    """The grids of this process as PNGs, by the configuration of their data set."""
    return Tasks(GRIDS_KEPT)


def read(config: DataConfig, classes: tuple[str, ...]) -> bytes:
    from gan_core.data.real_images import real_images  # imports torch
    from gan_core.pictures.render import grid, png

    return png(grid(real_images(config, data_root(), len(GRID_SEEDS), classes=classes)))


def of(store: RunStore, run: str) -> Real:
    """The real images of a run's data set. The first call starts reading; after a failure the next one retries."""
    config, classes = store.config(run).data, store.class_names(run)
    key = f"{config.model_dump_json()} {classes}"
    task = grids().get_or_start(key, lambda task: read(config, classes))
    if task.problem:
        grids().forget(key)
    return Real(task.result or b"", task.problem)

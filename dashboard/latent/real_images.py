"""The real images that a run was trained on: loaded in the background and kept for all visitors."""

from collections.abc import Callable
from typing import Any

import streamlit as st
import torch

from dashboard.app.error_boundary import error_boundary
from dashboard.ui.background import Task, tasks
from dashboard.ui.text import escaped
from gan_core.config import DataConfig
from gan_core.data.cache_folder import data_root
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.evaluation.nearest_real import FeatureIndex, index_real_images

REFRESH_SECONDS = 0.5
CPU = torch.device("cpu")


def dataset(config: DataConfig) -> Dataset | None:
    """The data set. While it is loaded the page shows the progress and the result is None."""
    found = result_of(f"real images {config.model_dump_json()}", lambda task: load_dataset(task, config))
    return found if isinstance(found, Dataset) else None


def feature_index(config: DataConfig, images: Dataset) -> FeatureIndex | None:
    """The data set, prepared for `nearest`. While it is made the page shows the progress and the result is None."""
    found = result_of(f"real features {config.model_dump_json()}", lambda task: index_real_images(images, task.report))
    return found if isinstance(found, FeatureIndex) else None


def load_dataset(task: Task[Dataset], config: DataConfig) -> Dataset:
    return load(config, CPU, root=data_root(), report=task.report)


def result_of(key: str, work: Callable[[Task[Any]], object]) -> object:
    """The result of a background task, which the first call starts. Without a result the page says why.

    The pulse of the page redraws it when the task ends.
    """
    task = tasks().get_or_start(key, work)
    if task.running:
        show_progress(task)
        return None
    if task.problem:
        st.error(escaped(task.problem), icon=":material/error:")
        st.button("Try again", key=f"latent.again.{key[:12]}", on_click=lambda: tasks().forget(key))
        return None
    return task.result


def show_progress(task: Task[Any]) -> None:
    """The progress of a task, refreshed."""

    @st.fragment(run_every=REFRESH_SECONDS)
    def draw() -> None:
        with error_boundary():
            st.progress(task.progress.share, text=escaped(task.progress.sentence or "Loading the real images."))

    draw()

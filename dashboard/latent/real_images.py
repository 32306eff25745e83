"""The real images that a run learned from, brought in the background and kept for all visitors."""

from collections.abc import Callable
from typing import Any

import streamlit as st
import torch

from dashboard.app import services
from dashboard.ui.background import Task, tasks
from dashboard.ui.text import escaped
from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.evaluation.nearest_real import FeatureIndex, index_real_images

POLL_SECONDS = 0.5
CPU = torch.device("cpu")


def dataset(config: DataConfig) -> Dataset | None:
    """The data set, or None with the progress on the page while it is brought."""
    found = brought(f"real images {config.model_dump_json()}", lambda task: fetch(task, config))
    return found if isinstance(found, Dataset) else None


def gallery(config: DataConfig, images: Dataset) -> FeatureIndex | None:
    """The data set made ready to be searched, or None with the progress on the page."""
    found = brought(f"real features {config.model_dump_json()}", lambda task: index_real_images(images, task.report))
    return found if isinstance(found, FeatureIndex) else None


def fetch(task: Task[Dataset], config: DataConfig) -> Dataset:
    return load(config, CPU, root=services.data_root(), report=task.report)


def brought(key: str, work: Callable[[Task[Any]], object]) -> object:
    """The result of a task, which is started on first use; None while it runs or after it failed, with a word on it."""
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
    """The progress of a task; when it ends, the page is drawn anew."""

    @st.fragment(run_every=POLL_SECONDS)
    def look() -> None:
        if not task.running:
            st.rerun()
        st.progress(task.progress.share, text=escaped(task.progress.sentence or "Loading the real images."))

    look()

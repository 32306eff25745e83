"""The real images that a run learned from, brought in the background and kept for all visitors."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.ui import background
from dashboard.ui.background import Task
from dashboard.ui.text import as_sentence, escaped
from gan_core.config import DataConfig
from gan_core.data.registry import Dataset, load
from gan_core.evaluation.discriminator_view import Gallery, gallery_of

POLL_SECONDS = 0.5
CPU = torch.device("cpu")


class GoneError(Exception):
    """Nobody wants the result any more."""


def dataset(config: DataConfig) -> Dataset | None:
    """The data set, or None with the progress on the page while it is brought."""
    found = brought(f"real images {config.model_dump_json()}", lambda task: fetch(task, config))
    return found if isinstance(found, Dataset) else None


def gallery(config: DataConfig, images: Dataset) -> Gallery | None:
    """The data set made ready to be searched, or None with the progress on the page."""
    found = brought(f"real features {config.model_dump_json()}", lambda task: gallery_of(images, reporter(task)))
    return found if isinstance(found, Gallery) else None


def fetch(task: Task, config: DataConfig) -> Dataset:
    return load(config, CPU, root=services.data_root(), report=reporter(task))


def reporter(task: Task) -> background.Report:
    """Tells the task how far it is, and ends the work where nobody waits for it."""

    def report(share: float, sentence: str) -> None:
        task.tell(share, sentence)
        if task.cancelled:
            raise GoneError

    return report


def brought(key: str, work: background.Work) -> object:
    """The result of a task that is begun on first use; None while it goes on or where it failed, which is said."""
    task = background.task(key) or background.start(key, work)
    if task.job.running:
        waiting(task)
        return None
    if task.job.problem is not None:
        st.error(escaped(as_sentence(str(task.job.problem))), icon=":material/error:")
        st.button("Try again", key=f"latent.again.{key[:12]}", on_click=lambda: background.forget(key))
        return None
    return task.result


def waiting(task: Task) -> None:
    """The progress, until the work has ended; then the page is drawn anew."""

    @st.fragment(run_every=POLL_SECONDS)
    def look() -> None:
        if not task.job.running:
            st.rerun()
        st.progress(task.told.share, text=escaped(task.told.sentence or "Bringing the real images."))

    look()

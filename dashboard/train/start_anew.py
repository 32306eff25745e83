"""After a failure that the settings of the run caused: buttons that take these settings into the form."""

import streamlit as st

from dashboard.train import sidebar, status_text
from dashboard.train.draft import SOURCE
from dashboard.train.kept_draft import draft
from dashboard.ui import actions
from gan_core.data.folder_path import folder_in
from gan_core.data.picture_files import require_folder
from gan_core.data.registry import SOURCES
from gan_core.data.source import DataError
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunStore, RunSummary

EMBEDDED = "mnist-5k"
MOVED = "train.moved_folder"


def show_start_anew(worker: Worker, run: RunSummary) -> None:
    """The buttons; nothing for any other run."""
    store = worker.store
    if not status_text.needs_other_settings(run):
        return
    with st.container(horizontal=True, key="train-start-anew"):
        if run.config.get("data", {}).get("name") == "folder":
            show_moved(worker, run)
        if lacks_a_download(run):
            st.button(
                "Use the 5,000 digits that need no network",
                key="train.use_embedded",
                icon=":material/download_done:",
                type="primary",
                on_click=actions.attempt,
                args=(take_embedded_digits, store, run.name),
                help=f"Fills the form with the settings of this run and the data set {EMBEDDED}: then press Start.",
            )
        st.button(
            "Correct the settings and start anew",
            key="train.start_anew",
            icon=":material/edit:",
            on_click=actions.attempt,
            args=(sidebar.take_settings_of, store, run.name),
            help="Fills the form in the sidebar with the settings of this run: correct them there, then press Start.",
        )


def show_moved(worker: Worker, run: RunSummary) -> None:
    """A field for the folder in which the images of a run lie now, if they were moved."""
    with st.popover("The images were moved", icon=":material/drive_file_move:"):
        st.text_input(
            "Folder of the images",
            str(run.config["data"]["folder"]),
            key=f"{MOVED}.{run.name}",
            help="Where the same images lie now. The run checks that they are the same before it goes on.",
        )
        st.button(
            "Look there and resume",
            key="train.moved_resume",
            type="primary",
            on_click=actions.attempt,
            args=(resume_from, worker, run.name),
        )


def resume_from(worker: Worker, run: str) -> None:
    """Tell the run the folder in the field, and queue it. Raises FolderError for anything that is no folder."""
    folder = folder_in(str(st.session_state[f"{MOVED}.{run}"])).absolute()
    require_folder(folder)
    worker.store.move_images(run, folder)
    worker.resume(run)


def lacks_a_download(run: RunSummary) -> bool:
    """Whether the run failed because its data set could not be had, and would have been downloaded."""
    name = str(run.config.get("data", {}).get("name", ""))
    return run.code == DataError.code and name in SOURCES and SOURCES[name].is_here is not None


def take_embedded_digits(store: RunStore, run: str) -> None:
    """Fill the form with the settings of a run, but with digits that come with a package."""
    sidebar.take_settings_of(store, run)
    draft().change(SOURCE, EMBEDDED)

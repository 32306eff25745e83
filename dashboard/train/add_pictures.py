"""Pictures dropped on the form become a data set of one's own, which a run can learn."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.train.draft import SOURCE, Draft
from dashboard.ui.actions import Done, attempt, report
from dashboard.ui.text import amount
from gan_core.data.added_pictures import Upload, add_pictures, own_sets
from gan_core.data.cache_folder import data_root
from gan_core.runs.names import safe_name

PLACE = "train"
ADDED = "pictures.added"  # how many data sets this visitor has made; part of the keys, so that each empties the fields
FOLDER = "data.folder"
MOST_MEGABYTES = 2_000
LONGEST_NAME = 60


def show_add_pictures(mine: Draft) -> None:
    """A button that opens the field for pictures, and the data sets that were made here before."""
    with st.popover("Own pictures", icon=":material/add_photo_alternate:", width="stretch"):
        files, name = uploader(), name_field()
        st.button(
            "Make a data set of them",
            key="train.add_pictures",
            type="primary",
            width="stretch",
            disabled=not files,
            on_click=take,
            args=(mine, files, name),
        )
        st.caption("A folder inside a zip file is a class. The pictures stay on this machine.")
        show_sets(mine)


def uploader() -> list[UploadedFile]:
    """The field for files."""
    return st.file_uploader(
        "A zip file, or pictures",
        type=None,  # the content counts, and not the name
        accept_multiple_files=True,
        key=key_of("files"),
        max_upload_size=MOST_MEGABYTES,
    )


def name_field() -> str:
    """The name of the data set."""
    typed = st.text_input(
        "Name of the data set", key=key_of("name"), max_chars=LONGEST_NAME, placeholder="the name of the file"
    )
    return typed.strip()


def key_of(part: str) -> str:
    return f"{ADDED}.{part}.{st.session_state.setdefault(ADDED, 0)}"


def take(mine: Draft, files: Sequence[UploadedFile], name: str) -> None:
    """Callback of the button: make the data set, and choose it."""
    attempt(lambda: add(mine, files, name), place=PLACE)


def add(mine: Draft, files: Sequence[UploadedFile], name: str) -> None:
    """Make the data set, and choose it. Raises DataError."""
    uploads = [Upload(file.name, file) for file in files]
    folder = add_pictures(data_root(), safe_name(name or Path(files[0].name).stem), uploads)
    st.session_state[ADDED] += 1
    choose(mine, folder)
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    report(Done(PLACE, f"The data set {folder.name} was made of {amount(count)} files. It lies in {folder}."))


def choose(mine: Draft, folder: Path) -> None:
    """Let the draft learn the pictures in a folder."""
    mine.change(SOURCE, "folder")
    mine.change(FOLDER, str(folder))


def show_sets(mine: Draft) -> None:
    """The data sets that were made here before."""
    sets = own_sets(data_root())
    if sets:
        st.caption("Made here before:")
    for folder in sets:
        st.button(
            folder.name,
            key=f"train.own.{folder.name}",
            icon=":material/photo_library:",
            type="tertiary",
            on_click=choose,
            args=(mine, folder),
            help=f"Learn the pictures in {folder}.",
        )

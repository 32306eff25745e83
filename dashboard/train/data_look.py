"""What is known of the images of a draft before a run: how many there are and, for a folder, how they look.

No widgets here. What was counted is remembered for some seconds, because a form is drawn often and a folder may be
large. A folder is looked at in the background.
"""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from pydantic import ValidationError

from dashboard.ui.background import Task, Tasks
from gan_core.config import DataConfig, Setting
from gan_core.config.advice import Advice, advice_on
from gan_core.config.run_config import RunConfig
from gan_core.data.folder_path import folder_in
from gan_core.data.registry import SOURCES, DataError

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.data.folder_look import FolderLook

REMEMBERED_SECONDS = 10.0
LOOKS_KEPT = 8
STAMPED = 1_000  # folders inside a folder whose dates say whether it has changed
SECTION = "data."
LOOKED_AT = "train.looked_at"  # the key of the last look of a visitor


class Found(NamedTuple):
    """A folder of images: what is in it and a PNG of some of them, or why it cannot be used."""

    look: "FolderLook | None"
    picture: bytes = b""
    problem: str = ""


def images_in(settings: Sequence[Setting]) -> int | None:
    """How many images the networks will see; None if that is not known, for example of a folder without a name."""
    try:
        data = data_config(settings)
    except ValidationError:
        return None
    images = count_in(data.model_dump_json())
    return (min(images, data.limit) if data.limit else images) or None


def data_config(settings: Sequence[Setting]) -> DataConfig:
    """The section `data` of a draft. Raises ValidationError."""
    values = {each.path.removeprefix(SECTION): each.value for each in settings if each.path.startswith(SECTION)}
    return DataConfig.model_validate(values)


@st.cache_data(max_entries=64, ttl=REMEMBERED_SECONDS, show_spinner=False)
def count_in(data_json: str) -> int:
    """The images of the data set in this JSON, without its limit; 0 if they are not known."""
    data = DataConfig.model_validate_json(data_json)
    return SOURCES[data.name].outlook(data).images


@st.cache_data(max_entries=64, ttl=REMEMBERED_SECONDS, show_spinner=False)
def advice(config_json: str) -> list[Advice]:
    """The advice on the configuration in this JSON. It counts the images of a folder."""
    return advice_on(RunConfig.model_validate_json(config_json))


@st.cache_resource(show_spinner=False)
def looks() -> Tasks[Found]:
    """The looks of this process at folders."""
    return Tasks(LOOKS_KEPT)


def look_at(data: DataConfig) -> Task[Found]:
    """The look at the folder of a data set, with a picture as the networks will see its images.

    It starts with the first call, and again when files were added to the folder or removed. A visitor who looks at
    another folder ends the look before.
    """
    key = key_of(data)
    before = st.session_state.get(LOOKED_AT)
    if before not in (None, key) and before in looks().running():
        looks().forget(before)
    st.session_state[LOOKED_AT] = key
    return looks().get_or_start(key, lambda task: found_in(data, task))


def look_again(data: DataConfig) -> None:
    """Forget what was found, so that the next `look_at` looks again."""
    looks().forget(key_of(data))


def key_of(data: DataConfig) -> str:
    return f"{data.model_dump_json()} {stamp(folder_in(data.folder))}"


def stamp(folder: Path) -> int:
    """A number that changes when a file is added to a folder or to one of the folders in it, or removed."""
    try:
        with os.scandir(folder) as entries:
            inside = [
                entry.stat().st_mtime_ns for _, entry in zip(range(STAMPED), entries, strict=False) if entry.is_dir()
            ]
        return hash((folder.stat().st_mtime_ns, *sorted(inside)))
    except (OSError, ValueError):  # missing, not allowed, or no path at all
        return 0


def found_in(data: DataConfig, task: Task[Found]) -> Found:
    """Look at a folder. Runs in the background."""
    from gan_core.data.folder_look import look_at_folder

    try:
        look = look_at_folder(data, task.report)
    except DataError as problem:
        return Found(None, problem=str(problem))
    file = io.BytesIO()
    look.picture.save(file, "PNG", compress_level=1)
    return Found(look, file.getvalue())

"""What is known of the images of a draft before a run: how many there are and, for a folder, how they look.

No widgets here. What was found is remembered for some seconds, because a form is drawn often and a folder may be large.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from pydantic import ValidationError

from gan_core.config import DataConfig, Setting
from gan_core.config.advice import Advice, advice_on
from gan_core.config.run_config import RunConfig
from gan_core.data.registry import SOURCES, DataError

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.data.folder_look import FolderLook

REMEMBERED_SECONDS = 10.0
SECTION = "data."


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


@st.cache_data(max_entries=8, ttl=REMEMBERED_SECONDS, show_spinner=False)
def look_at(data_json: str) -> Found:
    """What is in the folder of the data set in this JSON, with a picture as the networks will see the images."""
    from gan_core.data.folder_look import look_at_folder

    try:
        look = look_at_folder(DataConfig.model_validate_json(data_json))
    except DataError as problem:
        return Found(None, problem=str(problem))
    file = io.BytesIO()
    look.picture.save(file, "PNG", compress_level=1)
    return Found(look, file.getvalue())

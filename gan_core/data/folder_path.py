"""Where the folder of a run's images is: as it was typed, and after it was moved together with the run."""

import os
from pathlib import Path

from gan_core.config import RunConfig

QUOTES = "\"'\u201c\u201d\u2018\u2019"


def folder_in(text: str) -> Path:
    """The folder that a text names, however it was typed: in quotes, with spaces around it, from the home folder."""
    text = text.strip()
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        text = text[1:-1].strip()
    return Path(os.path.expanduser(text))  # Path.expanduser fails for an unknown ~user


def with_folder(config: RunConfig, folder: Path | str) -> RunConfig:
    """The configuration with another folder of images."""
    return config.model_copy(update={"data": config.data.model_copy(update={"folder": str(folder)})})


def with_absolute_folder(config: RunConfig) -> RunConfig:
    """The configuration with the whole path of its folder, which is the same from everywhere."""
    return with_folder(config, folder_in(config.data.folder).absolute()) if config.data.folder.strip() else config


def from_run(config: RunConfig, run: Path) -> str | None:
    """The path of the images from the folder of the run, if both lie below one folder; else None."""
    if not config.data.folder.strip():
        return None
    images, together = folder_in(config.data.folder).absolute(), run.absolute().parent.parent
    return os.path.relpath(images, run.absolute()) if images.is_relative_to(together) else None


def found_again(config: RunConfig, run: Path, relative: str | None) -> RunConfig:
    """The configuration with the folder at its path from the run, if it is not at its whole path any more."""
    if relative is None or is_folder(Path(config.data.folder)):
        return config
    beside = Path(os.path.normpath(run.absolute() / relative))
    return with_folder(config, beside) if is_folder(beside) else config


def is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long, or with a null character
        return False

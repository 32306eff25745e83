"""The folder of one run: what the files in it are called, and whether it is there."""

import contextlib
import os
from pathlib import Path

from gan_core.runs.atomic_files import Announce, storage_error, write_atomically
from gan_core.runs.errors import RunMissingError, RunNameError
from gan_core.runs.names import checked_name

CONFIG = "config.json"
NOTES = "notes.json"
HISTORY = "history.sqlite"
SAMPLES = "samples"
SNAPSHOTS = "moments"  # what snapshots were called in the first version; older versions read the folder
LATENTS = "latents"
LIVE = "live.png"  # see `gan_core.runs.live_picture`


def folder_of(root: Path, run: str) -> Path:
    """The folder of a run under `root`, whether it exists or not. Raises RunNameError."""
    path = root / checked_name(run)
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise RunNameError(f"run {run!r} is a link to a folder outside {root}; move the folder itself there")
    return path


def require_run(folder: Path) -> Path:
    """The folder itself. Raises RunMissingError if it holds no run; a damaged run is a run."""
    if not looks_like_a_run(folder):
        raise RunMissingError(f"there is no run {folder.name!r} in {folder.parent}; `runs` lists those that exist")
    return folder


def looks_like_a_run(folder: Path) -> bool:
    """Whether a folder holds a run, damaged or not. Other folders beside the runs are ignored."""
    return os.path.isfile(folder / CONFIG) or os.path.isfile(folder / HISTORY)  # False if unreadable


def sample_place(images_seen: int) -> str:
    """The path of a sample grid inside the run's folder."""
    return f"{SAMPLES}/{images_seen:012d}.png"


def snapshot_place(images_seen: int) -> str:
    """The path of a snapshot inside the run's folder."""
    return f"{SNAPSHOTS}/{images_seen:012d}.safetensors"


def write_into(path: Path, data: bytes, announce: Announce) -> None:
    """Write a file into a subfolder of a run; its row in the database is written next. Raises StorageError."""
    try:
        path.parent.mkdir(exist_ok=True)  # not its parents: a deleted run must not come back as an empty folder
    except OSError as error:
        raise storage_error(path, error) from error
    write_atomically(path, data, announce)
    announce("row")


def bytes_below(folder: Path) -> int:
    """The sizes of all files in a folder and its subfolders; a file that is deleted meanwhile counts as 0."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total

"""config.json and notes.json of one run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_core.config import Json
from gan_core.runs.atomic_files import Announce, silent, write_atomically
from gan_core.runs.errors import RunError
from gan_core.runs.folder import CONFIG, NOTES, require_run
from gan_core.runs.notes import Notes, notes_from, notes_to_bytes
from gan_core.runs.record import damaged_record, moved_record, record_from, resolved_record, to_bytes


def read_record(folder: Path) -> Json:
    """All of config.json. Raises RunDamagedError, RunMissingError."""
    path = require_run(folder) / CONFIG
    try:
        return record_from(path.read_bytes(), folder.name)
    except OSError as error:
        raise damaged_record(folder.name, error.strerror or str(error)) from error


def write_resolved(folder: Path, record: Json, resolved: Mapping[str, Any], announce: Announce = silent) -> Json:
    """Add the choices made for `auto` to a record and write it; returns the new record.

    Raises RunError if other choices are there already.
    """
    completed = resolved_record(record, resolved, folder.name)
    if completed != record:
        write_atomically(folder / CONFIG, to_bytes(completed), announce)
    return completed


def write_images_folder(folder: Path, record: Json, images: Path, announce: Announce = silent) -> None:
    """Write another folder of images into a record. Raises RunError if the run does not learn from a folder."""
    if record["config"]["data"]["name"] != "folder":
        raise RunError(f"run {folder.name} learns {record['config']['data']['name']}, and not the images of a folder")
    write_atomically(folder / CONFIG, to_bytes(moved_record(record, images, folder)), announce)


def read_notes(folder: Path) -> Notes:
    """The notes of a run; empty if they cannot be read. Raises RunMissingError."""
    try:
        return notes_from((require_run(folder) / NOTES).read_bytes())
    except OSError:
        return Notes()


def write_notes(folder: Path, notes: Notes, announce: Announce = silent) -> None:
    """Replace the notes of a run. Raises RunMissingError, StorageError."""
    write_atomically(require_run(folder) / NOTES, notes_to_bytes(notes), announce)

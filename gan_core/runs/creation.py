"""How the folder of a run appears: it is built under a hidden name and renamed, so it is there completely or not."""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from pathlib import Path

from gan_core.config import Json
from gan_core.runs.atomic_files import Announce, is_stale, storage_error, sync_folder, write_atomically
from gan_core.runs.errors import RunExistsError
from gan_core.runs.folder import CONFIG, HISTORY, NOTES, SAMPLES, SNAPSHOTS, folder_of
from gan_core.runs.history import History
from gan_core.runs.names import checked_name, numbered
from gan_core.runs.notes import Notes, notes_to_bytes
from gan_core.runs.record import beside, config_in, to_bytes

Fill = Callable[[Path], None]  # writes into the hidden folder


def create(root: Path, name: str, record: Json, announce: Announce, fill: Fill | None = None) -> str:
    """A new run under exactly this name. `fill` adds files before the folder appears. Raises RunExistsError."""
    if folder_of(root, name).exists():
        raise taken(name)

    def build(hidden: Path) -> None:
        write_new_run(hidden, record, announce)
        if fill is not None:
            fill(hidden)

    return appear(root, name, build, [name], announce)


def create_numbered(root: Path, base: str, record: Json, announce: Announce, fill: Fill | None = None) -> str:
    """A new run under the first of base, base-2, base-3, ... that is free; returns the name."""
    for number in count(1):
        try:
            return create(root, numbered(base, number), record, announce, fill)
        except RunExistsError:
            continue
    raise AssertionError("the numbers never end")


def adopt(root: Path, name: str, fill: Fill, announce: Announce) -> str:
    """A run whose folder `fill` writes, under the first of name, name-2, ... that is free; returns the name.

    If `fill` raises, nothing is left.
    """

    def build(hidden: Path) -> None:
        hidden.mkdir()
        fill(hidden)

    return appear(root, checked_name(name), build, (numbered(name, number) for number in count(1)), announce)


def appear(root: Path, name: str, build: Fill, names: Iterable[str], announce: Announce) -> str:
    """Build a folder under a hidden name, then rename it to the first of `names` that is free; returns that name."""
    hidden = root / f".partial-{os.getpid()}-{secrets.token_hex(4)}-{name}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        sweep(root)
        build(hidden)
        announce("rename run")
        return rename_to_first(hidden, map(partial(folder_of, root), names))
    except OSError as error:
        raise storage_error(folder_of(root, name), error) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)  # already renamed if all went well


def write_new_run(folder: Path, record: Json, announce: Announce) -> None:
    """Write the files of a run that was never trained into a new folder."""
    for place in (folder, folder / SAMPLES, folder / SNAPSHOTS):
        place.mkdir()
    write_atomically(folder / NOTES, notes_to_bytes(Notes()), announce)
    write_atomically(folder / CONFIG, to_bytes(beside(record, folder)), announce)
    announce("history")
    with History(folder / HISTORY) as history:
        history.set_progress(images_target=config_in(record, folder.name).train.images)


def sweep(root: Path) -> None:
    """Remove what dead processes left half built or half written under `root`."""
    for path in root.glob(".partial-*"):
        if is_stale(path) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif is_stale(path):
            path.unlink(missing_ok=True)


def rename_to_first(source: Path, targets: Iterable[Path]) -> str:
    """Rename a folder to the first of `targets` that is free; returns its name. Raises RunExistsError if none is."""
    for target in targets:
        try:
            rename_to_new(source, target)
        except RunExistsError:
            continue
        return target.name
    raise taken(target.name)


def rename_to_new(source: Path, target: Path) -> None:
    """Rename a folder to a name that must be free. Raises RunExistsError, also if it was taken just now."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise taken(target.name) from error
        raise
    sync_folder(target.parent)


def taken(name: str) -> RunExistsError:
    return RunExistsError(f"run {name} already exists; resume it, or choose another name")

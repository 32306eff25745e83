"""Files that are either complete or absent.

A file is written under a temporary name, flushed, fsynced and renamed. Whenever the process is killed, the name holds
the old bytes or the new ones.

`announce` is called with the name of each stage just before that stage: "write", "write half", "fsync", "rename",
"fsync folder". Tests raise an OSError or kill the process there; other callers use the default.
"""

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from gan_core.runs.processes import process_started

Announce = Callable[[str], None]
Writer = Callable[[IO[bytes]], None]

STALE_SECONDS = 3600.0  # longer than any write: a pid can be reused, an age cannot
PARTIAL = re.compile(r"\.partial-(?P<pid>\d+)-.*")


class StorageError(OSError):
    """A file could not be written. `errno` is the system's; the text is one sentence."""

    def __init__(self, number: int | None, sentence: str) -> None:
        super().__init__(number, sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def silent(stage: str) -> None:
    """The default for `announce`."""


def write_atomically(path: Path, data: bytes | Writer, announce: Announce = silent) -> None:
    """Write `data` to `path`, completely or not at all; `data` is bytes or a function that writes to a binary file.

    The folder must exist. Raises StorageError; the old file is then still there and no temporary file is left.
    """
    partial = path.with_name(f".partial-{os.getpid()}-{secrets.token_hex(4)}-{path.name}")
    try:
        write_through(partial, data, announce)
        announce("rename")
        os.replace(partial, path)
        announce("fsync folder")
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # already renamed, or the folder was deleted
            partial.unlink()


def replace_unsynced(path: Path, data: bytes) -> None:
    """Replace a file at once, for readers of this machine; it may be lost when the machine crashes. Raises OSError."""
    partial = path.with_name(f".partial-{os.getpid()}-{secrets.token_hex(4)}-{path.name}")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    finally:
        with contextlib.suppress(OSError):  # already renamed
            partial.unlink()


def write_through(path: Path, data: bytes | Writer, announce: Announce) -> None:
    """Write a new file and wait until it is on the disk."""
    announce("write")
    with path.open("xb") as file:
        if isinstance(data, bytes):
            middle = len(data) // 2
            file.write(data[:middle])
            file.flush()
            announce("write half")
            file.write(data[middle:])
        else:
            data(file)
        file.flush()
        announce("fsync")
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Windows cannot open folders and does this itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage_error(path: Path, error: OSError) -> StorageError:
    """An error of the system as one sentence that says what to do."""
    if isinstance(error, StorageError):
        return error
    if not path.parent.is_dir():
        advice = "its folder is gone"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        advice = "it can only be read here: copy it to where you may write"
    else:
        advice = "free some space or check the disk, then try again; what was saved before is still there"
    return StorageError(error.errno, f"could not write {path}: {error.strerror or error}; {advice}")


def sweep_partials(folder: Path) -> list[Path]:
    """Remove the temporary files of dead processes in `folder`; returns what was removed.

    The file of a living process stays, unless it is older than any write takes: its pid was then reused.
    """
    removed = []
    for path in sorted(folder.glob(".partial-*")):
        if is_stale(path):
            with contextlib.suppress(FileNotFoundError):  # another process removed it first
                path.unlink()
                removed.append(path)
    return removed


def is_stale(partial: Path) -> bool:
    """Whether a temporary file or folder was left behind by a dead process."""
    match = PARTIAL.fullmatch(partial.name)
    if match is None:
        return False
    try:
        age_seconds = time.time() - partial.stat().st_mtime
    except FileNotFoundError:
        return False
    return process_started(int(match["pid"])) is None or age_seconds > STALE_SECONDS


def written_ns(path: Path) -> int:
    """The modification time of a file in nanoseconds; 0 if it was just deleted."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

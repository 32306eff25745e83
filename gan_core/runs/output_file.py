"""A file that a person named, outside the folder of runs."""

import errno
import sys
from pathlib import Path
from typing import IO

from gan_core.runs.atomic_files import StorageError, Writer, storage_error, write_atomically

STANDARD_OUTPUT = "-"


def write_output(path: Path, data: bytes | Writer) -> None:
    """Write to what `path` names: a file, completely or not at all; `-` is standard output; a link is followed.

    A device or a pipe is written into and never replaced. Raises StorageError.
    """
    if str(path) == STANDARD_OUTPUT:
        write_into(sys.stdout.buffer, data)
        return
    target = path.resolve()
    check_place(path, target)
    if target.is_file() or not target.exists():
        write_atomically(target, data)
        return
    try:
        with target.open("wb") as stream:
            write_into(stream, data)
    except OSError as error:
        raise storage_error(path, error) from error


def check_place(path: Path, target: Path) -> None:
    """Raises StorageError if there can be no such file. `target` is where the links of `path` lead."""
    if target.is_dir():
        raise StorageError(errno.EISDIR, f"could not write {path}: it is a folder; name a file in it")
    if target.parent.is_dir():
        return
    if target.parent.exists():
        raise StorageError(errno.ENOTDIR, f"could not write {path}: {path.parent} is a file and not a folder")
    raise StorageError(errno.ENOENT, f"could not write {path}: there is no folder {path.parent}; make it first")


def write_into(stream: IO[bytes], data: bytes | Writer) -> None:
    if isinstance(data, bytes):
        stream.write(data)
    else:
        data(stream)
    stream.flush()

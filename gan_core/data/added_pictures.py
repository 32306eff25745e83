"""Pictures that somebody hands over, in a zip file or one by one, become a folder of images with a name.

They lie in `own/<name>` below the folder of data sets. A zip file is not trusted: its names, sizes and counts are
checked before anything is written, and what is written is counted. The folder appears complete or not at all.
"""

import os
import re
import secrets
import shutil
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from gan_core.data.source import DataError

OWN = "own"
DRIVE = re.compile(r"[A-Za-z]:")
END = struct.Struct("<4s4H2LH")  # of a zip file: APPNOTE 4.3.16
LONGEST_COMMENT = 65_535
IN_ZIP64 = 0xFFFFFFFF  # stands for a size that is given elsewhere in the file
MOST_DIRECTORY_BYTES = 64_000_000
MOST_FILES = 200_000
MOST_BYTES = 8_000_000_000  # of all files of one data set
CHUNK_BYTES = 1 << 20
STALE_SECONDS = 86_400.0  # after which a half-written folder belongs to nobody
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, UnicodeError)


class Upload(NamedTuple):
    """A file that was handed over: its name, and its bytes, which can be read and sought."""

    name: str
    file: IO[bytes]


def own_sets(root: Path) -> list[Path]:
    """The folders that were made here, in the order of their names."""
    place = root / OWN
    return sorted(path for path in place.glob("*") if path.is_dir() and not path.name.startswith("."))


def add_pictures(root: Path, name: str, uploads: Sequence[Upload]) -> Path:
    """A new folder with the files of all uploads, under the first of name, name-2, ... that is free.

    `name` must be fit for a folder. A folder that holds everything in a zip file is left out: `pets/cat/1.png` becomes
    `cat/1.png`. Raises DataError with one sentence; nothing is left then.
    """
    place = root / OWN
    partial = place / f".partial-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        partial.mkdir(parents=True)
        sweep(place)
        for upload in uploads:
            add_upload(partial, upload)
        return appear(without_wrapping(partial), place, name)
    except OSError as error:
        raise DataError(f"the pictures cannot be saved in {place} ({error.strerror or error})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove what processes that were killed have left."""
    for left in place.glob(".partial-*"):
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def add_upload(folder: Path, upload: Upload) -> None:
    """Write one upload: the files of a zip file, or the file itself."""
    if not zipfile.is_zipfile(upload.file):
        write(
            upload.file, new_path(folder, PurePosixPath(upload.name.replace("\\", "/")).name, upload.name), MOST_BYTES
        )
        return
    check_directory(upload)
    try:
        with zipfile.ZipFile(upload.file) as archive:
            unpack(archive, folder, upload.name)
    except DAMAGES as error:
        raise DataError(f"{upload.name} is a damaged zip file ({error}); make it again") from error


def check_directory(upload: Upload) -> None:
    """Raises DataError if the list of files in a zip file is too long to be read into memory."""
    size = upload.file.seek(0, os.SEEK_END)
    upload.file.seek(max(0, size - END.size - LONGEST_COMMENT))
    tail = upload.file.read()
    place = tail.rfind(b"PK\5\6")
    if 0 <= place <= len(tail) - END.size:
        entries, directory_bytes = END.unpack(tail[place : place + END.size])[4:6]
        if MOST_DIRECTORY_BYTES < directory_bytes != IN_ZIP64:
            raise DataError(f"{upload.name} lists more files than are unpacked ({entries:,}); split it")


def unpack(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    """Write the files of a zip file. Raises DataError before anything is written if one of them is not allowed."""
    entries = list(wanted(archive, name))
    if len(entries) > MOST_FILES:
        raise DataError(f"{name} holds {len(entries):,} files, and at most {MOST_FILES:,} are unpacked; split it")
    total = sum(info.file_size for info, _ in entries)
    free = shutil.disk_usage(folder).free
    if total > min(MOST_BYTES, free):
        most, why = (MOST_BYTES, "at most") if free > MOST_BYTES else (free, "the disk has")
        raise DataError(
            f"{name} would unpack to {total / 1e9:,.1f} GB, and {why} {most / 1e9:,.1f} GB; make it smaller"
        )
    for info, path in entries:
        with archive.open(info) as source:
            write(source, new_path(folder, path, name), info.file_size)


def wanted(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """The files of an archive that are neither hidden nor folders, with their paths. Raises DataError."""
    for info in archive.infolist():
        path = info.orig_filename.replace("\\", "/")
        parts = [part for part in path.removesuffix("/").split("/") if part != "."]
        if path.startswith("/") or DRIVE.match(path) or any(part in ("", "..") for part in parts) or "\0" in path:
            raise DataError(f"{name} names a file outside of itself ({path[:80]!r}); make it again from a folder")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DataError(f"{name} holds a link or a special file ({path[:80]!r}); pack the pictures themselves")
        if info.flag_bits & 1:
            raise DataError(f"{name} is encrypted with a password; pack it without one")
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
        if not path.endswith("/") and not hidden:
            yield info, "/".join(parts)


def new_path(folder: Path, path: str, name: str) -> Path:
    """Where a file will be. Raises DataError if another one is there already."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise DataError(f"{name}: there are two files {path}; give one of them another name")
    return target


def write(source: IO[bytes], target: Path, most_bytes: int) -> None:
    """Copy at most so many bytes. Raises DataError for more: a zip file may say less than it holds."""
    written = 0
    with target.open("xb") as file:
        while piece := source.read(CHUNK_BYTES):
            written += len(piece)
            if written > most_bytes:
                raise DataError(f"{target.name} is larger than it should be, so it was not unpacked")
            file.write(piece)


def without_wrapping(folder: Path) -> Path:
    """The innermost folder that holds all files; a folder around them all would be their only class."""
    inside = list(folder.iterdir())
    return without_wrapping(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder


def appear(folder: Path, place: Path, name: str) -> Path:
    """Rename a folder to the first of name, name-2, ... that is free. Raises DataError if it is empty."""
    if not any(folder.iterdir()):
        raise DataError("there is no file in what was handed over; choose pictures, or a zip file of pictures")
    number = 1
    while True:
        target = place / (name if number == 1 else f"{name}-{number}")
        try:
            if not target.exists():
                folder.rename(target)
                return target
        except OSError:
            if not target.exists():
                raise
        number += 1

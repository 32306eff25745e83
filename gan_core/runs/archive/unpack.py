"""Unpack archives that are not trusted.

First, without unpacking: the end of the file, every name, every declared size, and the manifest are checked. Then each
file is unpacked into a hidden folder; its size and hash are checked while it is written, its content afterwards. The
first error removes the folder.
"""

import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gan_core.runs.archive import validate
from gan_core.runs.archive.manifest import (
    FOLDERS,
    MANIFEST,
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_MANIFEST_BYTES,
    NEEDED,
    ArchiveError,
    Manifest,
    Promise,
    manifest_from,
    most_bytes,
)
from gan_core.runs.names import NAME

CHUNK_BYTES = 1 << 20
END = struct.Struct("<4s4H2LH")  # the end of a zip file without a comment: APPNOTE 4.3.16
END_SIGNATURE = b"PK\x05\x06"
LARGE_SIGNATURE = b"PK\x06\x07"  # a ZIP64 locator is 20 bytes before that end: APPNOTE 4.3.15
LARGE_BYTES = 20
MOST_DIRECTORY_BYTES = 16_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
DRIVE = re.compile(r"[A-Za-z]:")
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, UnicodeError)

Entries = dict[str, zipfile.ZipInfo]  # by their place in the run's folder


@contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose names, sizes and manifest are valid. Raises ArchiveError."""
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError as error:
            raise ArchiveError(f"cannot be read ({error.strerror}: {source})") from error
        with file, opened(file) as found:
            yield found
        return
    try:
        check_end(source)
        with zipfile.ZipFile(source) as archive:
            yield archive, checked_manifest(archive)
    except DAMAGES as error:
        raise ArchiveError(f"is a damaged zip file ({error}); export the run again, or copy the file again") from error


def check_end(file: IO[bytes]) -> None:
    """Check the size of the list of entries before it is read into memory. Raises ArchiveError."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END.size - LARGE_BYTES))
    tail = file.read()
    if tail[-END.size :][:4] != END_SIGNATURE:
        raise ArchiveError("is not a complete zip file; choose a file that was exported here, or copy it again")
    _, _, _, _, entries, directory_bytes, _, _ = END.unpack(tail[-END.size :])
    if tail[:4] == LARGE_SIGNATURE or entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise ArchiveError(f"lists more than {MOST_ENTRIES:,} entries; a run has fewer")


def checked_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, which lists exactly the entries of the archive. Raises ArchiveError."""
    run, entries = checked_entries(archive)
    if missing := [name for name in NEEDED if name not in entries]:
        raise ArchiveError(f"lacks {', '.join(missing)}, so it is not a run; choose a file that was exported here")
    with archive.open(entries[MANIFEST]) as file:
        manifest = manifest_from(file.read(MOST_MANIFEST_BYTES))
    if manifest.run != run:
        raise ArchiveError(f"is in the folder {run}, but names the run {manifest.run}", MANIFEST)
    if unlike := set(manifest.files) ^ (set(entries) - {MANIFEST}):
        raise ArchiveError("is only in the manifest, or only in the zip file", min(unlike))
    for name, promise in manifest.files.items():
        if entries[name].file_size != promise.size_bytes:
            raise ArchiveError("has another size than the manifest says", name)
    return manifest


def checked_entries(archive: zipfile.ZipFile) -> tuple[str, Entries]:
    """The name of the run, and every entry by its place in the run's folder."""
    run, entries, total = "", Entries(), 0
    for info in archive.infolist():
        name = info.orig_filename
        check_path(name)
        check_kind(info)
        top, _, place = name.partition("/")
        run = run or top
        if top != run or not NAME.fullmatch(run):
            raise ArchiveError("is not in the folder of the run, as the other entries are", name)
        if place.rstrip("/") in ("", *FOLDERS) and name.endswith("/") and info.file_size == 0:
            continue
        check_size(name, place, info.file_size)
        total += info.file_size
        if place in entries:
            raise ArchiveError("is there twice", name)
        entries[place] = info
    if total > MOST_BYTES:
        raise ArchiveError(f"would unpack to {total / 1e9:,.1f} GB, and the limit is {MOST_BYTES / 1e9:.0f} GB")
    return run, entries


def check_path(name: str) -> None:
    """Raises ArchiveError for a path that may be outside the run's folder."""
    if "\\" in name or not name.isprintable():
        raise ArchiveError("has a backslash or an unprintable character in its name", name)
    if name.startswith("/") or DRIVE.match(name):
        raise ArchiveError("is an absolute path", name)
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        raise ArchiveError("is a path outside the run's folder, or has an empty part", name)


def check_kind(info: zipfile.ZipInfo) -> None:
    """Raises ArchiveError for links, devices, encryption and compression methods that are not supported."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) and not (kind == stat.S_IFDIR and info.orig_filename.endswith("/")):
        raise ArchiveError("is a link or a special file, and only plain files are unpacked", info.orig_filename)
    if info.flag_bits & ENCRYPTED:
        raise ArchiveError("is encrypted with a password", info.orig_filename)
    if info.compress_type not in METHODS:
        raise ArchiveError(f"is packed by the method {info.compress_type}, which is not supported", info.orig_filename)


def check_size(name: str, place: str, size_bytes: int) -> None:
    """Raises ArchiveError for a file that no run has, or that is too large."""
    most = most_bytes(place)
    if most is None:
        raise ArchiveError("is not a file of a run", name)
    if size_bytes > most:
        raise ArchiveError(f"would unpack to {size_bytes / 1e6:,.0f} MB; the limit is {most / 1e6:,.0f} MB", name)


def fill(folder: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Unpack all files into an empty folder and check their content. Raises ArchiveError."""
    for name in FOLDERS:
        (folder / name).mkdir()
    for name, promise in manifest.files.items():
        inflate(archive, f"{manifest.run}/{name}", promise, folder / name)
    validate.check(folder, manifest)


def inflate(archive: zipfile.ZipFile, name: str, promise: Promise, path: Path) -> None:
    """Unpack one file, at most as many bytes as the manifest says. Raises ArchiveError."""
    digest, written = hashlib.sha256(), 0
    with archive.open(name) as source, path.open("xb") as target:
        while piece := source.read(CHUNK_BYTES):
            written += len(piece)
            if written > promise.size_bytes:
                break
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    if written != promise.size_bytes:
        raise ArchiveError(f"does not unpack to the {promise.size_bytes:,} bytes that the manifest says", name)
    if digest.hexdigest() != promise.sha256:
        raise ArchiveError("has another SHA-256 than the manifest says: it was damaged or changed", name)

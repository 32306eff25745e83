"""The way in for archives that nobody trusts.

First everything is judged that can be without unpacking: the end of the file, every name, every size that is declared,
the manifest. Then each file is unpacked into a hidden folder, counted and hashed while it comes, and looked into. The
first thing that is wrong ends it with one sentence, and the folder with it.
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
LARGE_SIGNATURE = b"PK\x06\x07"  # a ZIP64 locator stands 20 bytes before that end: APPNOTE 4.3.15
LARGE_BYTES = 20
MOST_DIRECTORY_BYTES = 16_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
DRIVE = re.compile(r"[A-Za-z]:")
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, UnicodeError)

Entries = dict[str, zipfile.ZipInfo]  # by their place in the run's folder


@contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose names, sizes and manifest are in order. Raises ArchiveError."""
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
    """Before the list of entries is read into memory: that it is one of a size that a run can have."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END.size - LARGE_BYTES))
    tail = file.read()
    if tail[-END.size :][:4] != END_SIGNATURE:
        raise ArchiveError("is no zip file that was exported here, or not all of one; choose another, or copy it again")
    _, _, _, _, entries, directory_bytes, _, _ = END.unpack(tail[-END.size :])
    if tail[:4] == LARGE_SIGNATURE or entries > MOST_ENTRIES or directory_bytes > MOST_DIRECTORY_BYTES:
        raise ArchiveError(f"lists more than {MOST_ENTRIES:,} entries; a run has fewer")


def checked_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, which speaks of all entries and of nothing else."""
    run, entries = checked_entries(archive)
    if missing := [name for name in NEEDED if name not in entries]:
        raise ArchiveError(f"lacks {', '.join(missing)}, so it is no run; choose a file that was exported here")
    with archive.open(entries[MANIFEST]) as file:
        manifest = manifest_from(file.read(MOST_MANIFEST_BYTES))
    if manifest.run != run:
        raise ArchiveError(f"lies in the folder {run}, but is that of run {manifest.run}", MANIFEST)
    if unlike := set(manifest.files) ^ (set(entries) - {MANIFEST}):
        raise ArchiveError("is in the manifest or in the zip file, but not in both", min(unlike))
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
            raise ArchiveError("does not lie in one folder with the others, called like a run", name)
        if place.rstrip("/") in ("", *FOLDERS) and name.endswith("/") and info.file_size == 0:
            continue
        check_size(name, place, info.file_size)
        total += info.file_size
        if place in entries:
            raise ArchiveError("is there twice", name)
        entries[place] = info
    if total > MOST_BYTES:
        raise ArchiveError(f"would unpack to {total / 1e9:,.1f} GB, and a run has at most {MOST_BYTES / 1e9:.0f} GB")
    return run, entries


def check_path(name: str) -> None:
    """Raises ArchiveError for a name that could lead anywhere but below the run's folder."""
    if "\\" in name or not name.isprintable():
        raise ArchiveError("has a backslash or an unprintable letter in its name", name)
    if name.startswith("/") or DRIVE.match(name):
        raise ArchiveError("is an absolute path", name)
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        raise ArchiveError("leads out of its folder, or nowhere", name)


def check_kind(info: zipfile.ZipInfo) -> None:
    """Raises ArchiveError for links, devices, passwords, and what no reader of this program unpacks."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) and not (kind == stat.S_IFDIR and info.orig_filename.endswith("/")):
        raise ArchiveError("is a link or a special file, and only plain files are unpacked", info.orig_filename)
    if info.flag_bits & ENCRYPTED:
        raise ArchiveError("is locked with a password", info.orig_filename)
    if info.compress_type not in METHODS:
        raise ArchiveError(f"is packed by the method {info.compress_type}, which is not read here", info.orig_filename)


def check_size(name: str, place: str, size_bytes: int) -> None:
    """Raises ArchiveError for what no run has, or not in this size."""
    most = most_bytes(place)
    if most is None:
        raise ArchiveError("is none of the files that a run has", name)
    if size_bytes > most:
        raise ArchiveError(f"would unpack to {size_bytes / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB are read", name)


def fill(folder: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Unpack everything into an empty folder, and look into everything. Raises ArchiveError."""
    for name in FOLDERS:
        (folder / name).mkdir()
    for name, promise in manifest.files.items():
        inflate(archive, f"{manifest.run}/{name}", promise, folder / name)
    validate.check(folder, manifest)


def inflate(archive: zipfile.ZipFile, name: str, promise: Promise, path: Path) -> None:
    """Unpack one file, no further than the manifest says."""
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

"""Pack a run into one zip file, and unpack it: all that is needed to view the run and to train it further.

`<run>/...` as in the folder, with only the newest intact checkpoint, and `<run>/manifest.json`: the size and SHA-256 of
every file. Any program for zip files can unpack it into the folder of runs; `unpack` also checks untrusted files.
"""

import contextlib
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from gan_core.runs.archive.manifest import MANIFEST, Manifest, Promise, manifest_to_bytes
from gan_core.runs.archive.unpack import fill, opened
from gan_core.runs.checkpoints import CHECKPOINT
from gan_core.runs.folder import CONFIG, HISTORY, LATENTS, NOTES, sample_place, snapshot_place
from gan_core.runs.history import History
from gan_core.runs.notes import notes_to_bytes
from gan_core.runs.output_file import write_output
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.store import RunError, RunStore
from gan_core.runs.tensor_files import sha_of

CHUNK_BYTES = 1 << 20
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest date in a zip file; equal files give equal archives
GET_SMALLER = {".json", ".sqlite"}  # files that compression makes smaller
WHILE_IT_TRAINED = "Exported while it trained."
WHILE_IT_WAITED = "Exported before it was trained."


def pack(store: RunStore, run: str, out: Path) -> None:
    """Write the run to `out`. A run that trains continues; the archive holds its state at one time.

    Raises RunError for a missing, a damaged or a too large run; HistoryError, StorageError.
    """
    write_output(out, lambda file: write_archive(store, run, file))


class Arrived(NamedTuple):
    """The name of an unpacked run, and the name that it had when it was packed."""

    run: str
    packed_as: str


def unpack(store: RunStore, source: Path | IO[bytes]) -> Arrived:
    """Make a run from an archive, under its own name, or with a number appended if that is taken.

    Raises ArchiveError, with nothing written, if it is not a run that this program packed; StorageError.
    """
    with opened(source) as (archive, manifest):
        return Arrived(store.adopt(manifest.run, lambda folder: fill(folder, archive, manifest)), manifest.run)


def write_archive(store: RunStore, run: str, file: IO[bytes]) -> None:
    """Write the bytes of the archive. Raises as `pack`."""
    store.config(run)  # raises for a damaged run before anything is written
    try:
        with tempfile.TemporaryDirectory() as beside, zipfile.ZipFile(file, "w", allowZip64=False) as archive:
            files = files_of(store, run, Path(beside))
            promises = {name: add(archive, f"{run}/{name}", source) for name, source in files.items()}
            archive.writestr(entry(f"{run}/{MANIFEST}"), manifest_to_bytes(Manifest(run, promises)))
    except zipfile.LargeZipFile as error:
        raise RunError(
            f"run {run} is too large for one zip file; copy its folder instead: {store.folder(run)}"
        ) from error


def files_of(store: RunStore, run: str, beside: Path) -> dict[str, bytes | Path]:
    """The files of the archive. The checkpoint is read before the history, so the history covers it."""
    files = dict(fixed_files(store, run))
    with copied_history(store, run, beside / HISTORY) as copy:
        return {**files, **existing_files(copy, store.folder(run)), HISTORY: copy.path}


def fixed_files(store: RunStore, run: str) -> Iterator[tuple[str, bytes | Path]]:
    """The files that do not depend on the history. The checkpoint is read at once: a trainer may delete its file."""
    folder = store.folder(run)
    yield from newest_intact_checkpoint(store, run)
    yield CONFIG, folder / CONFIG
    yield NOTES, notes_to_bytes(store.notes(run))
    for source in store.latents(run).names():
        name = f"{LATENTS}/{source.partition(':')[2]}.safetensors"
        yield name, folder / name


def newest_intact_checkpoint(store: RunStore, run: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the newest intact checkpoint; nothing if none was ever saved."""
    for path in store.checkpoints(run).newest_first():
        with contextlib.suppress(OSError):
            data = path.read_bytes()
            match = CHECKPOINT.fullmatch(path.name)
            if match and sha_of(data) == match["sha"]:
                yield path.name, data
                return


def copied_history(store: RunStore, run: str, path: Path) -> History:
    """A copy of the database with its status reset: not running, not queued."""
    with store.history(run) as history:
        history.copy_to(path)
    copy = History(path, create=False)
    status = copy.progress().status
    if status in NEED_A_TRAINER:
        copy.set_progress(status="interrupted", reason=WHILE_IT_TRAINED, images_per_second=0.0)
    elif status == "queued":
        copy.set_progress(status="stopped", reason=WHILE_IT_WAITED)
    return copy


def existing_files(copy: History, folder: Path) -> dict[str, Path]:
    """The files of the sample grids and snapshots in the history; rows whose file was just deleted are removed."""
    samples = {row.images_seen: sample_place(row.images_seen) for row in copy.samples.all()}
    snapshots = {images_seen: snapshot_place(images_seen) for images_seen in copy.snapshots.all()}
    for rows, files in ((copy.samples, samples), (copy.snapshots, snapshots)):
        rows.forget([images for images, name in files.items() if not (folder / name).is_file()])
    return {name: folder / name for each in (samples, snapshots) for name in each.values() if (folder / name).is_file()}


def add(archive: zipfile.ZipFile, name: str, source: bytes | Path) -> Promise:
    """Write one file into the archive, in chunks; returns its size and hash for the manifest."""
    if isinstance(source, bytes):
        archive.writestr(entry(name), source)
        return Promise(len(source), hashlib.sha256(source).hexdigest())
    about, digest = entry(name), hashlib.sha256()
    about.file_size = source.stat().st_size
    with source.open("rb") as file, archive.open(about, "w") as packed:
        while piece := file.read(CHUNK_BYTES):
            digest.update(piece)
            packed.write(piece)
    return Promise(about.file_size, digest.hexdigest())


def entry(name: str) -> zipfile.ZipInfo:
    """The entry of a plain file that everybody may read."""
    about = zipfile.ZipInfo(name, NO_TIME)
    about.compress_type = zipfile.ZIP_DEFLATED if Path(name).suffix in GET_SMALLER else zipfile.ZIP_STORED
    about.external_attr = 0o100644 << 16
    return about

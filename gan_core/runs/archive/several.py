"""Several runs in one zip file: the archive of each run, as `<run>.zip`."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from gan_core.runs.archive.manifest import MOST_BYTES, ArchiveError
from gan_core.runs.archive.pack import CHUNK_BYTES, Arrived, entry, unpack, write_archive
from gan_core.runs.archive.unpack import DAMAGES, check_end
from gan_core.runs.store import RunError, RunStore

ENDING = ".zip"


def write_archives(store: RunStore, runs: Sequence[str], file: IO[bytes]) -> None:
    """Write one file that holds the archive of each run. Raises as `gan_core.runs.archive.pack.pack`."""
    try:
        with zipfile.ZipFile(file, "w", allowZip64=False) as outer:
            for run in runs:
                with tempfile.TemporaryFile() as archive:
                    write_archive(store, run, archive)
                    archive.seek(0)
                    with outer.open(entry(f"{run}{ENDING}"), "w") as place:
                        shutil.copyfileobj(archive, place, CHUNK_BYTES)
    except (zipfile.LargeZipFile, RuntimeError) as error:
        raise RunError("these runs are too large for one zip file; export fewer at once") from error


def unpack_all(store: RunStore, file: IO[bytes]) -> Iterator[Arrived]:
    """Make runs from the archive of one run, or from each archive in a file of `write_archives`.

    Raises ArchiveError, StorageError; runs that were made before it stay.
    """
    names = archives_in(file)
    if not names:
        yield unpack(store, file)
        return
    with zipfile.ZipFile(file) as outer:
        for name in names:
            with tempfile.TemporaryFile() as archive:
                with outer.open(name) as place:
                    shutil.copyfileobj(place, archive, CHUNK_BYTES)
                yield unpack(store, archive)


def archives_in(file: IO[bytes]) -> list[str]:
    """The names of the archives in a file that holds nothing else; none for any other file. Raises ArchiveError."""
    check_end(file)
    try:
        with zipfile.ZipFile(file) as outer:
            entries = outer.infolist()
    except DAMAGES:
        return []
    if not all(Path(each.filename).name == each.filename and each.filename.endswith(ENDING) for each in entries):
        return []
    if sum(each.file_size for each in entries) > MOST_BYTES:
        raise ArchiveError(f"would unpack to more than {MOST_BYTES / 1e9:.0f} GB")
    return [each.filename for each in entries]

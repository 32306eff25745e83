"""Deleted runs: `.trash/<time>/<run>` under the root, until somebody restores or erases them."""

import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from gan_core.runs import lock
from gan_core.runs.atomic_files import storage_error
from gan_core.runs.creation import rename_to_first
from gan_core.runs.errors import RunMissingError, RunNameError
from gan_core.runs.folder import bytes_below, folder_of, looks_like_a_run, require_run
from gan_core.runs.names import checked_name, numbered

TRASH = ".trash"
STAMP_FORMAT = "%Y%m%dT%H%M%S%f"
STAMP = re.compile(r"\d{8}T\d{12}")  # the time of deletion in UTC, which is the name of a folder in the trash


class Trashed(NamedTuple):
    """One deleted copy of a run. `stamp` is the time of deletion in UTC, as %Y%m%dT%H%M%S%f."""

    stamp: str
    name: str


class Trash:
    """The deleted runs of one root folder. A run can be there several times: each deletion is one copy."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, run: str) -> Trashed:
        """Move a run to the trash. Raises OwnedError while it trains, RunMissingError, StorageError."""
        folder = require_run(folder_of(self.root, run))
        lock.refuse_if_claimed(folder)
        place = self.root / TRASH / f"{datetime.now(UTC):{STAMP_FORMAT}}"
        try:
            place.mkdir(parents=True)
            os.rename(folder, place / run)
        except OSError as error:
            raise storage_error(place / run, error) from error
        return Trashed(place.name, run)

    def all(self) -> list[Trashed]:
        """Every copy in the trash, the last deleted first."""
        paths = sorted((self.root / TRASH).glob("*/*"), reverse=True)
        return [Trashed(path.parent.name, path.name) for path in paths if looks_like_a_run(path)]

    def restore(self, copy: Trashed) -> str:
        """Move one copy back under the first of its name, name-2, ... that is free; returns that name."""
        path = self._path(copy)
        if not looks_like_a_run(path):
            raise RunMissingError(
                f"run {copy.name} is no longer in the trash of {self.root}; it was restored or erased"
            )
        try:
            name = rename_to_first(path, (folder_of(self.root, numbered(copy.name, number)) for number in count(1)))
            path.parent.rmdir()
        except OSError as error:
            raise storage_error(folder_of(self.root, copy.name), error) from error
        return name

    def erase(self, copy: Trashed) -> None:
        """Remove one copy for good. If it is already gone, nothing happens."""
        place = self._path(copy).parent
        hidden = self.root / f".partial-{os.getpid()}-{secrets.token_hex(4)}-{copy.name}"
        try:
            os.rename(place, hidden)
        except FileNotFoundError:
            return
        except OSError as error:
            raise storage_error(place, error) from error
        shutil.rmtree(hidden, ignore_errors=True)  # if this is interrupted, the next new run sweeps the rest

    def bytes_used(self) -> int:
        """The sizes of all files in the trash."""
        return bytes_below(self.root / TRASH)

    def _path(self, copy: Trashed) -> Path:
        if not STAMP.fullmatch(copy.stamp):
            raise RunNameError(f"{copy.stamp!r} is not the time of a deletion in the trash of {self.root}")
        return self.root / TRASH / copy.stamp / checked_name(copy.name)

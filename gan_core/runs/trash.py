"""Where deleted runs go, and how they come back: `.trash/<time>/<run>` under the root, until somebody erases them."""

import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from gan_core.runs import checkpoints, lock
from gan_core.runs.folder import RunFolders, bytes_below, looks_like_a_run, rename_to_first, rename_to_new, taken
from gan_core.runs.record import RunMissingError, RunNameError, checked_name, numbered

TRASH = ".trash"
STAMP_FORMAT = "%Y%m%dT%H%M%S%f"
STAMP = re.compile(r"\d{8}T\d{12}")  # when a run was deleted, in UTC: the name of its place in the trash


class Trashed(NamedTuple):
    """One deleted copy of a run. `stamp` is when that was, in UTC, as %Y%m%dT%H%M%S%f."""

    stamp: str
    name: str


class TrashedRuns(RunFolders):
    """All run folders under one root, and those that were deleted.

    A method that takes `run` raises RunNameError for what is no name and RunMissingError for what is no run.
    """

    def delete(self, run: str) -> Trashed:
        """Move the run to the trash, which brings it back: see `restore_copy`. Raises OwnedError while it trains."""
        folder = self.existing(run)
        lock.refuse_if_claimed(folder)
        place = self.root / TRASH / f"{datetime.now(UTC):{STAMP_FORMAT}}"
        try:
            place.mkdir(parents=True)
            os.rename(folder, place / run)
        except OSError as error:
            raise checkpoints.storage_error(place / run, error) from error
        self.queue.leave(run)
        return Trashed(place.name, run)

    def restore(self, run: str) -> None:
        """Bring back the copy of the run that was deleted last. Raises RunExistsError where the name is taken again."""
        folder = self.folder(run)
        copies = sorted((self.root / TRASH).glob(f"*/{run}"))
        if not copies:
            raise RunMissingError(f"there is no run {run!r} in the trash of {self.root}")
        if folder.exists():
            raise taken(run)
        rename_to_new(copies[-1], folder, run)
        copies[-1].parent.rmdir()

    def deleted(self) -> list[str]:
        """The names of the runs in the trash, the last deleted first."""
        return list(dict.fromkeys(each.name for each in self.trash()))

    def trash(self) -> list[Trashed]:
        """Every copy in the trash, the last deleted first."""
        paths = sorted((self.root / TRASH).glob("*/*"), reverse=True)
        return [Trashed(path.parent.name, path.name) for path in paths if looks_like_a_run(path)]

    def restore_copy(self, copy: Trashed) -> str:
        """Bring back one copy under the first of its name, name-2, ... that is free; returns that name."""
        path = self._trashed(copy)
        if not looks_like_a_run(path):
            raise RunMissingError(
                f"run {copy.name} is no longer in the trash of {self.root}; it was restored or erased"
            )
        try:
            name = rename_to_first(path, (self.folder(numbered(copy.name, number)) for number in count(1)))
            path.parent.rmdir()
        except OSError as error:
            raise checkpoints.storage_error(self.folder(copy.name), error) from error
        return name

    def erase(self, copy: Trashed) -> None:
        """Remove one copy in the trash for good; it is gone at once. What is gone already is no error."""
        place = self._trashed(copy).parent
        hidden = self.root / f".partial-{os.getpid()}-{secrets.token_hex(4)}-{copy.name}"
        try:
            os.rename(place, hidden)
        except FileNotFoundError:
            return
        except OSError as error:
            raise checkpoints.storage_error(place, error) from error
        shutil.rmtree(hidden, ignore_errors=True)  # what a killed process leaves of it is swept away with the next run

    def _trashed(self, copy: Trashed) -> Path:
        if not STAMP.fullmatch(copy.stamp):
            raise RunNameError(f"{copy.stamp!r} is no place in the trash of {self.root}")
        return self.root / TRASH / copy.stamp / checked_name(copy.name)

    def trash_bytes(self) -> int:
        """What all files in the trash hold, in bytes."""
        return bytes_below(self.root / TRASH)

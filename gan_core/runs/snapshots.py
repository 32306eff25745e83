"""The snapshots of one run: generator and discriminator at one moment, a file and a row in the database for each."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.errors import RunMissingError
from gan_core.runs.folder import snapshot_place, write_into
from gan_core.runs.samples import Connect
from gan_core.runs.tensor_files import CheckpointError, bytes_to_tensors, tensors_to_bytes

if TYPE_CHECKING:  # pages that only list runs import this module and do not wait for torch
    from torch import Tensor

At = int | Literal["latest"]  # which snapshot: the images it had seen, or the newest
SNAPSHOTS_KEPT = 64


class Snapshot(NamedTuple):
    """The networks of a run after `images_seen` images, on the CPU. `classes` is 0 for a run without labels."""

    images_seen: int
    tensors: "dict[str, Tensor]"
    classes: int


class Snapshots:
    """The snapshots of one run, each named by the images seen when it was taken."""

    def __init__(self, folder: Path, connect: Connect, announce: Announce = silent) -> None:
        self.folder, self.connect, self.announce = folder, connect, announce

    def add(self, images_seen: int, tensors: "Mapping[str, Tensor]", metadata: Mapping[str, Any] | None = None) -> Path:
        """Keep a snapshot. Older ones that are not pinned are thinned to 64, spread evenly over the run."""
        path = self._path(images_seen)
        data = tensors_to_bytes(tensors, {"images_seen": images_seen, "about": dict(metadata or {})})
        write_into(path, data, self.announce)
        with self.connect() as history:
            forgotten = history.snapshots.add(images_seen, too_many)
        for old in forgotten:
            with contextlib.suppress(OSError):  # the new snapshot is kept even if an old one cannot be removed
                self.announce("thin snapshot")
                self._path(old).unlink(missing_ok=True)
        return path

    def all(self) -> dict[int, bool]:
        """Every snapshot by images seen, oldest first, and whether it is pinned."""
        with self.connect() as history:
            return history.snapshots.all()

    def pin(self, images_seen: int, pinned: bool = True) -> None:
        """Exclude a snapshot from thinning, or (`pinned=False`) include it again. Raises RunMissingError."""
        with self.connect() as history:
            if not history.snapshots.pin(images_seen, pinned):
                raise self._missing(f"at {images_seen} images", history.snapshots.all())

    def pin_for_use(self, images_seen: int) -> None:
        """Pin a snapshot that is used elsewhere, so that it stays. Where nothing can be written, it stays anyway."""
        if os.access(self.folder, os.W_OK):
            self.pin(images_seen)

    def load(self, at: At = "latest") -> Snapshot:
        """The newest snapshot, or the one at exactly `at` images.

        Raises RunMissingError if there is none, CheckpointError if its file is damaged.
        """
        known = self.all()
        images_seen = max(known, default=-1) if at == "latest" else at
        if images_seen not in known:
            raise self._missing("yet" if at == "latest" else f"at {at} images", known)
        path = self._path(images_seen)
        try:
            tensors, values = bytes_to_tensors(path.read_bytes(), path.name)
        except OSError as error:
            raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
        about = values.get("about")
        classes = about.get("classes", 0) if isinstance(about, dict) else None
        if not isinstance(classes, int):
            raise CheckpointError(f"{path.name} does not say how many classes its networks have")
        return Snapshot(images_seen, tensors, classes)

    def _missing(self, where: str, known: Mapping[int, bool]) -> RunMissingError:
        others = "" if where == "yet" else f"; it has those at {', '.join(map(str, known)) or 'none'}"
        return RunMissingError(f"run {self.folder.name} has no snapshot {where}{others}")

    def _path(self, images_seen: int) -> Path:
        return self.folder / snapshot_place(images_seen)


def too_many(unpinned: Sequence[int], limit: int = SNAPSHOTS_KEPT) -> list[int]:
    """Which of these snapshots (images seen, ascending) to drop so that at most `limit` stay, spread evenly.

    The one whose neighbours are closest together is dropped, repeatedly; the first and the last always stay.
    """
    kept, dropped = list(unpinned), []
    while len(kept) > max(2, limit):
        gaps = [after - before for before, after in zip(kept, kept[2:], strict=False)]
        dropped.append(kept.pop(1 + gaps.index(min(gaps))))
    return dropped

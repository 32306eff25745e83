"""The sample grids of one run: PNG files, and a row in the database for each."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.errors import RunMissingError
from gan_core.runs.folder import sample_place, write_into
from gan_core.runs.history import History, SamplesMark

if TYPE_CHECKING:  # imports torch, and is not needed to list runs
    from gan_core.pictures.render import Picture

Connect = Callable[[], AbstractContextManager[History]]  # opens the database of the run, or gives the open one


class Samples:
    """The sample grids of one run, each named by the images seen when it was drawn."""

    def __init__(self, folder: Path, connect: Connect, announce: Announce = silent) -> None:
        self.folder, self.connect, self.announce = folder, connect, announce

    def add(self, images_seen: int, epoch: int, attempt: int, step: int, png: bytes) -> Path:
        """Keep a sample grid; it replaces the one at the same `images_seen`. Returns the path of the PNG file."""
        path = self.path(images_seen)
        write_into(path, png, self.announce)
        with self.connect() as history:
            history.samples.add(images_seen, epoch, attempt, step)
        return path

    def all(self) -> list[tuple[int, int, Path]]:
        """(images_seen, epoch, path) of every sample grid, oldest first."""
        return [(images_seen, epoch, self.path(images_seen)) for images_seen, epoch in self.clocks()]

    def clocks(self) -> list[tuple[int, int]]:
        """(images_seen, epoch) of every sample grid, oldest first."""
        with self.connect() as history:
            return history.samples.clocks()

    def mark(self) -> SamplesMark:
        """A value that changes whenever the samples do. Cheap."""
        with self.connect() as history:
            return history.samples.mark()

    def png(self, images_seen: int | None = None) -> bytes | None:
        """The bytes of one sample grid, by default the newest; None if it does not exist."""
        if images_seen is None:
            images_seen = self.mark().newest
        try:
            return self.path(images_seen).read_bytes()
        except FileNotFoundError:
            return None

    def pictures(self, marks: Sequence[int]) -> "list[Picture]":
        """The sample grids at these images seen, in order, without those whose file is missing or damaged.

        (H, W) or (H, W, 3) uint8 each. Raises RunMissingError if none is left.
        """
        from gan_core.pictures.sample_grids import picture_of

        read = [picture_of(png) for mark in marks if (png := self.png(mark)) is not None]
        pictures = [picture for picture in read if picture is not None]
        if not pictures:
            raise RunMissingError(
                f"run {self.folder.name} has no readable sample grid among the requested ones; choose another range"
            )
        return pictures

    def path(self, images_seen: int) -> Path:
        """Where the PNG file of a sample grid is, or would be."""
        return self.folder / sample_place(images_seen)

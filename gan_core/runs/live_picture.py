"""The live picture of one run: one file that the trainer replaces every second or two while it trains.

It is not kept: it has no row in the database, it is in no archive, and it is removed when the training pauses or ends.
A reader gets the old picture or the new one. The file is not fsynced: after a crash of the machine it is not needed.
"""

import contextlib
from pathlib import Path
from typing import NamedTuple

from gan_core.runs.atomic_files import replace_unsynced
from gan_core.runs.folder import LIVE

IMAGES_SEEN = "images_seen"  # a text in the PNG, before its pixels
NOT_READABLE = (OSError, SyntaxError, ValueError, KeyError)  # missing, or not a PNG with that text


class LiveMark(NamedTuple):
    """Which picture it is. `version` is another number for each picture, below 2**53."""

    images_seen: int
    version: int


class LivePicture:
    """The file of one run."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LIVE

    def replace(self, png: bytes) -> None:
        """Replace the picture; `png` holds the text `images_seen`. Raises OSError."""
        replace_unsynced(self.path, png)

    def remove(self) -> None:
        """Remove the picture: the newest sample grid shows the same networks, or the training has died."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    def png(self) -> bytes | None:
        """The bytes of the picture; None without one."""
        try:
            return self.path.read_bytes()
        except OSError:
            return None

    def mark(self) -> LiveMark | None:
        """Which picture it is, from the first bytes of the file; None without one."""
        from PIL import Image  # not needed to list runs

        try:
            with self.path.open("rb") as file, Image.open(file, formats=["PNG"]) as picture:
                written_ns = self.path.stat().st_mtime_ns
                return LiveMark(int(picture.info[IMAGES_SEEN]), written_ns // 1_000_000)
        except NOT_READABLE:
            return None

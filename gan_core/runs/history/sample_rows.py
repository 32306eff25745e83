"""The rows of the sample grids of a run; `gan_core.runs.samples` writes their files."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gan_core.runs.history.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRow:
    """One sample grid."""

    images_seen: int
    epoch: int
    attempt: int
    step: int


class SamplesMark(NamedTuple):
    """Changes whenever the samples of a run do. `newest` is in images seen, -1 without any sample."""

    attempt: int
    number: int  # of samples
    newest: int


class SampleRows:
    """Which sample grids one run has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[SampleRow]:
        """Every sample grid that is kept, oldest first."""
        rows = self._database.rows("SELECT images_seen, epoch, attempt, step FROM samples ORDER BY images_seen")
        return [SampleRow(images_seen=a, epoch=b, attempt=c, step=d) for a, b, c, d in rows]

    def clocks(self) -> list[tuple[int, int]]:
        """(images_seen, epoch) of every sample grid, oldest first."""
        return self._database.rows("SELECT images_seen, epoch FROM samples ORDER BY images_seen")

    def mark(self) -> SamplesMark:
        """A value that changes whenever the samples do."""
        query = (
            "SELECT (SELECT coalesce(max(attempt), 0) FROM attempts), count(*), coalesce(max(images_seen), -1)"
            " FROM samples"
        )
        return SamplesMark(*self._database.rows(query)[0])

    def add(self, images_seen: int, epoch: int, attempt: int, step: int) -> None:
        """Add a sample grid; it replaces the one at the same `images_seen`."""
        self._database.write("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", images_seen, epoch, attempt, step)

    def forget(self, marks: Sequence[int]) -> None:
        """Delete the rows of sample grids whose files are missing."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM samples WHERE images_seen = ?", [(images,) for images in marks])


def cut(connection: sqlite3.Connection, last_images: int) -> None:
    """Delete the rows after `last_images`, in the caller's transaction."""
    connection.execute("DELETE FROM samples WHERE images_seen > ?", (last_images,))

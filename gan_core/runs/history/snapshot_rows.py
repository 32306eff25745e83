"""The rows of the snapshots of a run; `gan_core.runs.snapshots` writes their files. Their table is called `moments`."""

import sqlite3
from collections.abc import Callable, Sequence

from gan_core.runs.history.database import Database


class SnapshotRows:
    """Which snapshots one run has, and which of them are pinned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[int, bool]:
        """Every kept snapshot by images seen, oldest first, and whether it is pinned."""
        rows = self._database.rows("SELECT images_seen, pinned FROM moments ORDER BY images_seen")
        return {images_seen: bool(pinned) for images_seen, pinned in rows}

    def add(self, images_seen: int, too_many: Callable[[list[int]], list[int]]) -> list[int]:
        """Add a snapshot (it stays pinned if it was) and delete those that `too_many` picks from the unpinned ones.

        One transaction. Returns what was deleted.
        """
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO moments (images_seen) VALUES (?)", (images_seen,))
            forgotten = too_many([snapshot for snapshot, pinned in self.all().items() if not pinned])
            delete(connection, forgotten)
        return forgotten

    def pin(self, images_seen: int, pinned: bool = True) -> bool:
        """Exclude a snapshot from thinning, or include it again; returns whether the snapshot exists."""
        changed = self._database.write("UPDATE moments SET pinned = ? WHERE images_seen = ?", pinned, images_seen)
        return changed.rowcount == 1

    def forget(self, marks: Sequence[int]) -> None:
        """Delete the rows of snapshots whose files are missing."""
        with self._database.transaction() as connection:
            delete(connection, marks)


def delete(connection: sqlite3.Connection, marks: Sequence[int]) -> None:
    """Delete the rows at these images seen, in the caller's transaction."""
    connection.executemany("DELETE FROM moments WHERE images_seen = ?", [(images,) for images in marks])


def cut(connection: sqlite3.Connection, last_images: int) -> None:
    """Delete the unpinned rows after `last_images`, in the caller's transaction."""
    connection.execute("DELETE FROM moments WHERE images_seen > ? AND NOT pinned", (last_images,))

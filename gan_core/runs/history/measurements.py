"""Values that belong to one moment of a run and not to a step: a distance, a count of digits.

One row for each moment (images seen) and name.
"""

import csv
import io
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gan_core.runs.history.database import Database

if TYPE_CHECKING:  # slow to import, and not needed to list runs
    import pandas

LONGEST_NAME = 100  # characters


class Measurement(NamedTuple):
    """One value from `n` images, with the bounds of its confidence interval where it has one."""

    name: str
    value: float
    low: float | None
    high: float | None
    n: int


class MeasurementRow(NamedTuple):
    """A measurement as it is stored, with the images that the run had seen."""

    images_seen: int
    name: str
    value: float
    low: float | None
    high: float | None
    n: int


class Measurements:
    """The measurements of one run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, images_seen: int, values: Sequence[Measurement]) -> None:
        """Add measurements of the snapshot at `images_seen`; each replaces an older one with the same name."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO measurements (images_seen, name, value, low, high, n)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [(images_seen, *value) for value in values],
            )

    def all(self, names: Sequence[str] | None = None) -> list[MeasurementRow]:
        """The measurements with these names (by default all), by images seen, then by name."""
        query = "SELECT images_seen, name, value, low, high, n FROM measurements"
        if names is not None:
            query += f" WHERE name IN ({', '.join('?' * len(names))})"
        rows = self._database.rows(f"{query} ORDER BY images_seen, name", *(names or ()))
        return [MeasurementRow(*row) for row in rows]

    def highest(self) -> dict[str, float]:
        """The highest value of each measurement by its name."""
        return dict(self._database.rows("SELECT name, MAX(value) FROM measurements GROUP BY name"))

    def frame(self, names: Sequence[str] | None = None) -> "pandas.DataFrame":
        """As `all`, with the columns images_seen, name, value, low, high, n; NaN for a missing bound."""
        import pandas

        frame = pandas.DataFrame(self.all(names), columns=list(MeasurementRow._fields))
        floats = dict.fromkeys(("value", "low", "high"), "float64")
        return frame.astype({"images_seen": "int64", **floats, "n": "int64"})

    def csv(self, names: Sequence[str] | None = None) -> bytes:
        """As `all`, as a CSV file: a title line and one line for each measurement."""
        with io.StringIO() as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(MeasurementRow._fields)
            lines.writerows(self.all(names))
            return file.getvalue().encode()


def cut(connection: sqlite3.Connection, last_images: int) -> None:
    """Delete the measurements after `last_images`, in the caller's transaction."""
    connection.execute("DELETE FROM measurements WHERE images_seen > ?", (last_images,))

"""Values that belong to one moment of a run and not to a step: a distance, a count of digits.

One row for each moment (images seen) and name. The functions work inside the caller's transaction.
"""

import csv
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:  # slow to import, and not needed to list runs
    import pandas

TABLE = """CREATE TABLE measurements (images_seen INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, low REAL,
    high REAL, n INTEGER NOT NULL, PRIMARY KEY (images_seen, name)) WITHOUT ROWID"""
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


def add(database: sqlite3.Connection, images_seen: int, measurements: Sequence[Measurement]) -> None:
    """Write measurements of one moment; each replaces the one of the same name."""
    database.executemany(
        "INSERT OR REPLACE INTO measurements (images_seen, name, value, low, high, n) VALUES (?, ?, ?, ?, ?, ?)",
        [(images_seen, *measurement) for measurement in measurements],
    )


def read(database: sqlite3.Connection, names: Sequence[str] | None = None) -> list[MeasurementRow]:
    """The measurements with these names (by default all), by images seen, then by name."""
    query = "SELECT images_seen, name, value, low, high, n FROM measurements"
    if names is not None:
        query += f" WHERE name IN ({', '.join('?' * len(names))})"
    rows = database.execute(f"{query} ORDER BY images_seen, name", [] if names is None else list(names))
    return [MeasurementRow(*row) for row in rows]


def cut(database: sqlite3.Connection, last_images: int) -> None:
    """Delete the measurements after `last_images`."""
    database.execute("DELETE FROM measurements WHERE images_seen > ?", (last_images,))


def frame_of(rows: Sequence[MeasurementRow]) -> "pandas.DataFrame":
    """A frame with the columns images_seen, name, value, low, high, n; NaN for a missing bound."""
    import pandas

    frame = pandas.DataFrame(rows, columns=list(MeasurementRow._fields))
    return frame.astype({"images_seen": "int64", "value": "float64", "low": "float64", "high": "float64", "n": "int64"})


def write_csv(file: TextIO, rows: Sequence[MeasurementRow]) -> None:
    """Write a title line and one line for each measurement."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(MeasurementRow._fields)
    lines.writerows(rows)

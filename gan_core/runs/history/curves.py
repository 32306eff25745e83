"""The curves of a run: the rows of its steps, views of them in few points, and CSV files."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

from gan_core.runs.history import curve_levels, progress
from gan_core.runs.history.curve_levels import MOST_POINTS
from gan_core.runs.history.database import Database
from gan_core.runs.history.schema import Row
from gan_core.training.curve_columns import SCALARS

if TYPE_CHECKING:  # slow to import, and not needed to list runs
    import pandas

MOST_LINES = 100_000  # of a file of curves: at most 65 MB


class NewRows(NamedTuple):
    """Rows of a curve, each of `bucket` steps. They replace the reader's rows from the step `keep_below` on."""

    bucket: int
    keep_below: int
    rows: "pandas.DataFrame"


class Curves:
    """The curves of one run. Methods that take names of curves raise ValueError for an unknown one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def frame(
        self,
        columns: Sequence[str] = SCALARS,
        start_images: int | None = None,
        stop_images: int | None = None,
        points: int = 1000,
    ) -> "pandas.DataFrame":
        """Some curves between two values of images_seen, in at most `points` (2,000) rows.

        Columns: step, images_seen, seconds, and for each scalar x its mean `x`, `x_min` and `x_max` over the steps
        of a row (all equal in a row of one step). The first three columns are of the last step of a row. A row that
        begins or ends outside the range is returned whole.
        """
        check_names(columns)
        with self._database.sentences():
            first, last = self._steps_between(start_images, stop_images)
            most = max(1, min(points, MOST_POINTS))
            return curve_levels.read(self._database.connection, columns, first, last, most)

    def means(self, columns: Sequence[str], points: int) -> list[dict[str, float]]:
        """Means of some scalars over the whole run in at most `points` rows, with `step` and `images_seen`, as numbers.

        A scalar without a value is left out of its row. Unlike `frame`, it needs no pandas.
        """
        check_names(columns)
        with self._database.sentences():
            first, last = self._steps_between(None, None)
            titles, rows = curve_levels.view(self._database.connection, columns, first, last, points)
            kept = [(place, title) for place, title in enumerate(titles) if title in ("step", "images_seen", *columns)]
            return [{title: row[place] for place, title in kept if row[place] is not None} for row in rows]

    def new_rows(
        self,
        columns: Sequence[str],
        start_images: int | None,
        stop_images: int | None,
        points: int,
        bucket: int,
        after_step: int,
    ) -> NewRows:
        """The rows of `frame` after `after_step`, for a reader that has the earlier ones, each of `bucket` steps.

        All rows if the present rows have another bucket size.
        """
        check_names(columns)
        with self._database.sentences():
            first, last = self._steps_between(start_images, stop_images)
            level = curve_levels.level_for(first, last, points)
            size = curve_levels.BASE**level
            keep_below = (after_step + 1) // size * size if bucket == size else 0  # the last bucket may have grown
            start = max(first, keep_below)
            rows = curve_levels.read(self._database.connection, columns, start, last, points, level)
        return NewRows(size, keep_below, rows)

    def write_csv(self, file: TextIO, columns: Sequence[str] = SCALARS) -> None:
        """Write some curves as CSV: as `frame`, in up to MOST_LINES rows, every step if these are fewer."""
        check_names(columns)
        with self._database.sentences():
            first, last = self._steps_between(None, None)
            titles, rows = curve_levels.view(self._database.connection, columns, first, last, MOST_LINES)
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(titles)
            lines.writerows(rows)

    def csv(self, columns: Sequence[str] = SCALARS) -> bytes:
        """The curves as a CSV file: see `write_csv`."""
        with io.StringIO() as file:
            self.write_csv(file, columns)
            return file.getvalue().encode()

    def _steps_between(self, start_images: int | None, stop_images: int | None) -> tuple[int, int]:
        """The first and last step in a range of images: every step of a run shows the same number of images."""
        now = progress.read(self._database)
        origin = self._database.rows("SELECT start_step, start_images FROM attempts ORDER BY attempt LIMIT 1")
        step, images = origin[0] if origin else (0, 0)
        per_step = (now.images_seen - images) / max(1, now.step - step)
        first, last = step + 1, now.step
        if per_step > 0 and start_images is not None:
            first = max(first, step + int(-(-(start_images - images) // per_step)))
        if per_step > 0 and stop_images is not None:
            last = min(last, step + int((stop_images - images) // per_step))
        return first, last


def check_names(columns: Sequence[str]) -> None:
    """Raises ValueError for the name of a curve that does not exist."""
    if unknown := set(columns) - set(SCALARS):
        raise ValueError(f"no such curve: {', '.join(sorted(unknown))}; there are {', '.join(SCALARS)}")


def check_rows(rows: Sequence[Row]) -> None:
    """Raises ValueError if a row holds anything but the clocks and SCALARS."""
    if unknown := {name for row in rows for name in row} - {*curve_levels.CLOCKS, *SCALARS}:
        raise ValueError(f"no such scalar: {', '.join(sorted(unknown))}; the history keeps {', '.join(SCALARS)}")


def append(connection: sqlite3.Connection, attempt: int, rows: Sequence[Row]) -> None:
    """Add the rows of new steps, in order, and update the curve levels, in the caller's transaction."""
    blank = dict.fromkeys(SCALARS)
    connection.executemany(curve_levels.INSERT_STEP, [{"attempt": attempt, **blank, **row} for row in rows])
    curve_levels.roll_up(connection, int(rows[0]["step"]), int(rows[-1]["step"]))

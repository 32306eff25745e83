"""The database of one run: curves, samples, snapshots, measurements, events, requests, and its progress.

SQLite in WAL mode: one writer at a time and any number of readers, in threads or processes, each with a `History` of
its own. Every method is one transaction: a killed process leaves all of it or nothing. An *attempt* is training from
one loaded checkpoint; steps of older attempts after that checkpoint are hidden.
"""

import contextlib
import csv
import io
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TextIO

from gan_core.runs import curve_levels, measurements
from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.curve_columns import SCALARS
from gan_core.runs.curve_levels import MOST_POINTS
from gan_core.runs.history_schema import (
    FIRST_STATUS,
    MIGRATIONS,
    PROGRESS_FIELDS,
    SCHEMA,
    TABLES,
    Event,
    HistoryError,
    Progress,
    Request,
    RequestKind,
    Row,
    SampleRow,
    SamplesMark,
    Status,
    column_of,
)
from gan_core.runs.measurements import Measurement, MeasurementRow

if TYPE_CHECKING:  # slow to import, and not needed to list runs
    import pandas

__all__ = [
    "MOST_LINES",
    "MOST_POINTS",
    "SCALARS",
    "Event",
    "History",
    "HistoryError",
    "Progress",
    "Request",
    "RequestKind",
    "Row",
    "SampleRow",
    "SamplesMark",
    "Status",
]

BUSY_SECONDS = 5.0
MOST_LINES = 100_000  # of a file of curves: at most 65 MB


class NewRows(NamedTuple):
    """Rows of a curve, each of `bucket` steps. They replace the reader's rows from the step `keep_below` on."""

    bucket: int
    keep_below: int
    rows: "pandas.DataFrame"


class History:
    """One connection to the database of one run, for one thread. Close it, or use it in a `with` block."""

    def __init__(self, path: Path, *, create: bool = True, announce: Announce = silent) -> None:
        """Open the database. A missing one is created, or refused if `create` is false. Raises HistoryError."""
        self.path, self.announce = path, announce
        with self._sentences():
            mode = "rwc" if create else "rw"
            # isolation_level None: transactions are begun and ended explicitly
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
            )
        try:
            with self._sentences():
                self._prepare(create)
        except BaseException:
            self.close()
            raise

    def _prepare(self, create: bool) -> None:
        self._database.execute("PRAGMA synchronous = NORMAL")
        if self._schema() == 0:
            if not create:
                raise HistoryError(f"the history {self.path} is empty; put the file back from a backup")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._make_tables()
        if self._schema() > SCHEMA:
            raise HistoryError(
                f"{self.path} was written by a newer GAN Studio (schema {self._schema()}, this one reads {SCHEMA}); "
                "update GAN Studio to open it"
            )
        if self._schema() < SCHEMA or curve_levels.missing_curves(self._database):
            self._migrate()

    def _schema(self) -> int:
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    def _make_tables(self) -> None:
        with self.transaction():
            if self._schema() == 0:  # no other process has made them meanwhile
                for statement in (*TABLES.values(), FIRST_STATUS):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {SCHEMA}")

    def _migrate(self) -> None:
        """Change the tables of an older version to the present ones, in one transaction; all rows stay.

        A trainer may have the database open: it writes by column names.
        """
        with self.transaction():
            for schema in range(self._schema(), SCHEMA):  # read again: another process may have migrated meanwhile
                for statement in MIGRATIONS[schema]:
                    self._database.execute(statement)
            curve_levels.add_curves(self._database, curve_levels.missing_curves(self._database))
            self.announce("migrate")
            self._database.execute(f"PRAGMA user_version = {SCHEMA}")

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise HistoryError(
                f"the history {self.path} cannot be used ({error}); check that its folder exists, is writable and has "
                "space, or put the file back from a backup"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of the block or nothing. The write lock is taken at its start, and not at its first write."""
        with self._sentences():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # SQLite itself rolls back on a full disk
                    self._database.execute("ROLLBACK")
                raise

    def _write(self, statement: str, *values: object) -> None:
        with self.transaction():
            self._database.execute(statement, values)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._sentences():
            return self._database.execute(query, values).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write a copy of the database to a new file; other connections may write meanwhile."""
        with self._sentences(), contextlib.closing(sqlite3.connect(path)) as copy:
            self._database.backup(copy)

    # training

    def begin_attempt(self, start_step: int, start_images: int, images_target: int) -> int:
        """Start an attempt from a checkpoint: hide the later steps of older attempts. Returns its number.

        Afterwards the progress equals the checkpoint's, and `seconds` the last visible step's.
        Samples, measurements and unpinned snapshots after it are deleted: the new attempt makes them again.
        """
        with self.transaction():
            execute = self._database.execute
            execute(
                "UPDATE attempts SET visible_through = min(coalesce(visible_through, ?1), ?1)",
                (start_step,),
            )
            attempt = execute(
                "INSERT INTO attempts (start_step, start_images, images_target, started) VALUES (?, ?, ?, ?)",
                (start_step, start_images, images_target, time.time()),
            ).lastrowid
            execute("DELETE FROM samples WHERE images_seen > ?", (start_images,))
            execute("DELETE FROM moments WHERE images_seen > ? AND NOT pinned", (start_images,))
            measurements.cut(self._database, start_images)
            curve_levels.cut(self._database, start_step)
            seconds = execute(f"SELECT coalesce(max(seconds), 0) FROM curve_{curve_levels.LEVELS[-1]}").fetchone()[0]
            self._set_progress(step=start_step, images_seen=start_images, images_target=images_target, seconds=seconds)
        assert attempt is not None
        return attempt

    def append(self, attempt: int, rows: Sequence[Row], **progress: Any) -> None:
        """Add the rows of new steps, in order, update the curve levels and the progress: one transaction.

        A row holds step, images_seen, seconds and any of SCALARS. `progress` replaces further fields of the progress
        (`epoch`, `images_per_second`, ...). Raises ValueError for an unknown name.
        """
        if unknown := {name for row in rows for name in row} - {*curve_levels.CLOCKS, *SCALARS}:
            raise ValueError(f"no such scalar: {', '.join(sorted(unknown))}; the history keeps {', '.join(SCALARS)}")
        blank = dict.fromkeys(SCALARS)
        with self.transaction():
            if rows:
                self._database.executemany(
                    curve_levels.INSERT_STEP, [{"attempt": attempt, **blank, **row} for row in rows]
                )
                curve_levels.roll_up(self._database, int(rows[0]["step"]), int(rows[-1]["step"]))
                progress = {**{clock: rows[-1][clock] for clock in curve_levels.CLOCKS}, **progress}
            self._set_progress(**progress)

    # status

    def progress(self) -> Progress:
        """The progress as the trainer wrote it. `RunStore.progress` also checks whether that trainer is alive."""
        row = self._rows(f"SELECT {', '.join(map(column_of, PROGRESS_FIELDS))} FROM status")[0]
        return with_code(Progress(**dict(zip(PROGRESS_FIELDS, row, strict=True))))

    def set_progress(self, **progress: Any) -> None:
        """Replace some fields of the progress, and set the heartbeat to now. Without fields: only a heartbeat."""
        with self.transaction():
            self._set_progress(**progress)

    def _set_progress(self, **progress: Any) -> None:
        if "status" in progress:
            progress = {"code": "", **progress}
        values = {"heartbeat": time.time(), **progress}
        if unknown := set(values) - set(PROGRESS_FIELDS):
            raise ValueError(f"the progress has no {', '.join(sorted(unknown))}; it has {', '.join(PROGRESS_FIELDS)}")
        assignments = ", ".join(f"{column_of(name)} = :{name}" for name in values)
        self._database.execute(f"UPDATE status SET {assignments}", values)

    # curves

    def curve(
        self,
        columns: Sequence[str] = SCALARS,
        start_images: int | None = None,
        stop_images: int | None = None,
        points: int = 1000,
    ) -> "pandas.DataFrame":
        """Some curves between two values of images_seen, in at most `points` (2,000) rows.

        Columns: step, images_seen, seconds, and for each scalar x its mean `x`, `x_min` and `x_max` over the steps that
        of a row (all equal in a row of one step). The first three columns are of the last step of a row. A row that
        begins or ends outside the range is returned whole. Raises ValueError for an unknown scalar.
        """
        self._check_curves(columns)
        with self._sentences():
            first, last = self._steps_between(start_images, stop_images)
            return curve_levels.read(self._database, columns, first, last, max(1, min(points, MOST_POINTS)))

    def curve_means(self, columns: Sequence[str], points: int) -> list[dict[str, float]]:
        """Means of some scalars over the whole run in at most `points` rows, with `step` and `images_seen`, as numbers.

        A scalar without a value is left out of its row. Unlike `curve`, needs no pandas. Raises ValueError.
        """
        self._check_curves(columns)
        with self._sentences():
            titles, rows = curve_levels.view(self._database, columns, *self._steps_between(None, None), points)
            kept = [(place, title) for place, title in enumerate(titles) if title in ("step", "images_seen", *columns)]
            return [{title: row[place] for place, title in kept if row[place] is not None} for row in rows]

    def new_curve_rows(
        self,
        columns: Sequence[str],
        start_images: int | None,
        stop_images: int | None,
        points: int,
        bucket: int,
        after_step: int,
    ) -> NewRows:
        """The rows of `curve` after `after_step`, for a reader that has the earlier ones, each of `bucket` steps.

        All rows if the present rows have another bucket size. Raises ValueError for an unknown scalar.
        """
        self._check_curves(columns)
        with self._sentences():
            first, last = self._steps_between(start_images, stop_images)
            level = curve_levels.level_for(first, last, points)
            size = curve_levels.BASE**level
            keep_below = (after_step + 1) // size * size if bucket == size else 0  # the last bucket may have grown
            rows = curve_levels.read(self._database, columns, max(first, keep_below), last, points, level)
        return NewRows(size, keep_below, rows)

    def write_curves(self, file: TextIO, columns: Sequence[str] = SCALARS) -> None:
        """Write the curves of some scalars as CSV: as `curve`, in up to MOST_LINES rows, every step if these are fewer.

        Raises ValueError for an unknown scalar.
        """
        self._check_curves(columns)
        with self._sentences():
            titles, rows = curve_levels.view(self._database, columns, *self._steps_between(None, None), MOST_LINES)
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(titles)
            lines.writerows(rows)

    def curves_csv(self, columns: Sequence[str] = SCALARS) -> bytes:
        """The curves as a CSV file: see `write_curves`."""
        with io.StringIO() as file:
            self.write_curves(file, columns)
            return file.getvalue().encode()

    def _check_curves(self, columns: Sequence[str]) -> None:
        if unknown := set(columns) - set(SCALARS):
            raise ValueError(f"no such curve: {', '.join(sorted(unknown))}; there are {', '.join(SCALARS)}")

    def _steps_between(self, start_images: int | None, stop_images: int | None) -> tuple[int, int]:
        """The first and last step in a range of images: every step of a run shows the same number of images."""
        progress = self.progress()
        origin = self._rows("SELECT start_step, start_images FROM attempts ORDER BY attempt LIMIT 1")
        step, images = origin[0] if origin else (0, 0)
        per_step = (progress.images_seen - images) / max(1, progress.step - step)
        first, last = step + 1, progress.step
        if per_step > 0 and start_images is not None:
            first = max(first, step + int(-(-(start_images - images) // per_step)))
        if per_step > 0 and stop_images is not None:
            last = min(last, step + int((stop_images - images) // per_step))
        return first, last

    # samples and snapshots

    def samples(self) -> list[SampleRow]:
        """Every sample grid that is kept, oldest first."""
        rows = self._rows("SELECT images_seen, epoch, attempt, step FROM samples ORDER BY images_seen")
        return [SampleRow(images_seen=a, epoch=b, attempt=c, step=d) for a, b, c, d in rows]

    def sample_clocks(self) -> list[tuple[int, int]]:
        """(images_seen, epoch) of every sample grid, oldest first."""
        return self._rows("SELECT images_seen, epoch FROM samples ORDER BY images_seen")

    def samples_mark(self) -> SamplesMark:
        """A value that changes whenever the samples do."""
        return SamplesMark(
            *self._rows(
                "SELECT (SELECT coalesce(max(attempt), 0) FROM attempts), count(*), coalesce(max(images_seen), -1)"
                " FROM samples"
            )[0]
        )

    def add_sample(self, images_seen: int, epoch: int, attempt: int, step: int) -> None:
        self._write("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)", images_seen, epoch, attempt, step)

    def snapshots(self) -> dict[int, bool]:
        """Every kept snapshot by images seen, oldest first, and whether it is pinned."""
        rows = self._rows("SELECT images_seen, pinned FROM moments ORDER BY images_seen")
        return {images_seen: bool(pinned) for images_seen, pinned in rows}

    def forget(self, samples: Sequence[int], snapshots: Sequence[int]) -> None:
        """Delete the rows of sample grids and snapshots whose files are missing."""
        with self.transaction():
            self._database.executemany("DELETE FROM samples WHERE images_seen = ?", [(images,) for images in samples])
            self._database.executemany("DELETE FROM moments WHERE images_seen = ?", [(images,) for images in snapshots])

    def add_snapshot(self, images_seen: int, too_many: Callable[[list[int]], list[int]]) -> list[int]:
        """Add a snapshot (it stays pinned if it was) and delete those that `too_many` picks from the unpinned ones.

        One transaction. Returns what was deleted.
        """
        with self.transaction():
            self._database.execute("INSERT OR IGNORE INTO moments (images_seen) VALUES (?)", (images_seen,))
            forgotten = too_many([snapshot for snapshot, pinned in self.snapshots().items() if not pinned])
            self._database.executemany("DELETE FROM moments WHERE images_seen = ?", [(old,) for old in forgotten])
        return forgotten

    def pin(self, images_seen: int, pinned: bool = True) -> bool:
        """Exclude a snapshot from thinning, or include it again; returns whether the snapshot exists."""
        with self.transaction():
            query = "UPDATE moments SET pinned = ? WHERE images_seen = ?"
            return self._database.execute(query, (pinned, images_seen)).rowcount == 1

    # measurements

    def add_measurements(self, images_seen: int, values: Sequence[Measurement]) -> None:
        """Add measurements of the snapshot at `images_seen`; each replaces an older one with the same name."""
        with self.transaction():
            measurements.add(self._database, images_seen, values)

    def measurements(self, names: Sequence[str] | None = None) -> list[MeasurementRow]:
        """The measurements with these names (by default all), by images seen, then by name."""
        with self._sentences():
            return measurements.read(self._database, names)

    def measurements_frame(self, names: Sequence[str] | None = None) -> "pandas.DataFrame":
        """As `measurements`, with the columns images_seen, name, value, low, high, n."""
        return measurements.frame_of(self.measurements(names))

    def measurements_csv(self, names: Sequence[str] | None = None) -> bytes:
        """As `measurements`, as a CSV file."""
        with io.StringIO() as file:
            measurements.write_csv(file, self.measurements(names))
            return file.getvalue().encode()

    # events and requests

    def add_event(self, kind: str, text: str, images_seen: int | None = None) -> None:
        """Add an event; by default at the present `images_seen` of the run."""
        self._write(
            "INSERT INTO events (time, images_seen, kind, text)"
            " VALUES (?, coalesce(?, (SELECT images_seen FROM status)), ?, ?)",
            time.time(),
            images_seen,
            kind,
            text,
        )

    def events(self, after: int = 0) -> list[Event]:
        """The events after the event with the number `after`, oldest first."""
        rows = self._rows("SELECT id, time, images_seen, kind, text FROM events WHERE id > ? ORDER BY id", after)
        return [Event(id=a, time=b, images_seen=c, kind=d, text=e) for a, b, c, d, e in rows]

    def request(self, kind: RequestKind, who: str, images: int | None = None) -> int:
        """Ask the trainer for something (`images` is the new total of an `extend`); returns the request's number."""
        with self.transaction():
            query = "INSERT INTO requests (time, kind, who, images) VALUES (?, ?, ?, ?)"
            number = self._database.execute(query, (time.time(), kind, who, images)).lastrowid
        assert number is not None
        return number

    def new_requests(self, after_id: int) -> list[Request]:
        """The requests after the one with the number `after_id`, oldest first. Cheap: call it often."""
        rows = self._rows("SELECT id, time, kind, who, images FROM requests WHERE id > ? ORDER BY id", after_id)
        return [Request(id=a, time=b, kind=c, who=d, images=e) for a, b, c, d, e in rows]

    def last_request(self) -> int:
        """The number of the newest request, 0 without any. A trainer ignores the requests before its start."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM requests")[0][0])


def with_code(progress: Progress) -> Progress:
    """The progress with the code of its failure. Runs that failed under schema 2 have only the text of the reason."""
    if progress.status == "failed" and not progress.code and "finite number" in progress.reason:
        return replace(progress, code="non_finite")
    return progress

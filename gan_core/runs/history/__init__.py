"""The database of one run: its progress, curves, samples, snapshots, measurements, threads, events
and requests.

SQLite in WAL mode: one writer at a time and any number of readers, in threads or processes, each with a `History` of
its own. Every method is one transaction: a killed process leaves all of it or nothing. An *attempt* is training from
one loaded checkpoint; steps of older attempts after that checkpoint are hidden.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.history import curve_levels, curves, measurements, progress, sample_rows, snapshot_rows
from gan_core.runs.history.curve_levels import MOST_POINTS
from gan_core.runs.history.curves import MOST_LINES, Curves
from gan_core.runs.history.database import Database, HistoryError
from gan_core.runs.history.events import Event, Events
from gan_core.runs.history.measurements import Measurement, MeasurementRow, Measurements
from gan_core.runs.history.progress import Progress, Status
from gan_core.runs.history.requests import Request, RequestKind, Requests
from gan_core.runs.history.sample_rows import SampleRow, SampleRows, SamplesMark
from gan_core.runs.history.schema import Row
from gan_core.runs.history.snapshot_rows import SnapshotRows
from gan_core.runs.history.thread_choices import ThreadChoices
from gan_core.training.curve_columns import SCALARS

__all__ = [
    "MOST_LINES",
    "MOST_POINTS",
    "SCALARS",
    "Event",
    "History",
    "HistoryError",
    "Measurement",
    "MeasurementRow",
    "Progress",
    "Request",
    "RequestKind",
    "Row",
    "SampleRow",
    "SamplesMark",
    "Status",
]


class History:
    """One connection to the database of one run, for one thread. Close it, or use it in a `with` block."""

    def __init__(self, path: Path, *, create: bool = True, announce: Announce = silent) -> None:
        """Open the database. A missing one is created, or refused if `create` is false. Raises HistoryError."""
        self.path = path
        self.database = Database(path, create=create, announce=announce)
        self.curves = Curves(self.database)
        self.samples = SampleRows(self.database)
        self.snapshots = SnapshotRows(self.database)
        self.measurements = Measurements(self.database)
        self.thread_choices = ThreadChoices(self.database)
        self.events = Events(self.database)
        self.requests = Requests(self.database)

    def begin_attempt(self, start_step: int, start_images: int, images_target: int) -> int:
        """Start an attempt from a checkpoint: hide the later steps of older attempts. Returns its number.

        Afterwards the progress equals the checkpoint's, and `seconds` the last visible step's.
        Samples, measurements and unpinned snapshots after it are deleted: the new attempt makes them again.
        """
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE attempts SET visible_through = min(coalesce(visible_through, ?1), ?1)", (start_step,)
            )
            attempt = connection.execute(
                "INSERT INTO attempts (start_step, start_images, images_target, started) VALUES (?, ?, ?, ?)",
                (start_step, start_images, images_target, time.time()),
            ).lastrowid
            for part in (sample_rows, snapshot_rows, measurements):
                part.cut(connection, start_images)
            curve_levels.cut(connection, start_step)
            clocks = {"step": start_step, "images_seen": start_images, "seconds": curve_levels.seconds(connection)}
            progress.write(connection, **clocks, images_target=images_target)
        assert attempt is not None
        return attempt

    def append(self, attempt: int, rows: Sequence[Row], **changed: Any) -> None:
        """Add the rows of new steps, in order, update the curve levels and the progress: one transaction.

        A row holds step, images_seen, seconds and any of SCALARS. `changed` replaces further fields of the progress
        (`epoch`, `images_per_second`, ...). Raises ValueError for an unknown name.
        """
        curves.check_rows(rows)
        with self.database.transaction() as connection:
            if rows:
                curves.append(connection, attempt, rows)
                changed = {**{clock: rows[-1][clock] for clock in curve_levels.CLOCKS}, **changed}
            progress.write(connection, **changed)

    def progress(self) -> Progress:
        """The progress as the trainer wrote it. `RunStore.progress` also checks whether that trainer is alive."""
        return progress.read(self.database)

    def set_progress(self, **changed: Any) -> None:
        """Replace some fields of the progress, and set the heartbeat to now. Without fields: only a heartbeat."""
        with self.database.transaction() as connection:
            progress.write(connection, **changed)

    def copy_to(self, path: Path) -> None:
        """Write a copy of the database to a new file; other connections may write meanwhile."""
        self.database.copy_to(path)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

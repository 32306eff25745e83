"""One line about a run, for lists: what it is called, how far it is, and its newest picture."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gan_core.config import Json
from gan_core.runs import lock
from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.errors import RunDamagedError
from gan_core.runs.folder import CONFIG, HISTORY, NOTES
from gan_core.runs.history import HistoryError, Progress, Status
from gan_core.runs.lock import Owner
from gan_core.runs.notes import Notes
from gan_core.runs.open_run import OpenRun
from gan_core.runs.run_files import read_notes

Stamp = tuple[tuple[int, int], ...]  # (modified in nanoseconds, size in bytes) of each file that a summary comes from

NO_NOTES = Notes()


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSummary:
    """One line about a run. `created` is ISO 8601 in UTC; `newest_sample` the path of a PNG file, or None."""

    name: str
    created: str
    status: Status
    preset: str = ""
    reason: str = ""
    code: str = ""  # why it failed or stopped, for programs: see Progress
    images_seen: int = 0
    images_target: int = 0
    epoch: int = 0
    seconds: float = 0.0
    images_per_second: float = 0.0
    pace: float = 0.0
    owner: Owner | None = None
    newest_sample: str | None = None
    notes: Notes = NO_NOTES
    config: Json = field(default_factory=dict, compare=False)  # as in config.json; empty for a damaged run
    highest: Mapping[str, float] = field(default_factory=dict)  # of each measurement, over all snapshots


def read_summary(folder: Path, announce: Announce = silent) -> RunSummary:
    """The summary of a run. A damaged run has the status `damaged` and the reason. Raises RunMissingError."""
    try:
        with OpenRun(folder, announce) as run:
            return summary_of(run)
    except (RunDamagedError, HistoryError) as error:
        changed = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="microseconds")
        return RunSummary(
            name=folder.name, created=changed, status="damaged", reason=str(error), notes=read_notes(folder)
        )


def summary_of(run: OpenRun, progress: Progress | None = None) -> RunSummary:
    """The summary of an open run, with the progress that was read already. Raises RunDamagedError, HistoryError."""
    progress, newest = progress or run.progress(), run.samples.mark().newest
    return RunSummary(
        name=run.name,
        created=str(run.record["created"]),
        preset=str(run.record["preset"]),
        status=progress.status,
        reason=progress.reason,
        code=progress.code,
        images_seen=progress.images_seen,
        images_target=progress.images_target,
        epoch=progress.epoch,
        seconds=progress.seconds,
        images_per_second=progress.images_per_second,
        pace=progress.pace,
        owner=run.owner(progress),
        newest_sample=str(run.samples.path(newest)) if newest >= 0 else None,
        notes=run.notes,
        config=run.record["config"],
        highest=run.history.measurements.highest(),
    )


def stamp(folder: Path) -> Stamp:
    """A value that changes whenever the files of a run do; (0, 0) for a file that is missing, or empty.

    SQLite leaves its journal empty.
    """
    found = []
    for name in (CONFIG, NOTES, HISTORY, f"{HISTORY}-wal", lock.OWNER):
        try:
            about = os.stat(folder / name)
        except OSError:
            found.append((0, 0))
            continue
        found.append((about.st_mtime_ns, about.st_size) if about.st_size else (0, 0))
    return tuple(found)

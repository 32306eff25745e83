"""The status of a run and how far it is: one row, which the trainer writes at least every few seconds."""

import sqlite3
import time
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from gan_core.runs.history.database import Database

Status = Literal["queued", "running", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "damaged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """The status of a run and how far it is. `heartbeat` is unix time in seconds; `seconds` excludes pauses.

    `images_per_second` is the speed of the last steps alone. `pace` is the speed over the last half minute including
    sample grids and checkpoints, from which the time left is estimated. `code` says why a run failed or stopped, for
    programs: "non_finite", "data", "folder", "set_aside" or nothing.
    """

    status: Status = "queued"
    reason: str = ""
    heartbeat: float = 0.0
    step: int = 0
    images_seen: int = 0
    images_target: int = 0
    seconds: float = 0.0
    images_per_second: float = 0.0
    epoch: int = 0
    pace: float = 0.0
    code: str = ""


FIELDS = tuple(field.name for field in fields(Progress))


def read(database: Database) -> Progress:
    """The progress as the trainer wrote it."""
    row = database.rows(f"SELECT {', '.join(map(column_of, FIELDS))} FROM status")[0]
    return with_code(Progress(**dict(zip(FIELDS, row, strict=True))))


def write(connection: sqlite3.Connection, **changed: Any) -> None:
    """Replace some fields and set the heartbeat to now, in the caller's transaction. Raises ValueError.

    A new status also clears the code of an older failure.
    """
    if "status" in changed:
        changed = {"code": "", **changed}
    values = {"heartbeat": time.time(), **changed}
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"the progress has no {', '.join(sorted(unknown))}; it has {', '.join(FIELDS)}")
    assignments = ", ".join(f"{column_of(name)} = :{name}" for name in values)
    connection.execute(f"UPDATE status SET {assignments}", values)


def column_of(field: str) -> str:
    """The column of a field of Progress in the table `status`; `status` was called `state` in the first version."""
    return "state" if field == "status" else field


def with_code(progress: Progress) -> Progress:
    """The progress with the code of its failure. Runs that failed under schema 2 have only the text of the reason."""
    if progress.status == "failed" and not progress.code and "finite number" in progress.reason:
        return replace(progress, code="non_finite")
    return progress

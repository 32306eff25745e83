"""The tables of one run's database, and the values that come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from gan_core.runs import curve_levels, measurements

SCHEMA = 3

Row = Mapping[str, float]  # step, images_seen, seconds and any of SCALARS
Status = Literal["queued", "running", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "damaged"]
RequestKind = Literal["pause", "resume", "stop", "extend", "pin"]

REQUESTS_1 = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop')), who TEXT NOT NULL)"""
REQUESTS = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop', 'extend', 'pin')), who TEXT NOT NULL,
    images INTEGER)"""
STATUS_1 = """CREATE TABLE status (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL DEFAULT 'queued',
    reason TEXT NOT NULL DEFAULT '', heartbeat REAL NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
    images_seen INTEGER NOT NULL DEFAULT 0, images_target INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0, images_per_second REAL NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0)"""
STATUS_2 = STATUS_1[:-1] + ", pace REAL NOT NULL DEFAULT 0)"
STATUS = STATUS_2[:-1] + ", code TEXT NOT NULL DEFAULT '')"
TABLES: Mapping[str, str] = {
    "attempts": """CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, start_step INTEGER NOT NULL,
        start_images INTEGER NOT NULL, images_target INTEGER NOT NULL, started REAL NOT NULL,
        visible_through INTEGER)""",
    **curve_levels.TABLES,
    "samples": """CREATE TABLE samples (images_seen INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,
        attempt INTEGER NOT NULL, step INTEGER NOT NULL)""",
    # snapshots; they were called moments in the first version
    "moments": "CREATE TABLE moments (images_seen INTEGER PRIMARY KEY, pinned INTEGER NOT NULL DEFAULT 0)",
    "measurements": measurements.TABLE,
    "events": """CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
        images_seen INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)""",
    "requests": REQUESTS,
    "status": STATUS,
}
FIRST_STATUS = "INSERT INTO status (one) VALUES (1)"
# the steps from each older schema to the next one; SQLite cannot change a CHECK, so that table is written again
MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE status ADD COLUMN pace REAL NOT NULL DEFAULT 0",
        "ALTER TABLE requests RENAME TO older_requests",
        REQUESTS,
        "INSERT INTO requests (id, time, kind, who) SELECT id, time, kind, who FROM older_requests",
        "DROP TABLE older_requests",
    ),
    2: (measurements.TABLE, "ALTER TABLE status ADD COLUMN code TEXT NOT NULL DEFAULT ''"),
}


def tables_of(schema: int) -> dict[str, str]:
    """The statements that made the tables of an older schema, or of this one, by the name of the table."""
    tables = dict(TABLES)
    if schema < 3:
        del tables["measurements"]
        tables["status"] = STATUS_2
    if schema < 2:
        tables |= {"status": STATUS_1, "requests": REQUESTS_1}
    return tables


class HistoryError(RuntimeError):
    """The database cannot be read or written, in one sentence."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a run. `time` is unix time in seconds."""

    id: int
    time: float
    images_seen: int
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request to the trainer. `time` is unix time in seconds, `images` the new total of an `extend`."""

    id: int
    time: float
    kind: RequestKind
    who: str
    images: int | None = None


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


PROGRESS_FIELDS = tuple(field.name for field in fields(Progress))


def column_of(field: str) -> str:
    """The column of a field of Progress in the table `status`; `status` was called `state` in the first version."""
    return "state" if field == "status" else field

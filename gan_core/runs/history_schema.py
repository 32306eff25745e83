"""The tables of one run's database, and the values that come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from gan_core.runs import curve_levels

SCHEMA = 3

Row = Mapping[str, float]  # step, images_seen, seconds and any of SCALARS
Status = Literal["queued", "running", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "damaged"]
RequestKind = Literal["pause", "resume", "stop", "extend", "pin"]

REQUESTS = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop', 'extend', 'pin')), who TEXT NOT NULL,
    images INTEGER)"""
MEASUREMENTS = """CREATE TABLE measurements (images_seen INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
    low REAL NOT NULL, high REAL NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (images_seen, name)) WITHOUT ROWID"""
TABLES_SCHEMA = 2
TABLES = (  # of that schema; the migrations after it complete a new database
    """CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, start_step INTEGER NOT NULL, start_images INTEGER NOT NULL,
        images_target INTEGER NOT NULL, started REAL NOT NULL, visible_through INTEGER)""",
    *curve_levels.TABLES,
    """CREATE TABLE samples (images_seen INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, attempt INTEGER NOT NULL,
        step INTEGER NOT NULL)""",
    "CREATE TABLE moments (images_seen INTEGER PRIMARY KEY, pinned INTEGER NOT NULL DEFAULT 0)",
    """CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, images_seen INTEGER NOT NULL,
        kind TEXT NOT NULL, text TEXT NOT NULL)""",
    REQUESTS,
    """CREATE TABLE status (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL DEFAULT 'queued',
        reason TEXT NOT NULL DEFAULT '', heartbeat REAL NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
        images_seen INTEGER NOT NULL DEFAULT 0, images_target INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0, images_per_second REAL NOT NULL DEFAULT 0,
        epoch INTEGER NOT NULL DEFAULT 0, pace REAL NOT NULL DEFAULT 0)""",
    "INSERT INTO status (one) VALUES (1)",
)
# what leads from each older schema to the next one; SQLite cannot change a CHECK, so a table is written anew
MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE status ADD COLUMN pace REAL NOT NULL DEFAULT 0",
        "ALTER TABLE requests RENAME TO older_requests",
        REQUESTS,
        "INSERT INTO requests (id, time, kind, who) SELECT id, time, kind, who FROM older_requests",
        "DROP TABLE older_requests",
    ),
    2: ("ALTER TABLE status ADD COLUMN code TEXT NOT NULL DEFAULT ''", MEASUREMENTS),
}


def statements(schema: int) -> tuple[str, ...]:
    """What makes an empty database of this schema, 2 or later."""
    later = range(TABLES_SCHEMA, schema)
    return (*TABLES, *(statement for older in later for statement in MIGRATIONS[older]))


class HistoryError(RuntimeError):
    """The database cannot be read or written, in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How a run stands. `heartbeat` is unix time in seconds, `seconds` is training time without pauses.

    `images_per_second` is the speed of the last steps alone; `pace` that of the last half minute with all that comes
    between them (samples, states, the page): what a promise of the time left must reckon with.
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
    code: str = ""  # of a failure that a program can tell from others, such as `non_finite`


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something worth telling that happened to a run. `time` is unix time in seconds."""

    id: int
    time: float
    images_seen: int
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What somebody asked of the trainer. `time` is unix time in seconds, `images` the new total of an `extend`."""

    id: int
    time: float
    kind: RequestKind
    who: str
    images: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRow:
    """One sample grid that was kept."""

    images_seen: int
    epoch: int
    attempt: int
    step: int


class Measurement(NamedTuple):
    """The value of one metric of a snapshot with its 95 % confidence interval, from `n` images."""

    name: str
    value: float
    low: float
    high: float
    n: int


class SamplesMark(NamedTuple):
    """Which samples a run has: equal marks mean equal samples. `newest` is in images seen, -1 without any."""

    attempt: int
    number: int  # of samples
    newest: int


PROGRESS_FIELDS = tuple(field.name for field in fields(Progress))


def column_of(field: str) -> str:
    """The column of a field of Progress in the table `status`; `status` was called `state` in the first version."""
    return "state" if field == "status" else field

"""The tables of one run's database, and the values that come out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

from gan_core import pyramid

SCHEMA = 1

Row = Mapping[str, float]  # step, images_seen, seconds and any of SCALARS
State = Literal["queued", "running", "paused", "stopping", "finished", "stopped", "failed", "interrupted", "damaged"]
RequestKind = Literal["pause", "resume", "stop"]

TABLES = (
    """CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, start_step INTEGER NOT NULL, start_images INTEGER NOT NULL,
        images_target INTEGER NOT NULL, started REAL NOT NULL, visible_through INTEGER)""",
    *pyramid.TABLES,
    """CREATE TABLE samples (images_seen INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, attempt INTEGER NOT NULL,
        step INTEGER NOT NULL)""",
    "CREATE TABLE moments (images_seen INTEGER PRIMARY KEY, pinned INTEGER NOT NULL DEFAULT 0)",
    """CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, images_seen INTEGER NOT NULL,
        kind TEXT NOT NULL, text TEXT NOT NULL)""",
    """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop')), who TEXT NOT NULL)""",
    """CREATE TABLE status (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL DEFAULT 'queued',
        reason TEXT NOT NULL DEFAULT '', heartbeat REAL NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
        images_seen INTEGER NOT NULL DEFAULT 0, images_target INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0, images_per_second REAL NOT NULL DEFAULT 0,
        epoch INTEGER NOT NULL DEFAULT 0)""",
    "INSERT INTO status (one) VALUES (1)",
)


class HistoryError(RuntimeError):
    """The database cannot be read or written, in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How a run stands. `heartbeat` is unix time in seconds, `seconds` is training time without pauses."""

    state: State = "queued"
    reason: str = ""
    heartbeat: float = 0.0
    step: int = 0
    images_seen: int = 0
    images_target: int = 0
    seconds: float = 0.0
    images_per_second: float = 0.0
    epoch: int = 0


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
    """What somebody asked of the trainer. `time` is unix time in seconds."""

    id: int
    time: float
    kind: RequestKind
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRow:
    """One sample grid that was kept."""

    images_seen: int
    epoch: int
    attempt: int
    step: int


class SamplesMark(NamedTuple):
    """Which samples a run has: equal marks mean equal samples. `newest` is in images seen, -1 without any."""

    attempt: int
    number: int  # of samples
    newest: int


STATUS_FIELDS = ", ".join(field.name for field in fields(Status))

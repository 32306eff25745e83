"""What happened to a run, in sentences: resumed, pinned, failed, ..."""

import time
from dataclasses import dataclass

from gan_core.runs.history.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a run. `time` is unix time in seconds."""

    id: int
    time: float
    images_seen: int
    kind: str
    text: str


class Events:
    """The events of one run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, text: str, images_seen: int | None = None) -> None:
        """Add an event; by default at the present `images_seen` of the run."""
        self._database.write(
            "INSERT INTO events (time, images_seen, kind, text)"
            " VALUES (?, coalesce(?, (SELECT images_seen FROM status)), ?, ?)",
            time.time(),
            images_seen,
            kind,
            text,
        )

    def all(self, after: int = 0) -> list[Event]:
        """The events after the event with the number `after`, oldest first."""
        query = "SELECT id, time, images_seen, kind, text FROM events WHERE id > ? ORDER BY id"
        rows = self._database.rows(query, after)
        return [Event(id=a, time=b, images_seen=c, kind=d, text=e) for a, b, c, d, e in rows]

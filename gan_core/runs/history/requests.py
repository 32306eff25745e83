"""What others ask of the trainer of a run: pause, resume, stop, extend, pin. The trainer reads them between steps."""

import time
from dataclasses import dataclass
from typing import Literal

from gan_core.runs.history.database import Database

RequestKind = Literal["pause", "resume", "stop", "extend", "pin"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request to the trainer. `time` is unix time in seconds, `images` the new total of an `extend`."""

    id: int
    time: float
    kind: RequestKind
    who: str
    images: int | None = None


class Requests:
    """The requests to the trainers of one run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: RequestKind, who: str, images: int | None = None) -> int:
        """Ask the trainer for something (`images` is the new total of an `extend`); returns the request's number."""
        query = "INSERT INTO requests (time, kind, who, images) VALUES (?, ?, ?, ?)"
        number = self._database.write(query, time.time(), kind, who, images).lastrowid
        assert number is not None
        return number

    def all(self, after: int = 0) -> list[Request]:
        """The requests after the one with the number `after`, oldest first. Cheap: call it often."""
        query = "SELECT id, time, kind, who, images FROM requests WHERE id > ? ORDER BY id"
        rows = self._database.rows(query, after)
        return [Request(id=a, time=b, kind=c, who=d, images=e) for a, b, c, d, e in rows]

    def newest(self) -> int:
        """The number of the newest request, 0 without any. A trainer ignores the requests before its start."""
        return int(self._database.rows("SELECT coalesce(max(id), 0) FROM requests")[0][0])

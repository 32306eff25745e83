"""The queue of runs to be trained: one for all servers that share a folder of runs, in a file of that folder.

A server takes the next run only while it holds a lock, which the system releases when its process ends. The file names
the run that it took until that run has ended, so no run is lost if the server is restarted or killed.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

from filelock import FileLock, Timeout

from gan_core.runs.atomic_files import Announce, silent, storage_error, write_atomically
from gan_core.runs.file_lock import locked
from gan_core.runs.lock import Owner, is_alive, owner_from

SCHEMA = 1
QUEUE = ".queue.json"  # no run has a name that begins with a dot
QUEUE_LOCK = ".queue.lock"
TURN_LOCK = ".turn.lock"


class QueueEntry(NamedTuple):
    """A queued run; `images` is its new target, or None to keep the old one."""

    run: str
    images: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """The waiting runs, next first; the run that is trained from the queue, and the process that trains it."""

    waiting: tuple[QueueEntry, ...] = ()
    taken: QueueEntry | None = None
    taker: Owner | None = None

    @property
    def runs(self) -> tuple[str, ...]:
        """The names of the waiting runs."""
        return tuple(entry.run for entry in self.waiting)

    @property
    def training(self) -> str | None:
        """The run that is trained from the queue, if its process is alive."""
        return self.taken.run if self.taken and self.taker and is_alive(self.taker, None) else None

    def added(self, entry: QueueEntry) -> Self:
        """With one more run at the end; unchanged if that run is waiting already."""
        return self if entry.run in self.runs else replace(self, waiting=(*self.waiting, entry))

    def put_first(self, entry: QueueEntry) -> Self:
        """With that run at the front; a run that waits already keeps its target."""
        waits = next((other for other in self.waiting if other.run == entry.run), entry)
        others = tuple(other for other in self.waiting if other.run != entry.run)
        return replace(self, waiting=(waits, *others))

    def removed(self, run: str) -> Self:
        """Without that run."""
        return replace(self, waiting=tuple(entry for entry in self.waiting if entry.run != run))

    def moved_up(self, run: str) -> Self:
        """With that run one place nearer to the front."""
        entries = list(self.waiting)
        place = self.runs.index(run) if run in self.runs else 0
        if place:
            entries[place - 1 : place + 1] = entries[place], entries[place - 1]
        return replace(self, waiting=tuple(entries))

    def taken_by(self, taker: Owner) -> Self:
        """With the next run taken, for the holder of the lock. A run taken before was left by a dead process."""
        entries = (self.taken, *self.waiting) if self.taken else self.waiting
        first, *rest = entries or (None,)
        return replace(self, waiting=tuple(rest), taken=first, taker=taker if first else None)

    def finished(self) -> Self:
        """With nothing taken."""
        return replace(self, taken=None, taker=None)


class QueueFile:
    """The file of the queue of one folder of runs, for any thread of any process."""

    def __init__(self, root: Path, announce: Announce = silent) -> None:
        """`announce` is for tests that inject faults: see `gan_core.runs.checkpoints`."""
        self.root, self.announce = root, announce

    def read(self) -> Queue:
        """The queue now. An unreadable file counts as an empty queue: its runs still exist and can be queued again."""
        try:
            return queue_from((self.root / QUEUE).read_bytes())
        except OSError:
            return Queue()

    def change(self, change: Callable[[Queue], Queue]) -> Queue:
        """Read, change and write under a lock; returns the new queue. Raises StorageError; the old one then stays."""
        path = self.root / QUEUE
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with locked(self.root / QUEUE_LOCK, path):
                before = self.read()
                after = change(before)
                if after != before:
                    write_atomically(path, queue_to_bytes(after), self.announce)
        except OSError as error:
            raise storage_error(path, error) from error
        return after

    def leave(self, run: str) -> None:
        """Remove a run from the queue; nothing happens if it does not wait."""
        if run in self.read().runs:
            self.change(lambda queue: queue.removed(run))

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Whether this block may take runs from the queue and train them: one process may at a time."""
        lock = FileLock(self.root / TURN_LOCK, fallback_to_soft=False)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # another process has the lock, or the folder was deleted
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


def queue_to_bytes(queue: Queue) -> bytes:
    """JSON text."""
    values = {
        "schema": SCHEMA,
        "waiting": [entry._asdict() for entry in queue.waiting],
        "taken": queue.taken._asdict() if queue.taken else None,
        "taker": asdict(queue.taker) if queue.taker else None,
    }
    return (json.dumps(values, indent=1) + "\n").encode()


def queue_from(data: bytes) -> Queue:
    """What `queue_to_bytes` wrote; an empty queue if it cannot be read."""
    try:
        values = json.loads(data)
        if values["schema"] != SCHEMA:
            return Queue()
        return Queue(
            waiting=tuple(map(entry_from, values["waiting"])),
            taken=entry_from(values["taken"]) if values["taken"] else None,
            taker=owner_from(values["taker"]) if values["taker"] else None,
        )
    except (ValueError, KeyError, TypeError):
        return Queue()


def entry_from(values: dict[str, Any]) -> QueueEntry:
    """One entry of the file. Raises ValueError, TypeError or KeyError if it is none."""
    images = values["images"]
    return QueueEntry(str(values["run"]), None if images is None else int(images))

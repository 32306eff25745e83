"""Who trains a run: one process at a time.

`run.lock` decides. It is an advisory lock that the system releases when the process ends. `owner.json` says which
process holds it. No lock is waited for: a run that is locked is refused at once.
"""

import contextlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from gan_core.runs.atomic_files import Announce, silent, storage_error, sweep_partials, write_atomically
from gan_core.runs.processes import boot_id, is_same_process, process_started

LOCK = "run.lock"
OWNER = "owner.json"
HEARTBEAT_SECONDS = 30.0  # a trainer on another machine counts as alive while its last heartbeat is younger


class OwnedError(RuntimeError):
    """Another process trains the run; the sentence names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The process that trains a run. `started` is its start in clock ticks since boot; 0 if unknown."""

    pid: int
    boot_id: str
    started: int
    host: str
    kind: str  # "dashboard" or "terminal", for messages

    def __str__(self) -> str:
        return f"process {self.pid} on host {self.host} ({article(self.kind)} {self.kind})"


class Claim:
    """The right to train one run, until `release()` or the end of the `with` block. A second release does nothing."""

    def __init__(self, folder: Path, owner: Owner, lock: FileLock) -> None:
        self.folder, self.owner, self._lock = folder, owner, lock

    def release(self) -> None:
        """Allow the next trainer. Works also if the folder was deleted."""
        if not self._lock.is_locked:
            return
        if read_owner(self.folder) == self.owner:
            with contextlib.suppress(OSError):  # the lock decides; an owner.json that stays names a dead process
                (self.folder / OWNER).unlink()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def claim(folder: Path, kind: str, heartbeat_age_seconds: float | None = None, announce: Announce = silent) -> Claim:
    """Become the trainer of the run in `folder`, which must exist.

    `kind` names this process in messages. `heartbeat_age_seconds` is the age of the run's last heartbeat; it decides
    whether an owner on another machine is alive. `announce` is for tests (see `atomic_files`). The claim of a dead
    process is replaced. Raises OwnedError, or StorageError; then nothing is claimed.
    """
    if not folder.is_dir():  # the lock would create it
        raise FileNotFoundError(f"there is no run in {folder}")
    lock = acquired(folder)
    try:
        refuse_distant_owner(folder, heartbeat_age_seconds)
        sweep_partials(folder)
        owner = this_process(kind)
        write_atomically(folder / OWNER, json.dumps(asdict(owner), indent=1).encode(), announce)
    except BaseException:
        lock.release()
        raise
    return Claim(folder, owner, lock)


def refuse_if_claimed(folder: Path) -> None:
    """Raises OwnedError while a process trains the run in `folder`, StorageError if its folder cannot be written."""
    acquired(folder).release()


def acquired(folder: Path) -> FileLock:
    """The lock of the run in `folder`. Raises OwnedError if another process has it, StorageError."""
    lock = FileLock(folder / LOCK, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OwnedError(refusal(folder, read_owner(folder))) from error
    except OSError as error:  # a read-only disk
        raise storage_error(folder / LOCK, error) from error
    return lock


def refuse_distant_owner(folder: Path, heartbeat_age_seconds: float | None) -> None:
    """Machines that share a disk may not see each other's locks: between them the heartbeat decides."""
    owner = read_owner(folder)
    if owner and owner.host != platform.node() and is_alive(owner, heartbeat_age_seconds):
        raise OwnedError(refusal(folder, owner))


def refusal(folder: Path, owner: Owner | None) -> str:
    who = str(owner) if owner else "another process"
    return f"run {folder.name} is being trained by {who}; stop it there first, or wait"


def living_owner(folder: Path, heartbeat_age_seconds: float | None = None) -> Owner | None:
    """The process that trains the run in `folder` now, or None. Reads one small file and takes no lock."""
    owner = read_owner(folder)
    return owner if owner and is_alive(owner, heartbeat_age_seconds) else None


def is_alive(owner: Owner, heartbeat_age_seconds: float | None) -> bool:
    """Whether it still runs. On this host its pid, start time and boot decide, on another one the heartbeat."""
    if owner.host != platform.node() or os.name != "posix":
        return heartbeat_age_seconds is not None and heartbeat_age_seconds < HEARTBEAT_SECONDS
    return owner.boot_id == boot_id() and is_same_process(owner.pid, owner.started)


def read_owner(folder: Path) -> Owner | None:
    """The owner in owner.json; None if the file is missing or unreadable (the lock still decides)."""
    try:
        return owner_from(json.loads((folder / OWNER).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def owner_from(values: Mapping[str, Any]) -> Owner:
    """The owner in a JSON object. Raises ValueError, TypeError or KeyError if it is none."""
    return Owner(
        pid=int(values["pid"]),
        boot_id=str(values["boot_id"]),
        started=int(values["started"]),
        host=str(values["host"]),
        kind=str(values["kind"]),
    )


def this_process(kind: str) -> Owner:
    return Owner(
        pid=os.getpid(),
        boot_id=boot_id(),
        started=process_started(os.getpid()) or 0,
        host=platform.node(),
        kind=kind,
    )


def article(word: str) -> str:
    return "an" if word[:1].lower() in tuple("aeiou") else "a"

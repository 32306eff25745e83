"""A lock around a file that several processes change: waits a few seconds at most."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gan_core.runs.atomic_files import StorageError

WAIT_SECONDS = 5.0  # a change takes milliseconds; a suspended process or a network disk must not block a page for good


@contextmanager
def locked(lock: Path, file: Path) -> Iterator[None]:
    """Hold the lock while `file` is changed. Raises StorageError if another process holds it for too long."""
    held = FileLock(lock, fallback_to_soft=False)
    try:
        held.acquire(timeout=WAIT_SECONDS)
    except Timeout as error:
        raise StorageError(
            errno.EAGAIN,
            f"could not change {file}: another process has locked it for more than {WAIT_SECONDS:g} seconds; "
            "try again, or end that process",
        ) from error
    try:
        yield
    finally:
        held.release()

"""Locks of shared files: waiting has a time limit, and the error says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from gan_core.config import LatentConfig
from gan_core.runs import file_lock
from gan_core.runs.file_lock import locked
from gan_core.runs.queue import QueueEntry
from gan_core.runs.saved_directions import named
from gan_core.runs.store import RunStore, StorageError

CHANGES: dict[str, tuple[str, Callable[[RunStore], object]]] = {
    "the queue": (".queue.lock", lambda store: store.queue.change(lambda queue: queue.added(QueueEntry("a")))),
    "the directions": ("directions.lock", lambda store: store.directions.add(named("a", LatentConfig(size=2), [1, 0]))),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_waits_a_limited_time_for_a_lock(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "WAIT_SECONDS", 0.1)
    lock, change = CHANGES[what]
    store = RunStore(tmp_path)

    with FileLock(tmp_path / lock), pytest.raises(StorageError, match=r"locked it for more than 0\.1 seconds; try"):
        change(store)

    change(store)


def test_the_lock_is_released_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock", tmp_path / "file"):
        raise KeyError

    with locked(tmp_path / "lock", tmp_path / "file"):
        pass

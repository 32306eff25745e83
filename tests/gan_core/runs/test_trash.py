"""Deleted runs: each copy can be restored, with a number if its name is taken, until it is erased."""

from pathlib import Path

import pytest

from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunMissingError, RunNameError, RunStore, Trashed
from tests.tiny_runs import tiny


@pytest.fixture
def store(root: Path) -> RunStore:
    return RunStore(root)


def deleted(store: RunStore, name: str, note: str = "") -> Trashed:
    store.create(tiny(), name)
    store.write_notes(name, Notes(note=note))
    return store.delete(name)


def test_the_trash_lists_every_copy_with_the_last_deleted_first(store: RunStore) -> None:
    copies = [deleted(store, name) for name in ("a", "b", "a")]

    assert store.trash.all() == copies[::-1]


def test_each_copy_can_be_restored_and_gets_a_number_if_its_name_is_taken(store: RunStore) -> None:
    first, second = deleted(store, "run", "first"), deleted(store, "run", "second")

    assert store.trash.restore(first) == "run"
    assert store.trash.restore(second) == "run-2"

    assert (store.notes("run").note, store.notes("run-2").note) == ("first", "second")
    assert store.trash.all() == []


def test_a_copy_can_be_restored_only_once(store: RunStore) -> None:
    copy = deleted(store, "run")
    store.trash.restore(copy)

    with pytest.raises(RunMissingError, match="no longer in the trash"):
        store.trash.restore(copy)


def test_erasing_one_copy_keeps_the_others(store: RunStore) -> None:
    erased, kept = deleted(store, "a"), deleted(store, "b")
    before = store.trash.bytes_used()

    store.trash.erase(erased)
    store.trash.erase(erased)

    assert store.trash.all() == [kept]
    assert 0 < store.trash.bytes_used() < before
    assert not list(store.root.glob(".partial-*"))


@pytest.mark.parametrize("copy", [Trashed("..", "run"), Trashed("20260101T000000000000", ".."), Trashed("", "run")])
def test_a_name_cannot_lead_out_of_the_trash(store: RunStore, copy: Trashed) -> None:
    store.create(tiny(), "run")

    for act in (store.trash.erase, store.trash.restore):
        with pytest.raises(RunNameError):
            act(copy)
    assert store.exists("run")


def test_a_deleted_run_leaves_the_queue(store: RunStore) -> None:
    for name in ("a", "b"):
        store.create(tiny(), name)
        store.queue.change(lambda queue, name=name: queue.added(QueueEntry(name)))  # type: ignore[misc]

    store.delete("a")

    assert store.queue.read().runs == ("b",)


def test_the_size_of_a_run_is_that_of_all_its_files(store: RunStore) -> None:
    run = store.create(tiny(), "run")
    before = store.bytes_used(run)
    (store.folder(run) / "samples" / "000000000000.png").write_bytes(bytes(1234))

    assert store.bytes_used(run) == before + 1234

"""Deleted runs: each copy comes back, under another name where its own is taken, until it is erased for good."""

from pathlib import Path

import pytest

from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunMissingError, RunNameError, RunStore, Trashed
from tests.runs_made_here import tiny


@pytest.fixture
def store(root: Path) -> RunStore:
    return RunStore(root)


def deleted(store: RunStore, name: str, note: str = "") -> Trashed:
    store.create(tiny(), name)
    store.write_notes(name, Notes(note=note))
    return store.delete(name)


def test_every_copy_is_listed_the_last_deleted_first(store: RunStore) -> None:
    copies = [deleted(store, name) for name in ("a", "b", "a")]

    assert store.trash.all() == copies[::-1]


def test_each_copy_comes_back_and_where_its_name_is_taken_with_a_number(store: RunStore) -> None:
    first, second = deleted(store, "run", "first"), deleted(store, "run", "second")

    assert store.trash.restore(first) == "run"
    assert store.trash.restore(second) == "run-2"

    assert (store.notes("run").note, store.notes("run-2").note) == ("first", "second")
    assert store.trash.all() == []


def test_a_copy_comes_back_once(store: RunStore) -> None:
    copy = deleted(store, "run")
    store.trash.restore(copy)

    with pytest.raises(RunMissingError, match="no longer in the trash"):
        store.trash.restore(copy)


def test_what_is_erased_is_gone_and_the_rest_stays(store: RunStore) -> None:
    erased, kept = deleted(store, "a"), deleted(store, "b")
    before = store.trash.bytes_used()

    store.trash.erase(erased)
    store.trash.erase(erased)

    assert store.trash.all() == [kept]
    assert 0 < store.trash.bytes_used() < before
    assert not list(store.root.glob(".partial-*"))


@pytest.mark.parametrize("copy", [Trashed("..", "run"), Trashed("20260101T000000000000", ".."), Trashed("", "run")])
def test_no_copy_leads_out_of_the_trash(store: RunStore, copy: Trashed) -> None:
    store.create(tiny(), "run")

    for act in (store.trash.erase, store.trash.restore):
        with pytest.raises(RunNameError):
            act(copy)
    assert store.exists("run")


def test_a_deleted_run_leaves_the_line(store: RunStore) -> None:
    for name in ("a", "b"):
        store.create(tiny(), name)
        store.queue.change(lambda queue, name=name: queue.added(QueueEntry(name)))  # type: ignore[misc]

    store.delete("a")

    assert store.queue.read().runs == ("b",)


def test_the_room_that_a_run_takes_is_that_of_all_its_files(store: RunStore) -> None:
    run = store.create(tiny(), "run")
    before = store.bytes_used(run)
    (store.folder(run) / "samples" / "000000000000.png").write_bytes(bytes(1234))

    assert store.bytes_used(run) == before + 1234

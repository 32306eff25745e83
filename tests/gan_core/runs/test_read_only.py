"""Runs on a disk that can only be read: everything is shown, drawn and exported, and nothing is called damaged."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gan_core import export, render_seeds
from gan_core.execution.run_training import run_to_end
from gan_core.runs.archive.pack import pack
from gan_core.runs.history import History
from gan_core.runs.store import HistoryError, RunStore, StorageError
from tests.tiny import DATA
from tests.tiny_runs import tiny

NOBODY = 65_534
WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
ENTER = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store with the finished run `a`."""
    store = RunStore(tmp_path / "disk" / "checkpoints")
    store.create(tiny(), "a")
    assert run_to_end(store, "a", data_root=DATA, measure=False).status == "finished"
    return store


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write below a folder. Root is not held back by the modes of files, so it becomes another user."""
    paths = [folder, *folder.rglob("*")]
    above = [parent for parent in folder.parents if parent.is_relative_to("/tmp")]
    modes = {path: path.stat().st_mode for path in (*paths, *above)}
    for path in paths:
        path.chmod((modes[path] | READ | (ENTER if path.is_dir() else 0)) & ~WRITE)
    for path in above:
        path.chmod(modes[path] | READ | ENTER)
    is_root = os.geteuid() == 0
    if is_root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        for path, mode in modes.items():
            path.chmod(mode)


def place_for_all(tmp_path: Path) -> Path:
    """A folder in which every user may write."""
    place = tmp_path / "out"
    place.mkdir()
    place.chmod(0o777)
    return place


def test_runs_are_listed_drawn_exported_and_packed(store: RunStore, tmp_path: Path) -> None:
    pictures, out = render_seeds(store, "a", range(4)), place_for_all(tmp_path)

    with read_only(store.root.parent):
        assert not os.access(store.folder("a"), os.W_OK)
        (run,) = store.runs()
        assert (run.status, run.images_seen) == ("finished", 640)
        assert (render_seeds(store, "a", range(4)) == pictures).all()
        export(store, "a", out / "a.safetensors")
        pack(store, "a", out / "a.zip")
        assert store.events("a") == []

    assert (out / "a.safetensors").stat().st_size > 100
    assert (out / "a.zip").stat().st_size > 1_000


def test_what_would_write_is_one_sentence(store: RunStore) -> None:
    with read_only(store.root.parent):
        for act in (
            lambda: store.delete("a"),
            lambda: store.claim("a", "test"),
            lambda: store.write_notes("a", store.notes("a")),
            lambda: store.create(tiny(), "b"),
        ):
            with pytest.raises(StorageError, match="it can only be read here: copy it to where you may write"):
                act()
        with pytest.raises(HistoryError, match="readonly database"):
            store.add_event("a", "note", "words")

    assert store.exists("a")


def test_rows_that_a_killed_trainer_left_in_the_log_are_read(store: RunStore, tmp_path: Path) -> None:
    """A write-ahead log beside the database holds the newest rows, and cannot be worked off."""
    before = len(store.events("a"))
    with store.history("a") as history:
        history.events.add("note", "in the log")
        shutil.copytree(store.folder("a"), store.root / "killed")  # with the log, as a kill leaves it
    assert (store.root / "killed" / "history.sqlite-wal").stat().st_size > 0

    with read_only(store.root.parent):
        assert [event.text for event in store.events("killed")[before:]] == ["in the log"]
        with pytest.raises(HistoryError, match="readonly database"):
            store.request("killed", "stop", "somebody")


def test_an_older_database_is_read_in_the_present_form(store: RunStore) -> None:
    path = store.folder("a") / "history.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE thread_choices")
        database.execute("PRAGMA user_version = 3")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    with read_only(store.root.parent):
        assert store.runs()[0].status == "finished"
        with History(path, create=False) as history:
            assert history.thread_choices.all() == []

"""Run folders: safe names, runs that are created completely or not at all, and restoring from the trash."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from gan_core.config import RunConfig, TrainConfig
from gan_core.runs.lock import OwnedError
from gan_core.runs.store import (
    Notes,
    RunDamagedError,
    RunError,
    RunExistsError,
    RunNameError,
    RunStore,
    StorageError,
)

CONFIG = RunConfig(train=TrainConfig(images=1280, seed=7))
TENSORS = {"generator.weight": torch.ones(2, 3)}
COUNTERS = {"step": 10, "images_seen": 640}


@pytest.fixture
def store(root: Path) -> RunStore:
    return RunStore(root)


@pytest.mark.parametrize("name", ["a", "studio-20250101-120000", "A.b_c-9", "x" * 64])
def test_a_plain_name_names_a_run(store: RunStore, name: str) -> None:
    assert store.create(CONFIG, name) == name
    assert store.exists(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/x", "a/b", "a\\b", ".hidden", "a b", "ä", "a\n", "x" * 65])
def test_an_invalid_name_is_refused_in_one_sentence_and_creates_nothing(store: RunStore, name: str) -> None:
    with pytest.raises(RunNameError, match="cannot be the name of a run: use 1 to 64 letters"):
        store.create(CONFIG, name)

    assert list(store.root.parent.iterdir()) == [store.root]
    assert list(store.root.iterdir()) == []


def test_a_symbolic_link_out_of_the_root_is_not_a_run(store: RunStore, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (store.root / "link").symlink_to(tmp_path / "outside")

    with pytest.raises(RunNameError, match="is a link to a folder outside"):
        store.progress("link")
    assert store.runs() == []


def test_a_new_run_is_queued_and_knows_its_target(store: RunStore) -> None:
    run = store.create(CONFIG, "run", preset="studio")

    progress = store.progress(run)
    assert (progress.status, progress.images_seen, progress.images_target) == ("queued", 0, 1280)
    assert store.config(run) == CONFIG


def test_a_new_record_has_the_preset_and_the_configuration(store: RunStore) -> None:
    run = store.create(CONFIG, preset="studio")

    record = store.record(run)
    assert record.keys() == {"schema", "created", "preset", "config", "resolved", "parent"}
    assert record["preset"] == "studio"
    assert record["resolved"] is None


def test_runs_created_in_the_same_second_get_numbers(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_core.runs.store.automatic_name", lambda preset, now: f"{preset}-20250101-120000")

    names = [store.create(CONFIG, preset="studio") for _ in range(3)]

    assert names == ["studio-20250101-120000", "studio-20250101-120000-2", "studio-20250101-120000-3"]


def test_an_existing_name_is_refused_and_the_message_points_to_resume(store: RunStore) -> None:
    store.create(CONFIG, "run")

    with pytest.raises(RunExistsError, match="run run already exists; resume it, or choose another name"):
        store.create(CONFIG, "run")


def test_the_root_is_created_with_the_first_run(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "not" / "yet")

    assert store.runs() == []
    store.create(CONFIG, "run")
    assert [summary.name for summary in store.runs()] == ["run"]


def test_a_root_that_is_a_file_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "root").touch()

    with pytest.raises(StorageError, match="could not write"):
        RunStore(tmp_path / "root").create(CONFIG, "run")


def test_the_choices_of_auto_are_written_once(store: RunStore) -> None:
    run = store.create(CONFIG, "run")

    store.resolve(run, {"precision": "float32", "threads": 2})
    store.resolve(run, {"precision": "float32", "threads": 2})

    assert store.record(run)["resolved"] == {"precision": "float32", "threads": 2}
    with pytest.raises(RunError, match=r"threads \(2, now 4\); a run keeps what it started with"):
        store.resolve(run, {"precision": "float32", "threads": 4})


BROKEN_RECORDS = {
    "empty": "",
    "half": '{"schema": 1, "conf',
    "list": "[]",
    "lacking": '{"schema": 1}',
    "newer": '{"schema": 2}',
    "unknown key": json.dumps(
        {"schema": 1, "created": "", "preset": "", "config": {"x": 1}, "resolved": None, "parent": None}
    ),
}


@pytest.mark.parametrize("kind", BROKEN_RECORDS)
def test_a_broken_record_gets_one_sentence(store: RunStore, kind: str) -> None:
    run = store.create(CONFIG, "run")
    (store.folder(run) / "config.json").write_text(BROKEN_RECORDS[kind])

    with pytest.raises(RunDamagedError, match="run run"):
        store.config(run)


def test_notes_can_be_read_again_and_damaged_ones_are_empty(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    notes = Notes(title="First", tags=("digits", "fast"), star=True, note="It works.")
    store.write_notes(run, notes)
    assert store.notes(run) == notes

    (store.folder(run) / "notes.json").write_text("{")

    assert store.notes(run) == Notes()


def test_a_deleted_run_can_be_restored_completely(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    store.checkpoints(run).save(TENSORS, COUNTERS)

    copy = store.delete(run)
    assert store.runs() == []
    assert store.trash.all() == [copy]
    assert store.trash.restore(copy) == run

    assert store.checkpoints(run).newest().counters == COUNTERS
    assert store.trash.all() == []


def test_a_run_that_trains_is_not_deleted(store: RunStore) -> None:
    run = store.create(CONFIG, "run")

    with store.claim(run, "terminal"), pytest.raises(OwnedError, match="run run is being trained by process"):
        store.delete(run)

    assert store.exists(run)


@pytest.mark.parametrize("write", ["state", "sample", "snapshot"])
def test_writing_into_a_deleted_run_is_an_error_and_creates_no_folder(store: RunStore, write: str) -> None:
    run = store.create(CONFIG, "run")
    shutil.rmtree(store.folder(run))

    with pytest.raises(StorageError, match="its folder is gone"):
        {
            "state": lambda: store.checkpoints(run).save(TENSORS, COUNTERS),
            "sample": lambda: store.samples(run).add(0, 0, 1, 0, b"png"),
            "snapshot": lambda: store.snapshots(run).add(0, TENSORS),
        }[write]()

    assert not store.exists(run)
    assert list(store.root.iterdir()) == []


def test_the_training_state_is_saved_to_a_new_run_if_its_folder_was_deleted(store: RunStore) -> None:
    run = store.create(CONFIG, "run", preset="studio")
    record = store.record(run)
    shutil.rmtree(store.folder(run))

    rescued = store.rescue(run, record, TENSORS, COUNTERS, "its folder was deleted while it trained")

    assert rescued == "run-rescued"
    assert store.config(rescued) == CONFIG
    assert store.checkpoints(rescued).newest().counters == COUNTERS
    summary = store.summary(rescued)
    assert (summary.status, summary.images_seen, summary.images_target) == ("interrupted", 640, 1280)
    assert summary.reason == "its folder was deleted while it trained"
    assert [event.kind for event in store.events(rescued)] == ["rescued"]


def test_a_second_rescue_does_not_overwrite_the_first(store: RunStore) -> None:
    run = store.create(CONFIG, "x" * 64)
    record = store.record(run)

    first, second = (store.rescue(run, record, TENSORS, COUNTERS, "lost") for _ in range(2))

    assert second == f"{first}-2"

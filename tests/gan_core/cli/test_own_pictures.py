"""A folder of one's own images in a terminal: everything that is wrong is said before a run exists."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core.cli import main
from gan_core.data.registry import load
from gan_core.runs.store import OwnedError, RunStore
from tests.terminals import tiny_settings
from tests.tiny import CPU

NAMES = ("1", "2", "10")


@pytest.fixture
def store(root: Path, elsewhere: Path) -> RunStore:
    return RunStore(root)


@pytest.fixture
def pictures(elsewhere: Path) -> Path:
    """Twelve pictures in the three classes 1, 2, 10."""
    place = elsewhere / "pictures"
    for number, name in enumerate(NAMES):
        (place / name).mkdir(parents=True)
        for copy in range(4):
            pixels = np.zeros((8, 8), np.uint8)
            pixels[number * 2 : number * 2 + 2] = 200 + copy
            Image.fromarray(pixels).save(place / name / f"{copy}.png")
    return place


def options(store: RunStore, pictures: Path | str, **changed: object) -> list[str]:
    """The options of a tiny run on the pictures, without the name of the data set."""
    settings = tiny_settings(data__folder=pictures, data__limit=0, optim__batch_size=4, train__images=32, **changed)
    gone = settings.index("data.name=digits")
    return [*settings[: gone - 1], *settings[gone + 1 :], "--root", str(store.root)]


def without(options: list[str], key: str) -> list[str]:
    place = next(number for number, option in enumerate(options) if option.startswith(f"{key}="))
    return [*options[: place - 1], *options[place + 1 :]]


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit status and stderr of a command."""
    status = main(list(arguments))
    return status, capsys.readouterr().err


def test_a_folder_alone_says_which_data_these_are(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = run("train", "--run", "a", *options(store, pictures), capsys=capsys)

    assert status == 0, said
    assert store.config("a").data.name == "folder"
    assert f"12 images from {pictures} in 3 classes" in said


def test_a_folder_beside_another_data_set_is_refused(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [*options(store, pictures), "--set", "data.name=mnist"]

    status, said = run("train", "--run", "a", *chosen, capsys=capsys)

    assert status == 2
    assert "data.folder: names a folder, but data.name is 'mnist'; leave one of them out" in said
    assert not store.exists("a")


def test_what_the_sidebar_advises_is_said(store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, said = run("train", "--run", "a", *options(store, pictures, optim__lr_g=0.5), capsys=capsys)

    assert "advice on optim.lr_g: Adam moves every weight by about the learning rate" in said
    assert "advice on objective.augment: With so few images" in said


def test_classes_are_told_only_where_there_are_some(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = pictures / "1"

    status, said = run("train", "--run", "flat", *without(options(store, flat), "data.labels"), capsys=capsys)
    assert status == 0, said
    assert "the folder has no classes, so the networks are told none (data.labels=false)" in said
    assert not store.config("flat").data.labels

    assert run("train", "--run", "a", *without(options(store, pictures), "data.labels"), capsys=capsys)[0] == 0
    assert store.record("a")["resolved"]["classes"] == list(NAMES)


def test_classes_that_are_asked_for_and_missing_are_refused_and_the_name_stays_free(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, words in ((pictures / "1", "has no classes"), (pictures / "typo", "does not exist")):
        status, said = run("train", "--run", "a", *options(store, folder, data__labels="true"), capsys=capsys)
        assert (status, store.exists("a")) == (2, False)
        assert words in said

    status, said = run("train", "--run", "a", *options(store, pictures, data__labels="true"), capsys=capsys)
    assert status == 0, said


def test_a_name_that_is_taken_is_refused_before_anything_is_read(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "--run", "a", *options(store, pictures), capsys=capsys)[0] == 0

    status, said = run("train", "--run", "a", *options(store, pictures / "typo"), capsys=capsys)

    assert status == 2
    assert said.strip() == "run a already exists; resume it, or choose another name"


@pytest.fixture
def labelled(store: RunStore, pictures: Path) -> RunStore:
    """A store with the run `a`, trained with the classes 1, 2, 10."""
    assert main(["train", "--run", "a", *options(store, pictures, data__labels="true")]) == 0
    return store


def test_a_command_lists_the_classes(labelled: RunStore, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["classes", "a", "--root", str(labelled.root)]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [["0", "1"], ["1", "2"], ["2", "10"]]

    assert main(["classes", "a", "--json", "--root", str(labelled.root)]) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "classes": list(NAMES)}


def test_a_label_is_a_name_first_and_then_a_number(
    labelled: RunStore, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def drawn(label: str) -> bytes:
        out = elsewhere / f"{label}.png"
        assert main(["sample", "a", "--label", label, "--out", str(out), "--root", str(labelled.root)]) == 0
        return out.read_bytes()

    assert drawn("10") == main_number(labelled, elsewhere, 2)
    assert drawn("1") == main_number(labelled, elsewhere, 0)
    assert drawn("0") == main_number(labelled, elsewhere, 0)

    status, said = run(
        "sample", "a", "--label", "100", "--out", str(elsewhere / "b.png"), "--root", str(labelled.root), capsys=capsys
    )
    assert status == 2
    assert "run a has no label 100: use one of 0..2, or a name that `classes a` lists; did you mean '10'?" in said


def main_number(store: RunStore, elsewhere: Path, number: int) -> bytes:
    """The picture of the class with this number, by the function below the command."""
    from gan_core.cli.draw import draw_seeds

    out = elsewhere / "number.png"
    draw_seeds(store, "a", list(range(64)), None, number, False, out)
    return out.read_bytes()


def test_a_run_of_an_older_version_keeps_the_order_of_its_classes(
    labelled: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older versions ordered classes by characters: 1, 10, 2."""
    old = ["1", "10", "2"]
    dataset = load(labelled.config("a").data, CPU, root=Path("data"))
    path = labelled.folder("a") / "config.json"
    record = json.loads(path.read_text())
    record["resolved"] |= {"classes": old, "data_sha256": dataset.with_classes_as(tuple(old)).sha256}
    path.write_text(json.dumps(record))

    assert main(["resume", "a", "--images", "64", "--root", str(labelled.root)]) == 0
    assert labelled.progress("a").images_seen == 64


def test_a_run_of_an_older_version_without_labels_keeps_the_order_of_the_classes_as_well(
    store: RunStore, pictures: Path
) -> None:
    """The order is a part of the hash of the data, also where the networks are told no class."""
    assert main(["train", "--run", "a", *options(store, pictures)]) == 0
    dataset = load(store.config("a").data, CPU, root=Path("data"))
    path = store.folder("a") / "config.json"
    record = json.loads(path.read_text())
    assert record["resolved"]["classes"] == []
    record["resolved"]["data_sha256"] = dataset.with_classes_as(("1", "10", "2")).sha256
    path.write_text(json.dumps(record))

    assert main(["resume", "a", "--images", "64", "--root", str(store.root)]) == 0
    assert store.progress("a").images_seen == 64


def test_a_run_that_has_begun_passes_over_a_damaged_file_that_changes_nothing(
    labelled: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "1" / "torn.ppm").write_bytes(b"P6 and some words")

    assert run("resume", "a", "--images", "64", "--root", str(labelled.root), capsys=capsys)[0] == 0
    status, said = run("train", "--run", "b", *options(labelled, pictures), capsys=capsys)
    assert status == 2
    assert "torn.ppm is damaged" in said


def test_a_limit_without_a_class_is_refused_for_a_new_run_only(
    store: RunStore, pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for copy in range(40):
        shutil.copy(pictures / "1" / "0.png", pictures / "1" / f"more-{copy}.png")
    chosen = [*without(options(store, pictures), "data.labels"), "--set", "data.labels=true", "--set", "data.limit=5"]
    status, said = run("train", "--run", "a", *chosen, capsys=capsys)
    assert status == 2, said
    assert "data.limit 5 leaves no image of the class" in said

    with monkeypatch.context() as patch:  # an older version began such a run
        patch.setattr("gan_core.execution.run_training.check_new", lambda *arguments: None)
        patch.setattr("gan_core.cli.preparation.check_new", lambda *arguments: None)
        assert run("train", "--run", "a", *chosen, capsys=capsys)[0] == 0
    assert run("resume", "a", "--images", "64", "--root", str(store.root), capsys=capsys)[0] == 0


def test_pictures_on_another_disk_are_found_by_a_new_folder(
    labelled: RunStore, pictures: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = elsewhere / "another disk" / "pictures"
    shutil.move(pictures, moved)
    resume = ["resume", "a", "--images", "64", "--root", str(labelled.root)]
    assert run(*resume, capsys=capsys)[0] == 1

    assert run(*resume, "--data-folder", str(moved), capsys=capsys)[0] == 0
    assert labelled.progress("a").status == "finished"
    assert labelled.record("a")["config"]["data"]["folder"] == str(moved)
    assert any("are read from" in event.text for event in labelled.events("a"))


def test_other_pictures_are_refused_and_nothing_is_changed(
    labelled: RunStore, pictures: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = elsewhere / "other"
    shutil.copytree(pictures, other)
    (other / "1" / "0.png").unlink()
    before = labelled.record("a")

    status, said = run(
        "resume", "a", "--images", "64", "--data-folder", str(other), "--root", str(labelled.root), capsys=capsys
    )

    assert status == 2
    assert "the data of run a have changed since it began" in said
    assert labelled.record("a") == before


def test_runs_and_pictures_that_are_moved_together_find_each_other(elsewhere: Path, pictures: Path) -> None:
    store = RunStore(elsewhere / "checkpoints")
    assert main(["train", "--run", "a", *options(store, "pictures", data__labels="true")]) == 0
    assert store.record("a")["config"]["data"]["folder"] == str(pictures)

    together = elsewhere / "laptop"
    together.mkdir()
    for folder in ("checkpoints", "pictures"):
        shutil.move(elsewhere / folder, together / folder)
    moved = RunStore(together / "checkpoints")

    assert moved.config("a").data.folder == str(together / "pictures")
    assert main(["resume", "a", "--images", "64", "--root", str(moved.root)]) == 0


def test_a_run_without_a_folder_cannot_be_told_one(store: RunStore, pictures: Path) -> None:
    assert main(["train", "--run", "a", *tiny_settings(), "--root", str(store.root)]) == 0

    with pytest.raises(Exception, match="learns digits, and not the images of a folder"):
        store.move_images("a", pictures)


def test_a_run_that_trains_is_not_told_another_folder(labelled: RunStore, pictures: Path) -> None:
    with labelled.claim("a", "test"), pytest.raises(OwnedError):
        labelled.move_images("a", pictures)


def test_a_look_says_what_is_in_a_folder(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pictures / "1" / "notes.txt").write_text("words")

    assert main(["look", str(pictures)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "12 images",
        "   0  1: 4",
        "   1  2: 4",
        "   2  10: 4",
        "1 other file ignored",
        "of 12 that were looked at, 0 are in colour, 0 of one colour",
    ]

    assert main(["look", str(pictures), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["classes"]) == (12, dict.fromkeys(NAMES, 4))

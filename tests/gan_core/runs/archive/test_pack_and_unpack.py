"""A run as one zip file: packed at any time, unpacked into another folder, and resumed like the original."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gan_core.cli import main
from gan_core.execution.run_training import run_to_end
from gan_core.numerics.rng import latents_for_seeds
from gan_core.runs.archive.pack import pack, unpack, write_archive
from gan_core.runs.store import Notes, RunDamagedError, RunMissingError, RunStore
from gan_core.training.state import fingerprint
from gan_core.training.step_report import StepReport
from tests.faults import at, full_disk, stages_of
from tests.tiny_runs import tiny, train

HALF, WHOLE = 320, 640  # images
NOTES = Notes(title="Ünï <b>code</b>", tags=("one", "two"), star=True, note="A note.\nIn two lines.")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """A store with a run that is half trained, with notes and a kept latent."""
    store = RunStore(tmp_path_factory.mktemp("here") / "runs")
    train(store, store.create(tiny(), "half", "mlp"), HALF)
    store.write_notes("half", NOTES)
    store.latents("half").keep(latents_for_seeds([7], tiny().model.latent))
    return store


@pytest.fixture
def there(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "there")


@pytest.fixture(scope="module")
def packed(here: RunStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "half.zip"
    pack(here, "half", path)
    return path


def end_of(store: RunStore, run: str) -> str:
    """The fingerprint of the newest checkpoint."""
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def test_an_unpacked_run_resumes_bit_for_bit_like_the_original(packed: Path, there: RunStore, tmp_path: Path) -> None:
    stayed = RunStore(tmp_path / "stayed")
    train(stayed, stayed.create(tiny(), "run"), WHOLE)

    run = unpack(there, packed).run
    assert train(there, run, WHOLE) == "finished"

    assert end_of(there, run) == end_of(stayed, "run")
    assert list(there.curve(run, ["loss_d"])["loss_d"]) == list(stayed.curve("run", ["loss_d"])["loss_d"])


def test_an_archive_holds_everything_of_a_run(here: RunStore, packed: Path, there: RunStore) -> None:
    run = unpack(there, packed).run

    assert run == "half"
    assert there.record(run) == here.record("half")
    assert there.notes(run) == NOTES
    assert there.snapshots(run).all() == here.snapshots("half").all()
    assert there.latents(run).names() == here.latents("half").names() != []
    assert [event.text for event in there.events(run)] == [event.text for event in here.events("half")]
    assert [(images, path.read_bytes()) for images, _, path in there.samples(run).all()] == [
        (images, path.read_bytes()) for images, _, path in here.samples("half").all()
    ]
    assert there.curve(run).equals(here.curve("half"))


def test_an_archive_holds_only_the_newest_checkpoint_and_a_manifest(here: RunStore, packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("half/manifest.json"))

    assert [name for name in names if "/state-" in name] == [f"half/{here.checkpoints('half').newest().path.name}"]
    assert {f"half/{name}" for name in manifest["files"]} == set(names) - {"half/manifest.json"}


def test_an_archive_unpacked_by_hand_is_a_run(packed: Path, there: RunStore) -> None:
    there.root.mkdir()
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(there.root)

    assert there.progress("half").images_seen == HALF
    assert train(there, "half", HALF + 16) == "finished"


def test_equal_runs_give_equal_archives(here: RunStore, packed: Path) -> None:
    again = BytesIO()
    write_archive(here, "half", again)

    with zipfile.ZipFile(packed) as first, zipfile.ZipFile(again) as second:
        assert first.read("half/manifest.json") == second.read("half/manifest.json")


def test_an_unpacked_run_gets_a_number_if_its_name_is_taken(packed: Path, there: RunStore) -> None:
    assert [unpack(there, packed).run for _ in range(3)] == ["half", "half-2", "half-3"]
    assert len(there.runs()) == 3


def test_a_run_can_be_packed_while_it_trains(here: RunStore, there: RunStore) -> None:
    taken: list[bytes] = []

    def watch(report: StepReport) -> None:
        if report.images_seen == HALF:
            buffer = BytesIO()
            write_archive(here, run, buffer)
            taken.append(buffer.getvalue())

    run = here.create(tiny(), "training")
    assert run_to_end(here, run, on_step=watch).status == "finished"

    arrived = unpack(there, BytesIO(taken[0])).run
    progress = there.progress(arrived)
    assert (progress.status, progress.reason) == ("interrupted", "Exported while it trained.")
    assert 0 < progress.images_seen <= HALF
    train(there, arrived, WHOLE)
    assert end_of(there, arrived) == end_of(here, run)


def test_a_run_that_was_never_trained_can_be_packed(here: RunStore, there: RunStore) -> None:
    here.create(tiny(), "new")
    buffer = BytesIO()
    write_archive(here, "new", buffer)

    run = unpack(there, buffer).run

    assert there.progress(run).status == "stopped"
    assert train(there, run, 32) == "finished"


def test_a_snapshot_whose_file_is_deleted_is_not_packed(here: RunStore, there: RunStore) -> None:
    run = here.create(tiny(), "thinned")
    train(here, run, HALF)
    gone = min(here.snapshots(run).all())
    (here.folder(run) / f"moments/{gone:012d}.safetensors").unlink()
    buffer = BytesIO()
    write_archive(here, run, buffer)

    assert gone not in there.snapshots(unpack(there, buffer).run).all()


def test_a_corrupt_newest_checkpoint_is_replaced_by_the_one_before(here: RunStore, there: RunStore) -> None:
    run = here.create(tiny(), "damaged")
    train(here, run, HALF)
    newest = here.checkpoints(run).newest()
    newest.path.write_bytes(b"x" * 100)
    buffer = BytesIO()
    write_archive(here, run, buffer)

    arrived = there.checkpoints(unpack(there, buffer).run).newest()

    assert arrived.counters["images_seen"] < newest.counters["images_seen"]
    assert arrived.complaints == []


def test_a_run_without_a_configuration_is_not_packed(there: RunStore, tmp_path: Path) -> None:
    run = there.create(tiny(), "run")
    (there.folder(run) / "config.json").write_text("{")

    with pytest.raises(RunDamagedError, match="put it back from a backup"):
        pack(there, run, tmp_path / "run.zip")
    with pytest.raises(RunMissingError):
        pack(there, "none", tmp_path / "run.zip")
    assert not (tmp_path / "run.zip").exists()


def test_a_full_disk_leaves_no_half_run(packed: Path, tmp_path: Path) -> None:
    stages = stages_of(lambda announce: unpack(RunStore(tmp_path / "undisturbed", announce), packed))

    for number in range(len(stages)):
        store = RunStore(tmp_path / f"full-{number}", at(number, full_disk))
        with pytest.raises(OSError, match="No space left"):
            unpack(store, packed)
        assert list(store.root.iterdir()) == []
    assert stages == ["rename run"]


# the command line


def test_pack_and_unpack_in_a_terminal(
    here: RunStore, there: RunStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "half.zip"
    assert main(["pack", "half", "--out", str(out), "--root", str(here.root)]) == 0
    assert main(["unpack", str(out), "--root", str(there.root)]) == 0
    assert main(["unpack", str(out), "--root", str(there.root)]) == 0

    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["half", "half-2"]
    assert printed.err == "run half exists already, so this one is called half-2\n"


def test_unpacking_another_file_is_one_sentence_in_a_terminal(
    there: RunStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("hello")

    for name in ("notes.txt", "missing.zip"):
        assert main(["unpack", str(tmp_path / name), "--root", str(there.root)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    first, second = printed.err.splitlines()
    assert first.startswith("the file is refused, and nothing was written: it is not a complete zip file")
    assert "No such file" in second
    assert not there.root.exists()

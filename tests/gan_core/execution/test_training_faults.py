"""Faults during training: the run ends with one sentence that says why, and resumes from an intact checkpoint."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import numpy as np
import pytest
import torch

from gan_core import cli
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.run_training import run_to_end
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from gan_core.training.step_report import StepReport
from tests.faults import at_first, broken_disk, full_disk
from tests.tiny import DATA
from tests.tiny_runs import tiny, train

RUN = "run"
IMAGES = 1280  # in all; with a grid, a snapshot and a state at each step, so that snapshots are thinned
HALFWAY = 1120  # images
STOPPING = ("hash", "write", "write half", "fsync", "rename", "fsync folder", "row")
HARMLESS = ("thin", "thin snapshot")  # only an old file stays
FAULTS = {"No space left on device": full_disk, "Input/output error": broken_disk}


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """The run that nothing happens to."""
    store = RunStore(tmp_path_factory.mktemp("straight"))
    assert train(store, begun(store), IMAGES) == "finished"
    return store


@pytest.fixture(scope="module")
def halfway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a run that has shown most of its images."""
    store = RunStore(tmp_path_factory.mktemp("halfway"))
    assert train(store, begun(store), HALFWAY) == "finished"
    return store.root


def begun(store: RunStore) -> str:
    return store.create(tiny(data__limit=16, train__sample_every=1, train__images=IMAGES), RUN)


@pytest.fixture
def store(halfway: Path, tmp_path: Path, elsewhere: Path) -> RunStore:
    """A copy of the run that is halfway."""
    return RunStore(shutil.copytree(halfway, tmp_path / "runs"))


def end_of(store: RunStore) -> str:
    state = store.checkpoints(RUN).newest()
    assert state.complaints == []
    return fingerprint(state.tensors, state.counters)


def steps_shown(store: RunStore) -> list[int]:
    steps: list[int] = store.curve(RUN, points=2000)["step"].tolist()
    return steps


def assert_like(store: RunStore, straight: RunStore) -> None:
    """The run has ended like the one that nothing happened to."""
    assert end_of(store) == end_of(straight)
    assert steps_shown(store) == steps_shown(straight) == list(range(1, IMAGES // 16 + 1))
    assert [path.read_bytes() for _, _, path in store.samples(RUN).all()] == [
        path.read_bytes() for _, _, path in straight.samples(RUN).all()
    ]
    assert all(store.snapshots(RUN).load(at).images_seen == at for at in store.snapshots(RUN).all())
    assert list(store.root.rglob(".partial-*")) == []


@pytest.mark.parametrize("words", FAULTS)
@pytest.mark.parametrize("stage", STOPPING)
def test_a_failing_disk_stops_a_run_with_its_reason_and_costs_at_most_a_step(
    stage: str, words: str, store: RunStore, straight: RunStore
) -> None:
    step = store.checkpoints(RUN).newest().counters["step"]
    failing = RunStore(store.root, at_first_in_training(stage, FAULTS[words]))

    assert train(failing, RUN, IMAGES) == "failed"

    progress = store.progress(RUN)
    assert progress.status == "failed"
    assert words in progress.reason
    assert "\n" not in progress.reason
    assert store.checkpoints(RUN).newest().counters["step"] in (step, step + 1)
    assert train(store, RUN, IMAGES) == "finished"
    assert_like(store, straight)


def at_first_in_training(stage: str, fault: Callable[[], None]) -> Callable[[str], None]:
    """Strikes at the first such stage once the run is claimed: one that cannot be claimed is refused, not failed."""
    heard_before: list[str] = []
    strike = at_first(stage, fault)

    def announce(heard: str) -> None:
        if "fsync folder" in heard_before:  # the owner's name is written
            strike(heard)
        heard_before.append(heard)

    return announce


@pytest.mark.parametrize("stage", HARMLESS)
def test_an_old_file_that_cannot_be_removed_stops_nothing(stage: str, store: RunStore, straight: RunStore) -> None:
    struck: list[str] = []

    def fault() -> None:
        struck.append(stage)
        broken_disk()

    assert train(RunStore(store.root, at_first(stage, fault)), RUN, IMAGES) == "finished"

    assert struck == [stage]
    assert_like(store, straight)


def foreign(path: Path) -> None:
    """Write a newer checkpoint of other networks, with the correct hash in its name."""
    other = RunStore(path.parents[2] / "other")
    other.create(tiny(model__latent__size=5, data__limit=16, train__images=IMAGES), RUN)
    assert train(other, RUN, HALFWAY + 16) == "finished"
    shutil.copy(other.checkpoints(RUN).newest().path, path.parent)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


BREAKAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-5]), "is damaged"),
    "bit-flipped": (flip_a_bit, "is damaged"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "foreign": (foreign, "does not fit this run"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_resume_with_a_damaged_newest_checkpoint_continues_from_the_one_before_and_says_so(
    breakage: str, store: RunStore, straight: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    break_it, words = BREAKAGES[breakage]
    break_it(store.checkpoints(RUN).newest().path)

    assert cli.main(["resume", RUN, "--root", str(store.root), "--images", str(IMAGES)]) == 0

    texts = [event.text for event in store.events(RUN) if event.kind == "fallback"]
    assert len(texts) == 1
    assert words in texts[0]
    assert texts[0].endswith(".safetensors is used instead")
    assert texts[0] in capsys.readouterr().err
    assert store.progress(RUN).status == "finished"
    assert steps_shown(store) == steps_shown(straight)
    assert end_of(store) == end_of(straight)


def test_resume_without_any_sound_state_fails_in_one_sentence_and_touches_nothing(
    store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    states = sorted(store.folder(RUN).glob("state-*"))
    for path in states:
        flip_a_bit(path)
    before = [path.read_bytes() for path in states]

    assert cli.main(["resume", RUN, "--root", str(store.root), "--images", str(IMAGES)]) == 1

    sentence = capsys.readouterr().err.splitlines()[-1]
    assert all(path.name in sentence for path in states)
    assert sentence.endswith("put one back from a backup")
    assert [path.read_bytes() for path in sorted(store.folder(RUN).glob("state-*"))] == before
    assert steps_shown(store) == list(range(1, HALFWAY // 16 + 1))


@pytest.mark.parametrize("stage", ["hash", "rename"])  # the second one is met while a file is written
def test_a_file_that_somebody_is_just_removing_with_the_whole_run_is_no_failure(
    store: RunStore, straight: RunStore, stage: str
) -> None:
    def remove_slowly() -> None:
        later = Timer(0.3, shutil.rmtree, [store.folder(RUN)])
        later.start()
        raise FileNotFoundError(errno.ENOENT, "the state has just been removed")

    assert train(RunStore(store.root, at_first_in_training(stage, remove_slowly)), RUN, IMAGES) == "rescued"

    assert [run.name for run in store.runs()] == [f"{RUN}-rescued"]
    assert train(store, f"{RUN}-rescued", IMAGES) == "finished"
    state = store.checkpoints(f"{RUN}-rescued").newest()
    assert fingerprint(state.tensors, state.counters) == end_of(straight)


def no_memory_for_numpy() -> object:
    return np.empty(1 << 50)


def no_memory_for_torch() -> object:
    return torch.empty(1 << 45)


@pytest.mark.parametrize("ask", [no_memory_for_numpy, no_memory_for_torch])
def test_too_little_memory_is_a_sentence_with_the_settings_that_help(tmp_path: Path, ask: Callable[[], object]) -> None:
    store = RunStore(tmp_path)
    begun(store)

    outcome = run_to_end(store, RUN, on_step=lambda report: print(ask()), data_root=DATA, measure=False)

    assert outcome.status == "failed"
    assert store.progress(RUN).reason == outcome.failure
    for setting in ("not enough memory", "optim.batch_size", "narrower networks", "data.image_size"):
        assert setting in outcome.failure


@pytest.mark.parametrize("images", [16, 48])
def test_a_run_that_is_stopped_early_ends_with_a_picture_of_what_it_is(tmp_path: Path, images: int) -> None:
    store, shutdown = RunStore(tmp_path), ShutdownRequest()
    store.create(tiny(data__limit=160, train__sample_every=10_000, train__images=10_000), RUN)

    def stop(report: StepReport) -> None:
        if report.images_seen >= images:
            shutdown.set("Stopped.", "stopped")

    run_to_end(store, RUN, shutdown=shutdown, on_step=stop, data_root=DATA, measure=False)

    assert [images for images, _, _ in store.samples(RUN).all()] == [0, store.progress(RUN).images_seen]

"""Faults in the run store: at every announced stage of every write the disk fails or the process is killed."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import torch

from gan_core.config import LatentConfig, RunConfig
from gan_core.runs.atomic_files import Announce
from gan_core.runs.saved_directions import named
from gan_core.runs.store import RunStore, StorageError
from tests.faults import at, broken_disk, full_disk, killed, stages_of, sudden_death
from tests.histories import rows

Write = Callable[[RunStore], object]
RUN = "run"
LATENT = LatentConfig(size=3)


def tensors(value: float) -> dict[str, torch.Tensor]:
    return {"w": torch.full((3,), value)}


def counters(step: int) -> dict[str, int]:
    return {"step": step, "images_seen": step * 64}


WRITES: dict[str, Write] = {
    "create": lambda store: store.create(RunConfig(), "new"),
    "claim": lambda store: store.claim(RUN, "terminal").release(),
    "resolve": lambda store: store.resolve(RUN, {"threads": 2}),
    "save state": lambda store: store.checkpoints(RUN).save(tensors(3), counters(3)),
    "add sample": lambda store: store.samples(RUN).add(192, 1, 1, 3, b"new picture"),
    "replace sample": lambda store: store.samples(RUN).add(64, 1, 1, 1, b"new picture"),
    "add snapshot": lambda store: store.snapshots(RUN).add(10_000, tensors(10_000)),
    "keep latent": lambda store: store.latents(RUN).keep(torch.full((1, 3), 3.0)),
    "add direction": lambda store: store.directions.add(named("new", LATENT, [3, 0, 4])),
    "rescue": lambda store: store.rescue(RUN, store.record(RUN), tensors(3), counters(3), "lost"),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs with one run: two checkpoints, two sample grids, the greatest number of snapshots."""
    store = RunStore(tmp_path_factory.mktemp("template"))
    store.create(RunConfig(), RUN)
    with store.history(RUN) as history:
        history.append(history.begin_attempt(0, 0, 640), rows(1, 2))
    for step in (1, 2):
        store.checkpoints(RUN).save(tensors(step), counters(step))
        store.samples(RUN).add(step * 64, 0, 1, step, b"old picture")
    for images_seen in range(64):
        store.snapshots(RUN).add(images_seen, tensors(images_seen))
    store.latents(RUN).keep(torch.full((1, 3), 2.0))
    store.directions.add(named("old", LATENT, [1, 0, 0]))
    return store.root


def copies(template: Path, folder: Path, write: str) -> Iterator[tuple[int, Path]]:
    """A fresh copy of the template for every stage that a write announces, with the number of that stage."""
    shutil.copytree(template, folder / "undisturbed")
    stages = stages_of(partial(announced, folder / "undisturbed", write))
    assert len(stages) >= 5
    for number in range(len(stages)):
        yield number, shutil.copytree(template, folder / str(number))


def announced(root: Path, write: str, announce: Announce) -> None:
    WRITES[write](RunStore(root, announce))


def assert_whole(root: Path) -> None:
    """Nothing is lost and nothing is torn: every run listed is sound, everything that a run mentions can be loaded."""
    store = RunStore(root)
    summaries = {summary.name: summary for summary in store.runs()}
    assert RUN in summaries
    assert all(summary.status != "damaged" for summary in summaries.values())
    assert store.config(RUN) == RunConfig()
    state = store.checkpoints(RUN).newest()
    assert state.counters["step"] in (2, 3)
    assert state.tensors["w"].tolist() == [state.counters["step"]] * 3
    assert state.complaints == []
    assert all(path.read_bytes() in (b"old picture", b"new picture") for _, _, path in store.samples(RUN).all())
    assert all(store.snapshots(RUN).load(at).tensors["w"].tolist() == [at] * 3 for at in store.snapshots(RUN).all())
    assert store.curve(RUN, ["loss_d"])["step"].tolist() == [1, 2]
    assert {store.latents(RUN).load(source).tolist()[0][0] for source in store.latents(RUN).names()} <= {2.0, 3.0}
    assert [direction.name for direction in store.directions.all()] in (["old"], ["old", "new"])


@pytest.mark.parametrize("fault", [full_disk, broken_disk])
@pytest.mark.parametrize("write", WRITES)
def test_a_failing_disk_at_any_stage_loses_nothing(
    template: Path, tmp_path: Path, write: str, fault: Callable[[], None]
) -> None:
    for number, root in copies(template, tmp_path, write):
        with contextlib.suppress(OSError):
            announced(root, write, at(number, fault))

        assert_whole(root)
        assert list(root.rglob(".partial-*")) == []


@pytest.mark.parametrize("write", WRITES)
def test_a_kill_at_any_stage_loses_nothing(template: Path, tmp_path: Path, write: str) -> None:
    for number, root in copies(template, tmp_path, write):
        assert killed(partial(announced, root, write, at(number, sudden_death)))

        assert_whole(root)


@pytest.mark.parametrize("write", ["create", "rescue"])
def test_a_run_that_could_not_be_created_leaves_no_folder(template: Path, tmp_path: Path, write: str) -> None:
    for number, root in copies(template, tmp_path, write):
        with pytest.raises(StorageError, match="No space left"):
            announced(root, write, at(number, full_disk))

        assert {path.name for path in root.iterdir()} == {RUN, "directions.json", "directions.lock"}


def test_the_next_trainer_deletes_partial_files_of_killed_ones(template: Path, tmp_path: Path) -> None:
    root = shutil.copytree(template, tmp_path / "root")
    for write in ("save state", "add sample", "add snapshot", "keep latent"):
        assert killed(partial(announced, root, write, at(2, sudden_death)))
    assert len(list(root.rglob(".partial-*"))) == 4

    RunStore(root).claim(RUN, "terminal").release()

    assert list(root.rglob(".partial-*")) == []


def test_creating_a_run_deletes_partial_folders_of_killed_processes(tmp_path: Path) -> None:
    for write in ("create", "add direction"):
        assert killed(partial(announced, tmp_path, write, at(3, sudden_death)))
    assert len(list(tmp_path.glob(".partial-*"))) == 2

    RunStore(tmp_path).create(RunConfig(), "next")

    assert {path.name for path in tmp_path.iterdir()} == {"next", "directions.lock"}

"""Estimates before a run starts: its speed from real steps, its disk space from its tensors."""

from pathlib import Path

import pytest
import torch

from gan_core.data.registry import outlook
from gan_core.execution.jobs import Job
from gan_core.runs.disk_estimate import footprint
from gan_core.runs.store import RunStore
from gan_core.training import speed_estimate
from gan_core.training.speed_estimate import estimate_speed, what_matters
from tests.tiny_runs import tiny, train
from tests.waiting import DEADLINE_SECONDS

ENOUGH_TO_WEIGH = {
    "model__generator__widths": (128, 128),
    "model__discriminator__widths": (128, 128),
    "train__images": 1_600,
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_estimate, "MEASURE_SECONDS", 0.0)


def never() -> bool:
    return False


@pytest.mark.parametrize("precision", ["auto", "float32"])
def test_a_speed_is_measured_whatever_is_left_open(quick: None, precision: str) -> None:
    speed = estimate_speed(tiny(train__precision=precision, train__threads=0), 0, never)

    assert speed is not None
    assert 0 < speed.slowest <= speed.images_per_second <= speed.fastest
    assert speed.images_per_second > 100


def test_a_network_with_classes_is_timed_too(quick: None) -> None:
    assert estimate_speed(tiny(data__labels=True), 10, never)


def test_measuring_ends_as_soon_as_it_is_cancelled() -> None:
    assert estimate_speed(tiny(), 0, lambda: True) is None


def test_measuring_leaves_the_threads_and_the_random_numbers_of_others_alone(quick: None) -> None:
    threads, numbers = torch.get_num_threads(), torch.get_rng_state()

    estimate_speed(tiny(train__threads=3), 0, never)

    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), numbers)


def test_a_measurement_beside_a_training_changes_no_bit_of_it(quick: None, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    for run in ("alone", "beside"):
        store.create(tiny(train__images=640), run)
    train(store, "alone")

    def measure(job: Job) -> None:
        while not job.cancelled.is_set():
            estimate_speed(tiny(train__threads=2), 0, job.cancelled.is_set)

    job = Job("measure", measure).start()
    train(store, "beside")
    job.cancel()

    assert job.wait(DEADLINE_SECONDS)
    assert job.problem is None
    ends = [
        store.checkpoints(run).newest().path.name for run in ("alone", "beside")
    ]  # the hash of the tensors is in it
    assert ends[0] == ends[1]


def test_only_what_changes_the_speed_asks_for_a_new_measurement() -> None:
    same = [tiny(optim__lr_g=0.1), tiny(train__seed=7), tiny(train__images=10), tiny(data__limit=100)]
    other = [tiny(optim__batch_size=32), tiny(train__threads=2), tiny(objective__loss="hinge"), tiny(data__labels=True)]

    assert {what_matters(config) for config in same} == {what_matters(tiny())}
    assert len({what_matters(config) for config in [tiny(), *other]}) == 5


def size_on_disk(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern))


@pytest.mark.parametrize("changes", [{}, {"data__labels": True, "model__discriminator__spectral_norm": True}])
def test_a_run_needs_the_disk_space_that_was_estimated(tmp_path: Path, changes: dict[str, object]) -> None:
    config = tiny(**ENOUGH_TO_WEIGH, **changes)
    store = RunStore(tmp_path)
    store.create(config, "mine")
    train(store, "mine")

    foretold, folder = footprint(config, *outlook(config.data)), store.folder("mine")

    assert foretold.checkpoints == pytest.approx(size_on_disk(folder, "state-*"), rel=0.05)
    assert foretold.snapshots == pytest.approx(size_on_disk(folder, "moments/*"), rel=0.1)
    assert foretold.history == pytest.approx(size_on_disk(folder, "history.sqlite"), rel=0.2)
    assert foretold.total == pytest.approx(size_on_disk(folder, "**/*.*"), rel=0.2)


def test_the_disk_estimate_of_an_endless_run_counts_no_more_than_64_snapshots() -> None:
    long, longer = (footprint(tiny(train__images=images), 160, 0) for images in (10**9, 10**10))

    assert long.snapshots == longer.snapshots
    assert longer.samples == pytest.approx(10 * long.samples, rel=0.01)

"""The sample grids of a run: their exact bytes, damaged files, and when they change."""

from pathlib import Path

import pytest
import torch

from gan_core.numerics.rng import generator_for
from gan_core.pictures.render import grid, png
from gan_core.runs.store import RunMissingError, RunStore
from tests.tiny_runs import tiny


def pixels(number: int) -> torch.Tensor:
    """(64, 1, 8, 8) uint8: another picture for each number."""
    return torch.randint(256, (64, 1, 8, 8), generator=generator_for(number, "pixels"), dtype=torch.uint8)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """One run with three sample grids, at 0, 160 and 320 images."""
    made = RunStore(tmp_path)
    made.create(tiny(), "mine")
    for number in range(3):
        made.samples("mine").add(160 * number, number, 1, 10 * number, png(grid(pixels(number))))
    return made


def test_grids_come_back_in_order_and_a_lost_or_damaged_file_is_left_out(store: RunStore) -> None:
    store.samples("mine").all()[1][2].write_bytes(b"\x89PNG and no more")

    found = store.samples("mine").pictures([320, 160, 99, 0])

    assert [picture.tobytes() for picture in found] == [grid(pixels(2)).tobytes(), grid(pixels(0)).tobytes()]


def test_a_run_without_any_of_the_pictures_says_so(store: RunStore) -> None:
    with pytest.raises(
        RunMissingError, match="run mine has no readable sample grid among the requested ones; choose another"
    ):
        store.samples("mine").pictures([99])


def test_the_mark_of_the_samples_changes_with_every_sample_and_every_attempt(store: RunStore) -> None:
    before = store.samples("mine").mark()
    assert (before.number, before.newest) == (3, 320)

    store.samples("mine").add(480, 3, 1, 30, b"png")
    after = store.samples("mine").mark()
    assert (after.number, after.newest) == (4, 480)

    with store.history("mine") as history:
        history.begin_attempt(20, 320, 640)
    again = store.samples("mine").mark()
    assert again == before._replace(attempt=before.attempt + 1)


def test_a_run_without_samples_has_a_mark_too(tmp_path: Path) -> None:
    made = RunStore(tmp_path)
    made.create(tiny(), "mine")

    assert made.samples("mine").mark() == (0, 0, -1)
    assert made.samples("mine").png() is None
    assert made.summary("mine").newest_sample is None

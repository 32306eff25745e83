"""The sample grids of a run: which ones are chosen, their exact bytes, and one cell of each."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gan_core.numerics.rng import generator_for
from gan_core.pictures.render import GRID_COLUMNS, Picture, grid, png
from gan_core.pictures.sample_grids import cell_of, evenly, grids, side_by_side, thinned
from gan_core.runs.store import RunMissingError, RunStore
from tests.runs_made_here import tiny

SIDE = 8


def pixels(number: int, channels: int = 1) -> torch.Tensor:
    """(64, C, 8, 8) uint8: another picture for each number."""
    return torch.randint(256, (64, channels, SIDE, SIDE), generator=generator_for(number, "pixels"), dtype=torch.uint8)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """One run with three sample grids, at 0, 160 and 320 images."""
    made = RunStore(tmp_path)
    made.create(tiny(), "mine")
    for number in range(3):
        made.samples("mine").add(160 * number, number, 1, 10 * number, png(grid(pixels(number))))
    return made


@pytest.mark.parametrize(
    ("count", "most", "chosen"),
    [(3, 5, [0, 1, 2]), (5, 5, [0, 1, 2, 3, 4]), (9, 3, [0, 4, 8]), (10_000, 4, [0, 3333, 6666, 9999]), (0, 2, [])],
)
def test_the_chosen_samples_are_spread_evenly_and_have_both_ends(count: int, most: int, chosen: list[int]) -> None:
    assert evenly(range(count), most) == chosen


@pytest.mark.parametrize(
    ("count", "most", "chosen"),
    [(0, 4, []), (1, 4, [0]), (4, 4, [0, 1, 2, 3]), (5, 4, [0, 2, 4]), (6, 4, [0, 2, 4, 5]), (8, 4, [0, 4, 7])],
)
def test_chosen_samples_stay_chosen_while_a_run_grows(count: int, most: int, chosen: list[int]) -> None:
    assert thinned(range(count), most) == chosen


def test_grids_come_back_in_order_and_a_lost_or_damaged_file_is_left_out(store: RunStore) -> None:
    store.samples("mine").all()[1][2].write_bytes(b"\x89PNG and no more")

    found = grids(store, "mine", [320, 160, 99, 0])

    assert [picture.tobytes() for picture in found] == [grid(pixels(2)).tobytes(), grid(pixels(0)).tobytes()]


def test_a_run_without_any_of_the_pictures_says_so(store: RunStore) -> None:
    with pytest.raises(
        RunMissingError, match="run mine has no readable sample grid among the requested ones; choose another"
    ):
        grids(store, "mine", [99])


@pytest.mark.parametrize("channels", [1, 3])
def test_the_cell_of_a_seed_is_its_image(channels: int) -> None:
    images = pixels(0, channels)
    sheet = grid(images)

    def image(seed: int) -> Picture:
        picture: Picture = images[seed].permute(1, 2, 0).numpy()
        return picture[:, :, 0] if channels == 1 else picture

    for seed in (0, GRID_COLUMNS - 1, GRID_COLUMNS, 63):
        assert np.array_equal(cell_of(sheet, seed), image(seed))
    assert np.array_equal(side_by_side([image(1), image(2)])[:, SIDE:], image(2))


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

"""Sample grids as pixels: which ones are chosen, a damaged PNG, and one cell of a grid."""

import numpy as np
import pytest
import torch

from gan_core.numerics.rng import generator_for
from gan_core.pictures.grid_layout import GRID_COLUMNS, evenly, thinned
from gan_core.pictures.render import Picture, grid, png
from gan_core.pictures.sample_grids import cell_of, picture_of, side_by_side

SIDE = 8


def pixels(number: int, channels: int = 1) -> torch.Tensor:
    """(64, C, 8, 8) uint8: another picture for each number."""
    return torch.randint(256, (64, channels, SIDE, SIDE), generator=generator_for(number, "pixels"), dtype=torch.uint8)


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


@pytest.mark.parametrize("channels", [1, 3])
def test_a_grid_is_read_from_its_png_and_a_damaged_one_is_none(channels: int) -> None:
    sheet = grid(pixels(0, channels))

    read = picture_of(png(sheet))

    assert read is not None
    assert np.array_equal(read, sheet)
    assert picture_of(png(sheet)[:40]) is None

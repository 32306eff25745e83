"""How much the pictures of a grid differ."""

from pathlib import Path

import numpy as np
import pytest

from gan_core.evaluation.doctor.pictures import Spread, cells, spread, spread_of
from gan_core.pictures.render import grid, png
from tests.tiny import digits

SIDE = 8  # pixels


def random_images(count: int) -> np.typing.NDArray[np.float32]:
    return np.random.default_rng(0).random((count, SIDE * SIDE), dtype=np.float32)


def test_the_cells_of_a_grid_are_its_images() -> None:
    pixels = digits().images[:64]

    found = cells(grid(pixels).astype(np.float32))

    assert np.array_equal(found, pixels.reshape(64, -1).numpy())


def test_real_digits_all_differ() -> None:
    found = spread((digits().images[:64].reshape(64, -1).float() / 255).numpy(), 0)

    assert found.variety > 0.3
    assert found.different > 0.85


def test_one_picture_has_no_variety() -> None:
    assert spread(np.repeat(random_images(1), 64, axis=0), 0) == pytest.approx(Spread(0.288, 0.0, 0.0), abs=0.02)


def test_a_flat_area_has_no_contrast() -> None:
    assert spread(np.zeros((64, SIDE * SIDE), dtype=np.float32), 0) == Spread(0.0, 0.0, 0.0)


def test_three_pictures_in_turns_are_hardly_different() -> None:
    assert spread(np.tile(random_images(3), (22, 1))[:64], 0).different == 2 / 63


def test_one_picture_for_each_class_is_a_collapse_and_is_compared_within_classes() -> None:
    images = np.tile(random_images(10), (7, 1))[:64]

    assert spread(images, 0).variety > 0.5
    assert spread(images, 10) == pytest.approx(Spread(0.29, 0.0, 0.0), abs=0.02)


def test_a_missing_and_a_damaged_grid_have_no_spread(tmp_path: Path) -> None:
    (tmp_path / "damaged.png").write_bytes(png(grid(digits().images[:64]))[:200])

    assert spread_of(tmp_path / "missing.png", 0) is None
    assert spread_of(tmp_path / "damaged.png", 0) is None


def test_a_replaced_grid_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "grid.png"
    path.write_bytes(png(np.zeros((64, 64), dtype=np.uint8)))
    first = spread_of(path, 0)
    path.write_bytes(png(grid(digits().images[:64])))

    second = spread_of(path, 0)

    assert first == Spread(0.0, 0.0, 0.0)
    assert second is not None
    assert second.different > 0.5


def test_with_as_many_classes_as_pictures_all_are_compared() -> None:
    assert spread(random_images(64), 60) == spread(random_images(64), 0)

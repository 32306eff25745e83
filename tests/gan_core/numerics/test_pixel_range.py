"""Conversion between floats and bytes: the way there and back loses nothing."""

from typing import get_args

import pytest
import torch

from gan_core.config import ValueRange
from gan_core.numerics.pixel_range import AFFINE, bounds, bytes_to_images, images_to_bytes, pixel_error

EVERY_BYTE = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
BLACK = {"signed": -1.0, "unit": 0.0}
RANGES = get_args(ValueRange)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("value_range", RANGES)
def test_every_byte_comes_back_as_it_was(value_range: ValueRange, dtype: torch.dtype) -> None:
    images = bytes_to_images(EVERY_BYTE, value_range).to(dtype)

    assert torch.equal(images_to_bytes(images, value_range), EVERY_BYTE)


@pytest.mark.parametrize("value_range", RANGES)
def test_black_and_white_are_the_ends_of_the_range(value_range: ValueRange) -> None:
    images = bytes_to_images(EVERY_BYTE, value_range)

    assert (images.shape, images.dtype) == (EVERY_BYTE.shape, torch.float32)
    assert images.min().item() == BLACK[value_range]
    assert images.max().item() == pytest.approx(1, abs=1e-6)
    assert images.flatten().diff().max().item() == pytest.approx(AFFINE[value_range][0], rel=1e-3)


@pytest.mark.parametrize("value_range", RANGES)
def test_values_outside_the_range_are_clamped(value_range: ValueRange) -> None:
    images = torch.tensor([-torch.inf, -1e6, -1.01, 1.01, 1e6, torch.inf]).view(1, 1, 1, 6)

    assert images_to_bytes(images, value_range).flatten().tolist() == [0, 0, 0, 255, 255, 255]


def test_a_float_becomes_the_nearest_byte() -> None:
    images = torch.tensor([99.4, 99.6, 100.0, 100.4]).double().view(1, 1, 2, 2)

    assert images_to_bytes(images / 255, "unit").flatten().tolist() == [99, 100, 100, 100]
    assert images_to_bytes(images / 127.5 - 1, "signed").flatten().tolist() == [99, 100, 100, 100]


def test_the_arguments_are_not_changed() -> None:
    pixels, images = EVERY_BYTE.clone(), torch.full((1, 1, 2, 2), 0.3)

    bytes_to_images(pixels, "signed")
    images_to_bytes(images, "signed")

    assert torch.equal(pixels, EVERY_BYTE)
    assert (images == 0.3).all()


@pytest.mark.parametrize("value_range", RANGES)
def test_the_bounds_are_black_and_white(value_range: ValueRange) -> None:
    pixels = torch.tensor([0, 255], dtype=torch.uint8)

    assert bytes_to_images(pixels, value_range).tolist() == pytest.approx(bounds(value_range))


def test_the_pixel_error_is_a_share_of_the_squared_range() -> None:
    pixels = torch.tensor([0, 255, 51], dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 1, 2, 2)

    assert pixel_error(pixels, torch.zeros(1, 1, 2, 2, dtype=torch.uint8)).tolist() == pytest.approx([0, 1, 0.04])

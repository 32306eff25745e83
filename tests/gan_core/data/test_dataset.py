"""Loaded data sets: batches, limits, sizes and colours, and a digest that changes with the data."""

from dataclasses import replace
from typing import get_args

import pytest
import torch

from gan_core.config import DataConfig, DataName
from gan_core.data.dataset import Dataset, fitted, spread
from gan_core.data.registry import SOURCES, load
from tests.tiny import CPU, DATA, digits


def data_of(images: torch.Tensor, labels: torch.Tensor | None = None) -> Dataset:
    return Dataset(images=images, labels=labels, classes=() if labels is None else ("a", "b"), source="made here.")


def test_a_batch_in_the_signed_range_goes_from_minus_one_to_one() -> None:
    data = data_of(torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1))

    assert data.batch(torch.tensor([1, 0, 1]), "signed").flatten().tolist() == [1.0, -1.0, 1.0]


def test_a_batch_in_the_unit_range_goes_from_zero_to_one() -> None:
    data = data_of(torch.tensor([0, 51, 255], dtype=torch.uint8).view(3, 1, 1, 1))

    assert data.batch(torch.tensor([0, 1, 2]), "unit").flatten().tolist() == pytest.approx([0.0, 0.2, 1.0])


def test_labels_have_the_order_of_the_indices() -> None:
    data = data_of(torch.zeros(3, 1, 1, 1, dtype=torch.uint8), torch.tensor([0, 1, 0]))

    labels = data.labels_at(torch.tensor([1, 1, 0]))

    assert labels is not None
    assert labels.tolist() == [1, 1, 0]


def test_a_data_set_without_labels_returns_none() -> None:
    assert data_of(torch.zeros(3, 1, 1, 1, dtype=torch.uint8)).labels_at(torch.tensor([0])) is None


def test_the_digest_of_equal_data_is_equal() -> None:
    again = load(DataConfig(name="digits", image_size=8), CPU, root=DATA)

    assert again.sha256 == digits().sha256


@pytest.mark.parametrize("part", ["pixel", "label", "shape", "class"])
def test_the_digest_notices_every_change(part: str) -> None:
    data = data_of(torch.zeros(4, 1, 2, 2, dtype=torch.uint8), torch.tensor([0, 1, 0, 1]))
    changes: dict[str, Dataset] = {
        "pixel": replace(data, images=data.images + torch.eye(2, dtype=torch.uint8)),
        "label": replace(data, labels=torch.tensor([0, 1, 1, 1])),
        "shape": replace(data, images=data.images.view(4, 1, 1, 4)),
        "class": replace(data, classes=("a", "c")),
    }

    assert changes[part].sha256 != data.sha256


@pytest.mark.parametrize(("count", "limit"), [(10, 0), (10, 10), (10, 11), (0, 5)])
def test_no_limit_or_a_large_one_takes_all_images_in_order(count: int, limit: int) -> None:
    assert spread(count, limit).tolist() == list(range(count))


def test_a_limit_is_spread_evenly_over_the_set() -> None:
    assert spread(10, 4).tolist() == [0, 2, 5, 7]
    assert spread(60_000, 3).tolist() == [0, 20_000, 40_000]


def test_grey_becomes_colour_by_three_equal_channels() -> None:
    grey = torch.arange(64, dtype=torch.uint8).view(1, 1, 8, 8)

    colour = fitted(grey, DataConfig(image_size=8, channels=3))

    assert colour.shape == (1, 3, 8, 8)
    assert all(torch.equal(colour[:, channel], grey[:, 0]) for channel in range(3))


def test_colour_becomes_grey_by_the_luma_of_the_standard() -> None:
    colours = torch.tensor([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], dtype=torch.uint8)
    images = colours.view(4, 3, 1, 1).expand(4, 3, 8, 8)

    grey = fitted(images, DataConfig(image_size=8, channels=1))

    assert grey[:, 0, 0, 0].tolist() == [76, 150, 29, 255]


def test_resizing_keeps_the_brightness() -> None:
    images = digits().images[:50]

    smaller = fitted(images.repeat_interleave(4, 2).repeat_interleave(4, 3), DataConfig(image_size=8))

    assert (smaller.float().mean() - images.float().mean()).abs() < 1


@pytest.mark.parametrize("size", [8, 20, 128])
def test_every_size_is_made_from_every_other(size: int) -> None:
    assert fitted(digits().images[:3], DataConfig(image_size=size)).shape == (3, 1, size, size)


def test_a_grey_data_set_has_three_channels_if_configured() -> None:
    data = load(DataConfig(name="digits", image_size=8, channels=3), CPU, root=DATA)

    assert data.images.shape == (1797, 3, 8, 8)


def test_every_name_of_a_data_set_has_a_source() -> None:
    assert set(SOURCES) == set(get_args(DataName))

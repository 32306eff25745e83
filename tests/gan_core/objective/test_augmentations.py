"""Differentiable augmentation: which pixels are moved or hidden, and that gradients flow back."""

from typing import get_args

import pytest
import torch
from torch import Tensor

from gan_core.config import AugmentName, ValueRange
from gan_core.numerics.pixel_range import AFFINE
from gan_core.numerics.rng import generator_for
from gan_core.objective.augmentations import AUGMENTATIONS

NAMES: tuple[AugmentName, ...] = get_args(AugmentName)
SIZE = 16
COUNT = 40


def images(size: int = SIZE, channels: int = 1) -> Tensor:
    """Images whose pixels are all different and not black."""
    count = COUNT * channels * size * size
    return torch.linspace(0.1, 0.9, count).view(COUNT, channels, size, size)


def augmented(name: AugmentName, x: Tensor, black: float = -1.0, step: int = 0) -> Tensor:
    return AUGMENTATIONS[name](x, black, generator_for(0, "augmentation", step))


def shifted(image: Tensor, down: int, right: int, black: float) -> Tensor:
    """(C, H, W) shifted in the simplest way: the visible part is copied to its new place."""
    _, height, width = image.shape
    moved = torch.full_like(image, black)
    kept = image[:, max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    moved[:, max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = kept
    return moved


def shift_of(image: Tensor, moved: Tensor) -> tuple[int, int]:
    """How far down and right the middle pixel, which has a unique value, has moved."""
    middle = image.shape[1] // 2
    ((row, column),) = (moved[0] == image[0, middle, middle]).nonzero().tolist()
    return row - middle, column - middle


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_repeats_and_another_differs(name: AugmentName) -> None:
    x = images()

    assert torch.equal(augmented(name, x), augmented(name, x))
    assert torch.equal(augmented(name, x), augmented(name, x, step=1)) == (name == "none")


def test_without_augmentation_images_are_not_changed() -> None:
    x = images()

    assert augmented("none", x) is x


@pytest.mark.parametrize(("size", "reach"), [(8, 1), (16, 2), (28, 4), (32, 4)])
def test_a_shift_is_at_most_an_eighth_of_the_size_rounded_and_takes_every_value(size: int, reach: int) -> None:
    x = torch.cat([images(size)] * 8)

    shifts = [shift_of(*pair) for pair in zip(x, augmented("translation", x), strict=True)]

    assert {down for down, _ in shifts} == {right for _, right in shifts} == set(range(-reach, reach + 1))


@pytest.mark.parametrize("channels", [1, 3])
def test_a_shift_moves_every_pixel_of_every_channel_and_fills_with_black(channels: int) -> None:
    x = images(channels=channels)

    for image, moved in zip(x, augmented("translation", x), strict=True):
        assert torch.equal(moved, shifted(image, *shift_of(image, moved), -1.0))


@pytest.mark.parametrize("size", [8, 16, 28, 32])
def test_cutout_hides_a_square_of_about_a_quarter_of_the_side(size: int) -> None:
    x = images(size)

    hidden = augmented("cutout", x) == -1

    for hole in hidden[:, 0]:
        rows, columns = hole.any(1).sum().item(), hole.any(0).sum().item()
        assert hole.sum().item() == rows * columns
        assert max(rows, columns) <= size // 4 + 1
    inside = [hole for hole in hidden[:, 0] if not (hole[[0, -1]].any() or hole[:, [0, -1]].any())]
    assert all(abs(int(hole.any(1).sum()) - size // 4) <= 1 for hole in inside)


def test_cutout_leaves_every_other_pixel_alone() -> None:
    x = images()
    cut = augmented("cutout", x)

    assert torch.equal(cut[cut != -1], x[cut != -1])


def test_the_hole_may_be_anywhere() -> None:
    holes = torch.cat([augmented("cutout", images(8), step=step) == -1 for step in range(20)])

    assert holes.any(0).all()


@pytest.mark.parametrize("name", ["translation", "cutout", "translation_cutout"])
def test_gradients_flow_back_to_what_is_visible_and_to_nothing_else(name: AugmentName) -> None:
    x = images().requires_grad_()
    seen = augmented(name, x)

    (gradient,) = torch.autograd.grad(seen.sum(), x)

    assert set(gradient.flatten().tolist()) == {0, 1}
    assert gradient.sum().item() == (seen != -1).sum().item()


@pytest.mark.parametrize("value_range", ["signed", "unit"])
@pytest.mark.parametrize("name", ["translation", "cutout", "translation_cutout"])
def test_black_is_the_black_of_the_value_range(name: AugmentName, value_range: ValueRange) -> None:
    black = {"signed": -1.0, "unit": 0.0}[value_range]
    assert AFFINE[value_range][1] == black

    assert augmented(name, images(), black).min().item() == black


def test_translation_cutout_is_both_from_one_draw() -> None:
    x = images()
    draw = generator_for(0, "augmentation")

    both = AUGMENTATIONS["cutout"](AUGMENTATIONS["translation"](x, -1.0, draw), -1.0, draw)

    assert torch.equal(augmented("translation_cutout", x), both)


@pytest.mark.parametrize("name", NAMES)
def test_shape_and_type_are_kept(name: AugmentName) -> None:
    x = images(channels=3)

    assert augmented(name, x).shape == x.shape
    assert augmented(name, x).dtype == torch.float32

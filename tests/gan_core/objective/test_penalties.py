"""The gradient penalties, with discriminators whose gradients are known."""

from typing import get_args

import pytest
import torch
from torch import Tensor

from gan_core.config import PenaltyName
from gan_core.numerics.rng import generator_for
from gan_core.numerics.shapes import Labels
from gan_core.objective.loss import Score
from gan_core.objective.penalties import PENALTIES
from gan_core.objective.penalty import gradient_in_image

NAMES: tuple[PenaltyName, ...] = get_args(PenaltyName)
WEIGHT = torch.tensor([[[3.0, 0.0], [0.0, 4.0]]])  # (C, H, W), norm 5
X = torch.arange(12.0).view(3, 1, 2, 2)
X_FAKE = torch.linspace(-1, 1, 12).view(3, 1, 2, 2)


def linear(weight: Tensor) -> Score:
    """D(x) = w . x: its gradient is w everywhere."""
    return lambda x, y: (x * weight).flatten(1).sum(1)


def half_square(x: Tensor, y: Labels | None) -> Tensor:
    """D(x) = |x|^2 / 2: its gradient is x itself."""
    return 0.5 * x.square().flatten(1).sum(1)


def penalty(name: PenaltyName, score: Score, x: Tensor = X, x_fake: Tensor = X_FAKE, y: Labels | None = None) -> Tensor:
    return PENALTIES[name](score, x, x_fake, y, generator_for(0, "test"))


def half_mean_square(x: Tensor) -> float:
    return 0.5 * x.square().flatten(1).sum(1).mean().item()


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_the_penalty_of_a_linear_d_is_half_the_squared_norm_of_its_weights(name: PenaltyName) -> None:
    assert penalty(name, linear(WEIGHT)).item() == 12.5


def test_r1_looks_at_real_images_and_r2_at_generated_ones() -> None:
    assert penalty("r1", half_square).item() == pytest.approx(half_mean_square(X))
    assert penalty("r2", half_square).item() == pytest.approx(half_mean_square(X_FAKE))


def test_r1_r2_is_the_sum_of_both() -> None:
    assert penalty("r1_r2", half_square) == penalty("r1", half_square) + penalty("r2", half_square)


def test_the_gradient_penalty_of_a_linear_d_of_norm_one_is_zero() -> None:
    assert penalty("gradient_penalty", linear(WEIGHT / 5)).item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("factor", "expected"), [(1.0, 16.0), (2.0, 81.0), (0.1, 0.25)])
def test_the_gradient_penalty_is_the_squared_distance_of_the_norm_to_one(factor: float, expected: float) -> None:
    assert penalty("gradient_penalty", linear(WEIGHT * factor)).item() == pytest.approx(expected)


def test_the_gradient_penalty_looks_between_a_real_and_a_generated_image() -> None:
    x, x_fake = torch.full((500, 1, 2, 2), 1.0), torch.full((500, 1, 2, 2), 2.0)

    # the gradient of |x|^2 / 2 at a point m in every pixel has the norm 2m; E[(2m - 1)^2] over m in U(1, 2) is 13/3
    assert penalty("gradient_penalty", half_square, x, x_fake).item() == pytest.approx(13 / 3, rel=0.05)


def test_the_gradient_penalty_draws_its_points_from_the_draw_it_is_given() -> None:
    assert penalty("gradient_penalty", half_square) == penalty("gradient_penalty", half_square)


def test_no_penalty_is_zero() -> None:
    assert penalty("none", half_square).item() == 0


@pytest.mark.parametrize(
    ("name", "slope"),
    [("r1", 3.0), ("r2", 3.0), ("r1_r2", 6.0), ("gradient_penalty", 2 * (5 - 1) * 3 / 5)],  # d(|w| - 1)^2 / dw
)
def test_a_penalty_has_a_gradient_in_the_weights_of_d(name: PenaltyName, slope: float) -> None:
    weight = WEIGHT.clone().requires_grad_()

    (gradient,) = torch.autograd.grad(penalty(name, linear(weight)), weight)

    assert gradient[0, 0, 0].item() == pytest.approx(slope)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "none"])
def test_labels_are_passed_to_d(name: PenaltyName) -> None:
    seen: list[Labels | None] = []
    y = torch.tensor([2, 0, 1])

    def score(x: Tensor, y: Labels | None) -> Tensor:
        seen.append(y)
        return half_square(x, y)

    penalty(name, score, y=y)

    assert seen
    assert all(labels is y for labels in seen)


@pytest.mark.parametrize("name", NAMES)
def test_a_penalty_is_one_number_and_does_not_change_the_images(name: PenaltyName) -> None:
    x = X.clone()

    assert penalty(name, half_square, x).shape == ()
    assert torch.equal(x, X)
    assert not x.requires_grad


def test_the_gradient_in_the_image_is_taken_image_by_image() -> None:
    assert torch.equal(gradient_in_image(half_square, X, None), X)

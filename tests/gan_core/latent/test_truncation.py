"""Truncation: what it changes, what it does not change, and the distribution of the result."""

import math

import pytest
import torch

from gan_core.config import LatentConfig
from gan_core.latent.truncation import NO_TRUNCATION, Truncation, truncate, truncated, within
from gan_core.numerics.rng import latents_for_seeds

NORMAL, UNIFORM = LatentConfig(size=64), LatentConfig(size=64, distribution="uniform")


def tensor(values: list[float] | list[list[float]]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_truncation_shrinks_towards_the_mean() -> None:
    z, mean = tensor([[2.0, -4.0]]), tensor([1.0, 0.0])

    assert torch.equal(truncate(z, 1.0), z)
    assert torch.equal(truncate(z, 0.5), tensor([[1.0, -2.0]]))
    assert torch.equal(truncate(z, 0.5, mean), tensor([[1.5, -2.0]]))
    assert torch.equal(truncate(z, 0.0, mean)[0], mean)


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
@pytest.mark.parametrize("tau", [0.05, 0.5, 0.9])
def test_numbers_within_tau_stay_and_the_others_come_inside(latent: LatentConfig, tau: float) -> None:
    z = latents_for_seeds(range(50), latent).double()

    inside = within(z, tau, latent)

    assert inside.abs().max() <= tau
    assert torch.equal(inside[z.abs() <= tau], z[z.abs() <= tau])
    assert torch.equal(inside.sign(), z.sign())


def test_resampled_numbers_have_the_distribution_of_those_that_were_within() -> None:
    z = latents_for_seeds(range(400), NORMAL).double()
    came_in, were_in = within(z, 0.8, NORMAL)[z.abs() > 0.8].abs(), z[z.abs() <= 0.8].abs()

    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        assert abs(came_in.quantile(share) - were_in.quantile(share)) < 0.02


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_truncation_resamples_first_and_scales_then_and_the_default_changes_no_bit(latent: LatentConfig) -> None:
    z = 20 * latents_for_seeds(range(5), latent).double()

    assert torch.equal(truncated(z, NO_TRUNCATION, latent), z)
    assert torch.equal(truncated(z, Truncation(psi=0.5), latent), 0.5 * z)
    assert torch.equal(truncated(z, Truncation(0.5, 0.8), latent), 0.5 * within(z, 0.8, latent))


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_numbers_far_outside_any_distribution_come_inside_too(latent: LatentConfig) -> None:
    z = tensor([[1e30, -9.0, 40.0]])

    for tau in (0.3, 1.0, 8.0):
        assert within(z, tau, latent).abs().max() <= tau


@pytest.mark.parametrize("tau", [0.0, -1.0, 11.0, math.nan])
def test_a_tau_out_of_range_is_refused(tau: float) -> None:
    with pytest.raises(ValueError, match="tau must be above 0 and at most 10"):
        within(latents_for_seeds([1], NORMAL), tau, NORMAL)

"""Truncation: latents closer to the mean of their distribution give better images, and less variety."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from gan_core.config import Distribution, LatentConfig
from gan_core.numerics.shapes import Latents

WIDEST_TAU = 10.0  # no number of any seed lies beyond it


class Truncation(NamedTuple):
    """How latents are truncated. The defaults do not truncate."""

    psi: float = 1.0  # 0..1, a scale
    tau: float = WIDEST_TAU  # above 0, a threshold


NO_TRUNCATION = Truncation()


def truncated(z: Latents, truncation: Truncation, latent: LatentConfig) -> Latents:
    """(B, Z): numbers beyond tau resampled, then everything scaled by psi. NO_TRUNCATION changes no bit."""
    inside = within(z, truncation.tau, latent) if truncation.tau < WIDEST_TAU else z
    return truncate(inside, truncation.psi) if truncation.psi < 1 else inside


def truncate(z: Latents, psi: float, mean: Latents | float = 0.0) -> Latents:
    """mean + psi (z - mean)  (Karras et al. 2019, appendix B): psi = 1 changes nothing, 0 gives the mean."""
    return mean + psi * (z - mean)


def within(z: Latents, tau: float, latent: LatentConfig) -> Latents:
    """Numbers beyond tau resampled to lie within [-tau, tau]  (Brock et al. 2019, section 3.1).

    No random number is drawn: the position of a number in its tail is uniform, and selects the quantile among the
    numbers within, with the same sign. So the result has the distribution of the paper and is a function of z. Raises
    ValueError unless 0 < tau <= 10.
    """
    if not 0 < tau <= WIDEST_TAU:
        raise ValueError(f"tau must be above 0 and at most {WIDEST_TAU:.0f}, got {tau}")
    resampled = RESAMPLED[latent.distribution](z.abs(), tau) * z.sign()
    return torch.where(z.abs() > tau, resampled, z)


def resampled_normal(size: Tensor, tau: float) -> Tensor:
    """|z| beyond tau -> [0, tau]: with F(x) = erf(x / sqrt 2), F^-1(F(tau) p), p the quantile in the tail."""
    tail = torch.erfc(size / math.sqrt(2)) / math.erfc(tau / math.sqrt(2))
    return (math.sqrt(2) * torch.erfinv((1 - tail) * math.erf(tau / math.sqrt(2)))).clamp(0, tau)


def resampled_uniform(size: Tensor, tau: float) -> Tensor:
    """|z| in (tau, 1] -> [0, tau], linearly."""
    return ((size - tau) / max(1 - tau, 1e-12)).clamp(0, 1) * tau


RESAMPLED: Mapping[Distribution, Callable[[Tensor, float], Tensor]] = {
    "normal": resampled_normal,
    "uniform": resampled_uniform,
}

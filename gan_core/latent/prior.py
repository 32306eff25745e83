"""The distribution that latents are drawn from, and the sphere close to which they lie."""

import math
from collections.abc import Mapping

import torch

from gan_core.config import Distribution, LatentConfig
from gan_core.numerics.shapes import Latents

VARIANCE: Mapping[Distribution, float] = {"normal": 1.0, "uniform": 1 / 3}  # of one number


def shell_radius(latent: LatentConfig) -> float:
    """sqrt(E|z|^2): sqrt(Z) for the standard normal, sqrt(Z / 3) for the uniform in [-1, 1].

    Nearly all latents that a generator was trained on lie close to this sphere (|z| varies by about 0.7 around it for
    the normal, whatever Z is); sums, differences and averages of latents do not.
    """
    return math.sqrt(latent.size * VARIANCE[latent.distribution])


def on_shell(z: Latents, latent: LatentConfig) -> Latents:
    """(B, Z): each latent scaled to the length `shell_radius`; a zero latent has no direction and does not change.

    For the uniform distribution single numbers may then lie outside [-1, 1], where the generator was never trained: the
    distribution fills a cube, and only the length is typical.
    """
    norm = z.norm(dim=-1, keepdim=True)
    return torch.where(norm > 0, z / norm * shell_radius(latent), z)

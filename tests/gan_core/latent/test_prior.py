"""The sphere close to which latents lie."""

import pytest
import torch

from gan_core.config import LatentConfig
from gan_core.latent.prior import on_shell, shell_radius
from gan_core.numerics.rng import latents_for_seeds

NORMAL, UNIFORM = LatentConfig(size=64), LatentConfig(size=64, distribution="uniform")


def seeds(*numbers: int) -> torch.Tensor:
    return latents_for_seeds(numbers, NORMAL).double()


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_the_shell_is_where_the_latents_of_seeds_are(latent: LatentConfig) -> None:
    norms = latents_for_seeds(range(500), latent).norm(dim=1)

    assert abs(norms.mean().item() - shell_radius(latent)) < 0.1


def test_a_projected_latent_keeps_its_direction_and_gets_the_length_of_the_shell() -> None:
    z = torch.cat([seeds(1) - seeds(2), seeds(1, 2, 3).mean(0, keepdim=True)])

    projected = on_shell(z, NORMAL)

    assert torch.allclose(projected.norm(dim=1), torch.tensor([8.0, 8.0], dtype=torch.float64))
    assert torch.allclose(projected / 8, z / z.norm(dim=1, keepdim=True))


def test_zero_has_no_direction_and_stays_zero() -> None:
    assert torch.equal(on_shell(torch.zeros(1, 64), NORMAL), torch.zeros(1, 64))

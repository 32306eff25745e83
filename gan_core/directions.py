"""Directions in latent space that mean something, found in a generator without any label.

SeFa (Shen & Zhou 2021) reads them from the first weights, GANSpace (Haerkoenen et al. 2020) from the first activations.
Both return orthonormal rows (K, Z), the most important first, each with its largest number positive.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from torch import Tensor

from gan_core.config import LatentConfig
from gan_core.models import Generator
from gan_core.shapes import Latents

FinderName = Literal["ganspace", "sefa"]


def sefa(generator: Generator, latent: LatentConfig) -> Tensor:
    """(Z, Z) float64: the eigenvectors of W^T W, W the first weights with rows of length 1  (Shen & Zhou 2021, eq. 5).

    Only the columns of W that the latent meets count, not those of the labels; the scale of a batch norm behind the
    layer is folded in first.
    """
    raise NotImplementedError


def ganspace(generator: Generator, latent: LatentConfig, samples: int = 4_000) -> Tensor:
    """(K, Z) float64, K at most Z: principal axes of the first activations, regressed back to the latents.

    Haerkoenen et al. 2020, section 2.2 and eq. 3. The regression's columns are not at right angles: they are made so in
    the order of their importance. Each class is centred by itself, so that no direction says which class it is.
    """
    raise NotImplementedError


FINDERS: Mapping[FinderName, Callable[[Generator, LatentConfig], Tensor]] = {"ganspace": ganspace, "sefa": sefa}


def moved(z: Latents, directions: Tensor, amounts: Tensor) -> Latents:
    """(B, Z): z + amounts @ directions, with directions (K, Z) and amounts (K,) or (B, K)."""
    return z + amounts @ directions

"""From a picture back to the latent that makes it: many starts at once, each improved by gradient descent.

Zhu et al. 2016, section 3.1, for the idea; Karras et al. 2020 (StyleGAN2), appendix D, for the schedule of the rate;
Lipton & Tripathi 2017 for the care at the edge of a uniform prior.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gan_core.config import RunConfig
from gan_core.models import Generator
from gan_core.shapes import Bytes, Labels, Latents

FOUND = 1e-3  # mean squared error, in shares of the squared range of a pixel, under which a picture counts as found


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How hard to look. `restarts` latents take `steps` steps of Adam."""

    restarts: int = 32
    steps: int = 300
    rate: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """How far the search is: the best latent so far, z (1, Z) float64, and how wrong its picture is.

    `error` is the mean squared difference of the pixels in shares of their squared range (0..1), of the float64 still.
    """

    step: int
    steps: int
    z: Latents
    error: float

    @property
    def found(self) -> bool:
        """Whether the latent's picture is the one that was looked for."""
        return self.error < FOUND


def invert(
    generator: Generator,
    config: RunConfig,
    target: Bytes,
    y: Labels | None = None,
    recipe: Recipe = Recipe(),
    seed: int = 0,
) -> Iterator[Guess]:
    """Look for the latent of `target` (1, C, S, S) uint8; about ten guesses a second, each at least as good as the last.

    `generator` is a `still_generator`, `y` (1,) the class for a run with labels. The caller may stop asking at any time.
    The last guess has step == steps. Equal arguments give equal guesses.
    """
    raise NotImplementedError

"""From a picture back to a latent that makes it: many starts at once, each improved by gradient descent.

Zhu et al. 2016, section 3.1, for the idea; Karras et al. 2020 (StyleGAN2), appendix D, for the rate that rises and
falls; Lipton & Tripathi 2017 for a latent that leaves a uniform prior. R restarts. An error is a mean squared
difference of pixels in shares of their squared range, 0..1: that alone is enough where the generator is small.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from gan_core.config import Distribution, LatentConfig, RunConfig, ValueRange
from gan_core.latent.interpolation import shell_radius
from gan_core.models.networks import Generator
from gan_core.numerics.pixel_range import bounds, bytes_to_images, pixel_error
from gan_core.numerics.rng import generator_for, latents
from gan_core.numerics.shapes import Bytes, Images, Labels, Latents, Scalar
from gan_core.pictures.render import render

FOUND = 1e-3  # a picture whose error is below counts as found
CANDIDATES = 2_000  # random latents, of which the best are the starts
CHUNK = 250  # of them at once
STEPS_A_GUESS = 10
RISE, FALL = 0.05, 0.5  # shares of the search in which the rate rises, and after which it falls


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How hard to look: `restarts` latents take `steps` steps of Adam."""

    restarts: int = 16
    steps: int = 300
    rate: float = 0.2  # step size of Adam at its highest
    pull: float = 0.01  # weight of (|z| / r - 1)^2, r the radius of the shell of typical latents


RECIPE = Recipe()


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """How far the search is: the best latent so far, z (1, Z) float64, and the error of its still."""

    step: int
    steps: int
    z: Latents
    error: float

    @property
    def found(self) -> bool:
        """Whether the latent's picture is the one that was looked for."""
        return self.error < FOUND


class Aim(NamedTuple):
    """A picture x (1, C, S, S), and the generator that should make it, both in float32; and its class."""

    generator: Generator
    x: Images
    y: Labels | None
    value_range: ValueRange

    def errors(self, z: Latents) -> Tensor:
        """(R,): how wrong the image of each latent (R, Z) is.

        Where the picture is black or white, an image may go beyond: the still cuts it off there.
        """
        images = self.generator(z, None if self.y is None else self.y.expand(len(z), *self.y.shape[1:]))
        black, white = bounds(self.value_range)
        beyond = ((self.x <= black) & (images < self.x)) | ((self.x >= white) & (images > self.x))
        difference = (images - self.x).masked_fill(beyond, 0.0) / (white - black)
        errors: Tensor = difference.square().mean((1, 2, 3))
        return errors


def invert(
    generator: Generator,
    config: RunConfig,
    target: Bytes,
    y: Labels | None = None,
    recipe: Recipe = RECIPE,
    seed: int = 0,
) -> Iterator[Guess]:
    """Look for a latent of `target` (1, C, S, S); a guess every ten steps, none worse than the one before.

    `generator` is a `still_generator`, `y` the class for a run with labels. The last guess has step == steps; the
    caller may stop asking before. Equal arguments give equal guesses.
    """
    value_range = config.data.value_range
    aim = Aim(deepcopy(generator).float(), bytes_to_images(target, value_range), y, value_range)
    best = Guess(step=0, steps=recipe.steps, z=torch.zeros(1, config.model.latent.size).double(), error=math.inf)
    for step, z in descent(aim, config.model.latent, recipe, seed):
        if step % STEPS_A_GUESS == 0 or step == recipe.steps:
            candidate = best_of(aim, z)
            error = pixel_error(render(generator, config, candidate, y), target).item()
            best = replace(best, z=candidate, error=error) if error < best.error else best
            best = replace(best, step=step)
            yield best


def descent(aim: Aim, latent: LatentConfig, recipe: Recipe, seed: int) -> Iterator[tuple[int, Latents]]:
    """The number of each step, from 1, and the latents (R, Z) after it, in float32."""
    z = starts(aim, latent, recipe.restarts, seed).requires_grad_(True)
    optimizer = torch.optim.Adam([z], lr=recipe.rate)
    for step in range(1, recipe.steps + 1):
        optimizer.param_groups[0]["lr"] = recipe.rate * rate_share(step / recipe.steps)
        optimizer.zero_grad()
        objective = aim.errors(z).sum() + recipe.pull * off_shell(z, latent)
        objective.backward()  # type: ignore[no-untyped-call]  # torch's own
        optimizer.step()
        STAY[latent.distribution](z, generator_for(seed, "clipping", step))
        yield step, z.detach()


@torch.no_grad()
def starts(aim: Aim, latent: LatentConfig, restarts: int, seed: int) -> Latents:
    """(R, Z): those of many random latents whose images are nearest to the picture already."""
    z = latents(max(CANDIDATES, restarts), latent, generator_for(seed, "inversion"))
    errors = torch.cat([aim.errors(part) for part in torch.split(z, CHUNK)])
    return z[errors.argsort()[:restarts]]


def rate_share(progress: float) -> float:
    """How much of the full rate is used: a linear rise, the full rate, a fall along a cosine to zero."""
    fall = max(0.0, progress - FALL) / (1 - FALL)
    return min(1.0, progress / RISE) * (0.5 + 0.5 * math.cos(math.pi * fall))


def off_shell(z: Latents, latent: LatentConfig) -> Scalar:
    """sum (|z| / r - 1)^2: how far the latents are from the length that the generator was trained on."""
    distances: Tensor = z.norm(dim=1) / shell_radius(latent) - 1
    return distances.square().sum()


@torch.no_grad()
def roam(z: Latents, draw: torch.Generator) -> None:
    """Nothing to do where every number is possible."""


@torch.no_grad()
def redraw_outside(z: Latents, draw: torch.Generator) -> None:
    """Numbers outside [-1, 1] drawn anew: "stochastic clipping"  (Lipton & Tripathi 2017, section 3)."""
    fresh = torch.rand(z.shape, generator=draw) * 2 - 1
    z.copy_(torch.where(z.abs() > 1, fresh, z))


STAY: Mapping[Distribution, Callable[[Latents, torch.Generator], None]] = {"normal": roam, "uniform": redraw_outside}


@torch.no_grad()
def best_of(aim: Aim, z: Latents) -> Latents:
    """(1, Z) float64: the latent whose image is the least wrong of (R, Z)."""
    return z[aim.errors(z).argmin()][None].double()

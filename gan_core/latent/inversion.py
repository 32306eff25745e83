"""Find a latent for a given image: gradient descent from many starts at once.

The idea is from Zhu et al. 2016, section 3.1; the learning rate schedule from Karras et al. 2020 (StyleGAN2), appendix
D; the treatment of a uniform prior from Lipton & Tripathi 2017. R is the number of restarts. An error is the mean
squared difference of pixels in [0, 1]; generators this small need no perceptual distance.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from gan_core.config import Distribution, LatentConfig, RunConfig, ValueRange
from gan_core.latent.prior import shell_radius
from gan_core.models.networks import Generator
from gan_core.numerics.pixel_range import bounds, bytes_to_images, pixel_error
from gan_core.numerics.rng import generator_for, latents
from gan_core.numerics.shapes import Bytes, Images, Labels, Latents, Scalar
from gan_core.pictures.render import render

FOUND = 1e-3  # an image with a smaller error counts as found
CANDIDATES = 2_000  # random latents, the best of which are the starts
CHUNK = 250  # candidates per batch
STEPS_PER_GUESS = 10
RISE_END, FALL_START = 0.05, 0.5  # shares of the search: until the first the rate rises, from the second it falls


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchSettings:
    """How long to search: `restarts` latents take `steps` steps of Adam."""

    restarts: int = 16
    steps: int = 300
    rate: float = 0.2  # the highest learning rate
    prior_weight: float = 0.01  # of (|z| / r - 1)^2, with r the typical length of a latent


DEFAULT_SETTINGS = SearchSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """The state of a search: the best latent so far, z (1, Z) float64, and the error of its rendered image."""

    step: int
    steps: int
    z: Latents
    error: float

    @property
    def found(self) -> bool:
        """Whether the image of the latent is close enough to the target."""
        return self.error < FOUND


class Target(NamedTuple):
    """The image x (1, C, S, S) to find, its label, and the generator, in float32."""

    generator: Generator
    x: Images
    y: Labels | None
    value_range: ValueRange

    def errors(self, z: Latents) -> Tensor:
        """(R,): the error of each latent's image, for latents (R, Z).

        Values beyond black or white do not count where the target is black or white: rendering clips them.
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
    settings: SearchSettings = DEFAULT_SETTINGS,
    seed: int = 0,
) -> Iterator[Guess]:
    """Search for a latent of `target` (1, C, S, S); yields the best guess so far every ten steps.

    `generator` is a `still_generator`, `y` the label (1,) or class weights (1, K) for a run with labels. The last guess
    has step == steps; the caller may stop earlier. Equal arguments give equal guesses.
    """
    value_range = config.data.value_range
    aimed = Target(deepcopy(generator).float(), bytes_to_images(target, value_range), y, value_range)
    best = Guess(step=0, steps=settings.steps, z=torch.zeros(1, config.model.latent.size).double(), error=math.inf)
    for step, z in descent(aimed, config.model.latent, settings, seed):
        if step % STEPS_PER_GUESS == 0 or step == settings.steps:
            candidate = best_of(aimed, z)
            error = pixel_error(render(generator, config, candidate, y), target).item()
            best = replace(best, z=candidate, error=error) if error < best.error else best
            best = replace(best, step=step)
            yield best


def descent(target: Target, latent: LatentConfig, settings: SearchSettings, seed: int) -> Iterator[tuple[int, Latents]]:
    """Yields the number of each step, from 1, and the latents (R, Z) after it, in float32."""
    z = starts(target, latent, settings.restarts, seed).requires_grad_(True)
    optimizer = torch.optim.Adam([z], lr=settings.rate)
    for step in range(1, settings.steps + 1):
        optimizer.param_groups[0]["lr"] = settings.rate * rate_share(step / settings.steps)
        optimizer.zero_grad()
        objective = target.errors(z).sum() + settings.prior_weight * off_shell(z, latent)
        objective.backward()  # type: ignore[no-untyped-call]  # torch's own
        optimizer.step()
        KEEP_IN_PRIOR[latent.distribution](z, generator_for(seed, "clipping", step))
        yield step, z.detach()


@torch.no_grad()
def starts(target: Target, latent: LatentConfig, restarts: int, seed: int) -> Latents:
    """(R, Z): of many random latents, those whose images are nearest to the target."""
    z = latents(max(CANDIDATES, restarts), latent, generator_for(seed, "inversion"))
    errors = torch.cat([target.errors(part) for part in torch.split(z, CHUNK)])
    return z[errors.argsort()[:restarts]]


def rate_share(progress: float) -> float:
    """The learning rate as a share of the highest one: a linear rise, constant, then half a cosine to zero."""
    fall = max(0.0, progress - FALL_START) / (1 - FALL_START)
    return min(1.0, progress / RISE_END) * (0.5 + 0.5 * math.cos(math.pi * fall))


def off_shell(z: Latents, latent: LatentConfig) -> Scalar:
    """sum (|z| / r - 1)^2: how far the latents are from the typical length, on which the generator was trained."""
    distances: Tensor = z.norm(dim=1) / shell_radius(latent) - 1
    return distances.square().sum()


@torch.no_grad()
def leave_unbounded(z: Latents, draw: torch.Generator) -> None:
    """The normal distribution has no bounds."""


@torch.no_grad()
def redraw_outside(z: Latents, draw: torch.Generator) -> None:
    """Numbers outside [-1, 1] drawn anew: "stochastic clipping"  (Lipton & Tripathi 2017, section 3)."""
    fresh = torch.rand(z.shape, generator=draw) * 2 - 1
    z.copy_(torch.where(z.abs() > 1, fresh, z))


KEEP_IN_PRIOR: Mapping[Distribution, Callable[[Latents, torch.Generator], None]] = {
    "normal": leave_unbounded,
    "uniform": redraw_outside,
}


@torch.no_grad()
def best_of(target: Target, z: Latents) -> Latents:
    """(1, Z) float64: of latents (R, Z) the one with the smallest error."""
    return z[target.errors(z).argmin()][None].double()

"""What changes over a run, as functions of the one clock: real images shown to D."""

import math

from gan_core.config import ObjectiveConfig

RAMP = 0.05  # the average's half-life is at most this share of the images seen: Karras et al. 2020 (ADA), appendix F


def gamma_at(images_seen: int, objective: ObjectiveConfig) -> float:
    """The penalty's weight: half a cosine from start to end over `gamma_images`  (Huang et al. 2024, table 9)."""
    if images_seen >= objective.gamma_images:
        return objective.gamma_end
    remaining = 0.5 * (1 + math.cos(math.pi * images_seen / objective.gamma_images))
    return objective.gamma_end + (objective.gamma_start - objective.gamma_end) * remaining


def ema_decay_at(images_seen: int, images_per_step: int, halflife_images: int) -> float:
    """How much of the average stays in one step: 0.5^(images of the step / half-life), the half-life ramped up."""
    halflife = min(halflife_images, images_seen * RAMP)
    return 0.5 ** (images_per_step / halflife) if halflife > 0 else 0.0


def next_sample_after(images_seen: int, size: int, sample_every: int) -> int:
    """When the next sample grid is due, for a data set of `size` images: a function of the clock alone.

    Early in the first epoch, where most changes, then at each epoch; never two within `sample_every` images.
    """
    early = [size >> halving for halving in (4, 3, 2, 1) if size >> halving >= sample_every]
    stride = size * -(-sample_every // size)  # whole epochs
    return next((mark for mark in early if mark > images_seen), stride * (images_seen // stride + 1))

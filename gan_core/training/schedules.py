"""What changes during a run, as functions of the number of real images shown to D."""

import math

from gan_core.config import ObjectiveConfig

RAMP = 0.05  # the average's half-life is at most this share of the images seen: Karras et al. 2020 (ADA), appendix F

STRIDE = 4  # steps per update of the average,
FEW = 1 / 32  # once so many steps are at most this share of its half-life

FEWEST_IMAGES = 250  # before the first sample grid and between the early ones: fewer are only some steps


def gamma_at(images_seen: int, objective: ObjectiveConfig) -> float:
    """The penalty's weight: half a cosine from start to end over `gamma_images`  (Huang et al. 2024, table 9)."""
    if images_seen >= objective.gamma_images:
        return objective.gamma_end
    remaining = 0.5 * (1 + math.cos(math.pi * images_seen / objective.gamma_images))
    return objective.gamma_end + (objective.gamma_start - objective.gamma_end) * remaining


def ema_decay_at(images_seen: int, images_per_update: int, halflife_images: int) -> float:
    """The weight of the old average in one update: 0.5^(images of the update / half-life)."""
    halflife = ema_halflife_at(images_seen, halflife_images)
    return 0.5 ** (images_per_update / halflife) if halflife > 0 else 0.0


def ema_stride_at(images_seen: int, images_per_step: int, halflife_images: int) -> int:
    """Steps from one update of the average to the next: STRIDE if those are at most FEW of its half-life, else one."""
    few_images = FEW * ema_halflife_at(images_seen, halflife_images)
    return STRIDE if STRIDE * images_per_step <= few_images else 1


def ema_halflife_at(images_seen: int, halflife_images: int) -> float:
    """The half-life of the average in images, ramped up from the start."""
    return min(halflife_images, images_seen * RAMP)


def next_sample_after(images_seen: int, size: int, sample_every: int) -> int:
    """The number of images at which the next sample grid is due, for a data set of `size` images.

    At 1/16, 1/8, 1/4 and 1/2 of `sample_every`, where most changes, then at its multiples, and with each snapshot.
    """
    early = (sample_every >> halving for halving in (4, 3, 2, 1))
    regular = sample_every * (images_seen // sample_every + 1)
    due = next((mark for mark in early if mark > images_seen and mark >= FEWEST_IMAGES), regular)
    return min(due, next_snapshot_after(images_seen, size, sample_every))


def next_snapshot_after(images_seen: int, size: int, sample_every: int) -> int:
    """The number of images at which the next snapshot and the next checkpoint are due.

    Four times in the first epoch, then at each epoch; for a data set of fewer than `sample_every` images, at each
    multiple of that. Never two within `sample_every` images.
    """
    early = (size >> halving for halving in (4, 3, 2, 1))
    stride = max(size, sample_every)
    regular = stride * (images_seen // stride + 1)
    return next((mark for mark in early if mark > images_seen and mark >= sample_every), regular)

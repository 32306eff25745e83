"""What the discriminator says about one image, and which pixels its answer depends on."""

from typing import NamedTuple

import torch
from torch import Tensor

from gan_core.config import RunConfig
from gan_core.models.networks import Discriminator
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.shapes import Bytes, Labels, Logits
from gan_core.objective.losses import loss_for


class Opinion(NamedTuple):
    """D's answer for one image.

    `probability` that the image is real, None if the loss defines none; `saliency` (S, S) in [0, 1].
    """

    logit: float
    probability: float | None
    saliency: Tensor


class Score(NamedTuple):
    """D's answer for one image: its logit and the probability that the image is real, None if the loss defines none."""

    logit: float
    probability: float | None


@torch.inference_mode()
def score(discriminator: Discriminator, config: RunConfig, pixels: Bytes, y: Labels | None = None) -> Score:
    """The answer of a discriminator in eval mode on the CPU, in its own precision. Arguments as in `opinion`."""
    precision = next(discriminator.parameters()).dtype
    return score_of(discriminator(bytes_to_images(pixels, config.data.value_range).to(precision), y), config)


def score_of(logits: Logits, config: RunConfig) -> Score:
    """The logit (1,) of one image, and its probability."""
    probability = loss_for(config.objective).probability
    return Score(logits.item(), None if probability is None else probability(logits).item())


def opinion(discriminator: Discriminator, config: RunConfig, pixels: Bytes, y: Labels | None = None) -> Opinion:
    """The answer of a `still_discriminator` for one image (1, C, S, S) with the label `y` (1,), None without labels.

    The saliency is |dD/dx|, the largest over the channels, divided by its largest value  (Simonyan et al. 2014,
    section 3.1).
    """
    x = bytes_to_images(pixels, config.data.value_range).double().requires_grad_(True)
    logits = discriminator(x, y)
    (gradient,) = torch.autograd.grad(logits.sum(), x)
    size = gradient[0].abs().amax(0)  # (S, S)
    logit, probability = score_of(logits, config)
    return Opinion(logit, probability, saliency=size / size.max() if size.any() else size)

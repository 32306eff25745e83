"""The brightness of each image changed by a random amount  (Zhao et al. 2020, section 3.1)."""

import torch

from gan_core.numerics.shapes import Images
from gan_core.objective.augmentation import Augmentation


def brightness(x: Images, black: float, draw: torch.Generator) -> Images:
    """Each image plus a number uniform in [-1/2, 1/2]."""
    return x + torch.rand(len(x), 1, 1, 1, generator=draw).to(x.device) - 0.5


AUGMENTATION: Augmentation = brightness

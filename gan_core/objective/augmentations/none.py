"""No augmentation."""

import torch

from gan_core.numerics.shapes import Images
from gan_core.objective.augmentation import Augmentation


def none(x: Images, black: float, draw: torch.Generator) -> Images:
    """The images unchanged."""
    return x


AUGMENTATION: Augmentation = none

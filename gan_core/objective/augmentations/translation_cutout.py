"""Each image shifted, then a square of it hidden."""

import torch

from gan_core.numerics.shapes import Images
from gan_core.objective.augmentation import Augmentation
from gan_core.objective.augmentations.cutout import cutout
from gan_core.objective.augmentations.translation import translation


def translation_cutout(x: Images, black: float, draw: torch.Generator) -> Images:
    """Shifted, then partly hidden."""
    return cutout(translation(x, black, draw), black, draw)


AUGMENTATION: Augmentation = translation_cutout

"""Differentiable augmentation: real and generated images are changed alike before D sees them.

Zhao et al. 2020, eq. 3. Each file is one augmentation: it defines `AUGMENTATION`.
"""

from collections.abc import Mapping

from gan_core.config import AugmentName, choices
from gan_core.objective.augmentation import Augmentation

AUGMENTATIONS: Mapping[AugmentName, Augmentation] = choices.AUGMENTATIONS.rows()

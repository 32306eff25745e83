"""What an augmentation is."""

from collections.abc import Callable

import torch

from gan_core.numerics.shapes import Images

# (images, value of a black pixel, random numbers) -> images; black fills what the augmentation uncovers or hides
Augmentation = Callable[[Images, float, torch.Generator], Images]

"""A square of each image hidden  (Zhao et al. 2020, section 3.3)."""

import torch

from gan_core.numerics.shapes import Images
from gan_core.objective.augmentation import Augmentation

HOLE = 1 / 4  # side of the hidden square as a share of the size; in the paper it is 1/2, which hides a whole digit


def cutout(x: Images, black: float, draw: torch.Generator) -> Images:
    """A square of each image hidden, its centre anywhere."""
    count, _, height, width = x.shape
    reach = max(1, round(height * HOLE)) / 2
    centres = torch.rand(2, count, 1, 1, 1, generator=draw).to(x.device)
    rows = torch.arange(height, device=x.device).view(1, 1, -1, 1) + 0.5
    columns = torch.arange(width, device=x.device).view(1, 1, 1, -1) + 0.5
    hidden = ((rows - centres[0] * height).abs() < reach) & ((columns - centres[1] * width).abs() < reach)
    return x.masked_fill(hidden, black)


AUGMENTATION: Augmentation = cutout

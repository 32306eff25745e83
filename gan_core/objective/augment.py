"""Differentiable augmentation: what D sees is shifted or partly hidden, real and made alike  (Zhao et al. 2020, eq. 3).

Pure functions `(x, black, draw) -> x`; `black` is the value of a black pixel, which fills what has moved out of sight.
"""

from collections.abc import Callable, Mapping

import torch
from torch.nn.functional import pad

from gan_core.config import AugmentName
from gan_core.numerics.shapes import Images

Augment = Callable[[Images, float, torch.Generator], Images]

SHIFT = 1 / 8  # largest shift as a share of the size: Zhao et al. 2020, section 3.3
HOLE = 1 / 4  # side of the hidden square as a share of the size; theirs is 1/2, which hides a whole digit


def none(x: Images, black: float, draw: torch.Generator) -> Images:
    """The images as they are."""
    return x


def translation(x: Images, black: float, draw: torch.Generator) -> Images:
    """Each image shifted by up to an eighth of its size, in whole pixels, in both directions."""
    count, _, height, width = x.shape
    reach = round(height * SHIFT)
    shifts = torch.randint(0, 2 * reach + 1, (2, count), generator=draw).to(x.device)
    padded = pad(x, (reach,) * 4, value=black).permute(0, 2, 3, 1)  # (B, H + 2r, W + 2r, C)
    rows = shifts[0].view(-1, 1, 1) + torch.arange(height, device=x.device).view(1, -1, 1)
    columns = shifts[1].view(-1, 1, 1) + torch.arange(width, device=x.device).view(1, 1, -1)
    moved = padded[torch.arange(count, device=x.device).view(-1, 1, 1), rows, columns]  # (B, H, W, C)
    return moved.permute(0, 3, 1, 2)


def cutout(x: Images, black: float, draw: torch.Generator) -> Images:
    """A square of each image hidden, its centre anywhere."""
    count, _, height, width = x.shape
    reach = max(1, round(height * HOLE)) / 2
    centres = torch.rand(2, count, 1, 1, 1, generator=draw).to(x.device)
    rows = torch.arange(height, device=x.device).view(1, 1, -1, 1) + 0.5
    columns = torch.arange(width, device=x.device).view(1, 1, 1, -1) + 0.5
    hidden = ((rows - centres[0] * height).abs() < reach) & ((columns - centres[1] * width).abs() < reach)
    return x.masked_fill(hidden, black)


def translation_cutout(x: Images, black: float, draw: torch.Generator) -> Images:
    """Shifted, then partly hidden."""
    return cutout(translation(x, black, draw), black, draw)


AUGMENTS: Mapping[AugmentName, Augment] = {
    "none": none,
    "translation": translation,
    "cutout": cutout,
    "translation_cutout": translation_cutout,
}

"""Each image shifted by a few pixels  (Zhao et al. 2020, section 3.3)."""

import torch
from torch.nn.functional import pad

from gan_core.numerics.shapes import Images
from gan_core.objective.augmentation import Augmentation

SHIFT = 1 / 8  # largest shift as a share of the size: Zhao et al. 2020, section 3.3


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


AUGMENTATION: Augmentation = translation

"""Sample grids as pixels: read from PNG, chosen from many, and the image of one latent in them.

Every grid shows the seeds 0..63 in rows of eight, so that a position is the same latent in all grids.
"""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, UnidentifiedImageError

from gan_core.pictures.grid_layout import GRID_COLUMNS
from gan_core.pictures.render import Picture

UNREADABLE = (UnidentifiedImageError, OSError, SyntaxError)  # raised by Pillow for a damaged PNG


def picture_of(png: bytes) -> Picture | None:
    """(H, W) or (H, W, 3) uint8 of a PNG; None if it is damaged."""
    try:
        with Image.open(io.BytesIO(png)) as image:
            picture: Picture = np.asarray(image if image.mode == "L" else image.convert("RGB"))
    except UNREADABLE:
        return None
    return picture


def cell_of(picture: Picture, seed: int) -> Picture:
    """(S, S) or (S, S, 3): the image of one of the seeds 0..63 in a sample grid."""
    side = picture.shape[1] // GRID_COLUMNS
    row, column = divmod(seed, GRID_COLUMNS)
    return picture[row * side : (row + 1) * side, column * side : (column + 1) * side]


def side_by_side(pictures: Sequence[Picture]) -> Picture:
    """Pictures of equal size in one row."""
    row: Picture = np.concatenate(list(pictures), axis=1)
    return row

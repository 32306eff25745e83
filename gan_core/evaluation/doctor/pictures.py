"""How much the pictures of a sample grid differ, from its pixels. Imports no torch."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels: TypeAlias = npt.NDArray[np.float32]  # 0..1

COLUMNS = 8  # of every sample grid
COPY = 0.05  # of the variance of all pixels: two pictures that differ by less, per pixel and squared, are copies
UNREADABLE = (OSError, SyntaxError, ValueError)  # missing, or a damaged PNG


class Spread(NamedTuple):
    """What the pictures of one grid have in common.

    `contrast` is the standard deviation of all pixels, 0..0.5 of the range. `variety` is the share of their variance
    that is between pictures (of one class, where the run has classes): 0 for 64 equal pictures, 0.7 for MNIST.
    `different` is the share of the pictures, without the first (of each class), that are no copies of an earlier one.
    """

    contrast: float
    variety: float
    different: float


def spread_of(path: Path, classes: int) -> Spread | None:
    """The spread of a kept sample grid, computed once; None if its file is missing or damaged."""
    try:
        return _spread_of(path, path.stat().st_mtime_ns, classes)
    except UNREADABLE:
        return None


@lru_cache(maxsize=512)
def _spread_of(path: Path, written_ns: int, classes: int) -> Spread:
    with Image.open(path, formats=["PNG"]) as picture:
        return spread(cells(np.asarray(picture, dtype=np.float32) / np.float32(255)), classes)


def cells(picture: Pixels) -> Pixels:
    """(64, P): the pixels of each image of a grid (H, W) or (H, W, 3) of eight by eight images."""
    side = picture.shape[0] // COLUMNS
    split = picture.reshape(COLUMNS, side, COLUMNS, side, -1).swapaxes(1, 2)
    return split.reshape(COLUMNS * COLUMNS, -1)


def spread(images: Pixels, classes: int) -> Spread:
    """The spread of images (N, P), of which image i has the class i % classes; `classes` is 0 without labels."""
    variance, count = float(images.var()), classes if 0 < classes <= len(images) // 2 else 1
    if variance == 0:
        return Spread(0.0, 0.0, 0.0)
    groups = [images[label::count] for label in range(count)]
    within = float(np.mean([group.var(0, ddof=1).mean() for group in groups]))
    new = sum(different(group, COPY * variance) - 1 for group in groups)
    return Spread(variance**0.5, within / variance, new / (len(images) - count))


def different(images: Pixels, closest: float) -> int:
    """How many images have a mean squared difference of more than `closest` to each earlier one that is counted."""
    counted: list[Pixels] = []
    for image in images:
        if all(float(np.square(image - other).mean()) > closest for other in counted):
            counted.append(image)
    return len(counted)

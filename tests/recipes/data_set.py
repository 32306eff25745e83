"""The negative of scikit-learn's digits: dark on a light ground."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.sets.digits import SOURCE as POSITIVE
from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    digits = POSITIVE.load(config, device, root, report)
    return replace(digits, images=255 - digits.images, source="1,797 negatives of the 8 x 8 digits (scikit-learn).")


SOURCE = Source(title="negatives of handwritten digits", load=load, images=1_797, classes=DIGITS, size=8, channels=1)

"""1,797 digits of 8 x 8 pixels that come with the package scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import DIGITS, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset


BRIGHTEST = 16  # its pixels are 0..16


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    import numpy as np
    import torch
    from sklearn.datasets import load_digits  # slow to import

    from gan_core.data.dataset import finished

    report(0.0, "Reading the embedded 8 x 8 digits.")
    bunch = load_digits()
    pixels = torch.from_numpy(np.round(bunch.images * (255 / BRIGHTEST)).astype(np.uint8)).unsqueeze(1)
    labels = torch.from_numpy(bunch.target.astype(np.int64))
    source = "1,797 handwritten digits of 8 x 8 pixels (scikit-learn), embedded: no network was needed."
    return finished(pixels, labels, DIGITS, source, config, device)


SOURCE = Source(
    title="handwritten digits of scikit-learn",
    load=load,
    images=1_797,
    classes=DIGITS,
    size=8,
    channels=1,
    white_on_black=True,
)

"""Every data set by name: how to load it, whether that needs the network, how large it is. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.config import choices
from gan_core.data.source import DataError, Outlook, Report, Source, unreported

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig, DataName
    from gan_core.data.dataset import Dataset

__all__ = ["SOURCES", "DataError", "Outlook", "Report", "load", "needs_network", "outlook", "unreported"]

SOURCES: Mapping[DataName, Source] = choices.DATA_SETS.rows()


def load(
    config: DataConfig, device: torch.device, *, root: Path = Path("data"), report: Report = unreported
) -> Dataset:
    """The configured data on `device`; downloads and caches go under `root`. Raises DataError with one sentence."""
    dataset = SOURCES[config.name].load(config, device, root, report)
    if config.labels and dataset.labels is None:
        raise DataError(f"the data set {config.name} has no classes; switch data.labels off")
    return dataset


def needs_network(config: DataConfig, *, root: Path = Path("data")) -> bool:
    """Whether `load` would have to download the data set."""
    is_here = SOURCES[config.name].is_here
    return is_here is not None and not is_here(root)


def outlook(config: DataConfig) -> Outlook:
    """How many images and classes the networks will see, without reading an image.

    The files of a folder are counted whether they are images or not; at least one image is assumed.
    """
    images, classes = SOURCES[config.name].outlook(config)
    used = min(images, config.limit) if config.limit else images
    return Outlook(max(1, used), classes if config.labels else 0)

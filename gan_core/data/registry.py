"""What is learned: named sets, embedded sets and folders, all as one `Dataset`."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from gan_core.config import DataConfig, DataName
from gan_core.data.dataset import DataError, Dataset, Report, unreported
from gan_core.data.image_folder import load_folder
from gan_core.data.packaged import load_digits, load_mnist_5k
from gan_core.data.torchvision_sets import NAMED, find_raw, load_named

__all__ = ["SOURCES", "DataError", "Dataset", "Report", "load", "needs_network"]

SOURCES: Mapping[DataName, Callable[[DataConfig, torch.device, Path, Report], Dataset]] = {
    "mnist": load_named,
    "fashion-mnist": load_named,
    "kmnist": load_named,
    "mnist-5k": load_mnist_5k,
    "digits": load_digits,
    "folder": load_folder,
}


def load(
    config: DataConfig, device: torch.device, *, root: Path = Path("data"), report: Report = unreported
) -> Dataset:
    """The configured data on `device`; downloads and caches go under `root`. Raises DataError with one sentence."""
    return SOURCES[config.name](config, device, root, report)


def needs_network(config: DataConfig, *, root: Path = Path("data")) -> bool:
    """Whether `load` would have to download the set."""
    return config.name in NAMED and find_raw(NAMED[config.name], root) is None

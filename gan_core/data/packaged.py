"""Data sets that come with a Python package and need no network, and a cache of them: the packages are slow to read."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as BadDeflateError

import numpy as np
import numpy.typing as npt
import torch

from gan_core.config import DataConfig
from gan_core.data.cache_folder import cache_folder
from gan_core.data.dataset import Dataset, finished
from gan_core.data.source import DIGITS, Report

Arrays = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]  # pixels of N images and N labels
Read = Callable[[], Arrays]

# what reading a missing or damaged archive of compressed arrays can raise
UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile, BadDeflateError)


def load_packaged(
    read: Read, what: str, size: int, config: DataConfig, device: torch.device, root: Path, report: Report
) -> Dataset:
    """Digits of `size` x `size` pixels, which `read` reads from a package; cached below `root`.

    `what` says in the source of the data set which digits these are.
    """
    report(0.0, f"Reading the embedded {what}.")
    pixels, labels = cached(cache_folder(root) / f"{config.name}.npz", read)
    images = torch.from_numpy(pixels).view(-1, 1, size, size)
    source = f"{what}, embedded: no network was needed."
    return finished(images, torch.from_numpy(labels), DIGITS, source, config, device)


def cached(cache: Path, read: Read) -> Arrays:
    """The arrays in the cache if there is a valid one, else those of the package."""
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return kept["pixels"], kept["labels"]
    except UNREADABLE:
        pixels, labels = read()
    keep(cache, pixels, labels)
    return pixels, labels


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

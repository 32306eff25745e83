"""Data sets in MNIST's file format, read by torchvision; downloaded once if they are not on this machine.

`GAN_STUDIO_DATA` names a folder that already holds `MNIST/raw`; `GAN_STUDIO_MIRROR` another address to download from.

The download is our own. torchvision's reports its progress only to the terminal and leaves a partial file if it is
killed; torch.hub's is atomic, but also reports only to the terminal, and checks SHA-256 where torchvision has MD5s.
"""

import gzip
import hashlib
import http.client
import os
import shutil
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import torch

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset, finished
from gan_core.data.source import DataError, Report

BLOCK_BYTES = 1 << 16
TIMEOUT_SECONDS = 20.0
TRAINING_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")


def load_set(
    class_name: str,
    title: str,
    classes: tuple[str, ...],
    config: DataConfig,
    device: torch.device,
    root: Path,
    report: Report,
) -> Dataset:
    """The training images of one of torchvision's data sets in MNIST's file format. Raises DataError."""
    from torchvision import datasets  # slow to import, and not needed by every run

    kind = getattr(datasets, class_name)
    report(0.0, f"Reading the {title}.")
    folder = find_raw(class_name, root)
    if folder is None:
        folder = root / class_name / "raw"
        download(resources_of(kind), mirrors_of(kind), folder, report)
    images, labels = read_raw(folder)
    return finished(images, labels, classes, f"{len(images):,} {title}.", config, device)


def find_raw(class_name: str, root: Path) -> Path | None:
    """The folder that already holds the raw training files: under GAN_STUDIO_DATA, else under `root`."""
    given = os.environ.get("GAN_STUDIO_DATA", "")
    folders = [Path(given) / class_name / "raw"] if given else []
    folders.append(root / class_name / "raw")
    return next((folder for folder in folders if all((folder / name).is_file() for name in TRAINING_FILES)), None)


def read_raw(folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """(N, 1, 28, 28) uint8 and (N,) int64 of the two raw files. Raises DataError if they are damaged."""
    from torchvision.datasets.mnist import read_image_file, read_label_file

    paths = [folder / name for name in TRAINING_FILES]
    try:
        images, labels = read_image_file(str(paths[0])), read_label_file(str(paths[1]))
    except (OSError, AssertionError, LookupError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "they are damaged"
        raise DataError(
            f"the files in {folder} cannot be read ({reason}); delete the folder to have them downloaded again, or "
            "set data.name to mnist-5k, which needs no network"
        ) from error
    if len(images) != len(labels):
        raise DataError(
            f"the files in {folder} hold {len(images):,} images but {len(labels):,} labels; delete the folder to have "
            "them downloaded again"
        )
    return images.unsqueeze(1), labels


def resources_of(kind: type) -> list[tuple[str, str]]:
    """(file name, md5) of the compressed training files, as torchvision knows them."""
    resources: Sequence[tuple[str, str]] = kind.resources  # type: ignore[attr-defined]  # of torchvision's MNIST family
    return [(name, md5) for name, md5 in resources if name.removesuffix(".gz") in TRAINING_FILES]


def mirrors_of(kind: type) -> list[str]:
    """Where to download from: only GAN_STUDIO_MIRROR if it is set, else torchvision's mirrors."""
    own = os.environ.get("GAN_STUDIO_MIRROR", "")
    return [own] if own else list(kind.mirrors)  # type: ignore[attr-defined]  # of torchvision's MNIST family


def download(resources: Sequence[tuple[str, str]], mirrors: Sequence[str], folder: Path, report: Report) -> None:
    """Put the unpacked `resources` into `folder`, each complete or not at all. Raises DataError."""
    for number, (name, md5) in enumerate(resources):
        if not (folder / name.removesuffix(".gz")).is_file():
            download_one(name, md5, mirrors, folder, part_of(report, number, len(resources), name))


def part_of(report: Report, number: int, count: int, name: str) -> Report:
    """Progress of one file as progress of all."""
    return lambda share, sentence: report((number + share) / count, f"Downloading {name}.")


def download_one(name: str, md5: str, mirrors: Sequence[str], folder: Path, report: Report) -> None:
    problems = []
    for mirror in mirrors:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            fetch(f"{mirror.rstrip('/')}/{name}", md5, folder / name, report)
            return
        except (OSError, http.client.HTTPException, ValueError) as problem:  # ValueError: not an address
            problems.append(f"{mirror}: {problem}")
    raise DataError(
        f"{name} cannot be downloaded: set data.name to mnist-5k, which needs no network, or point GAN_STUDIO_DATA at "
        f"a folder that holds MNIST/raw ({'; '.join(problems)})"
    )


def fetch(url: str, md5: str, packed: Path, report: Report) -> None:
    """Download, check and unpack one file beside its destination, then rename it."""
    partial, unpacked = packed.with_name(f".{os.getpid()}-{packed.name}"), packed.with_suffix("")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response, partial.open("wb") as file:
            total = int(response.headers.get("Content-Length") or 0)
            found = copy_with_progress(response, file, total, report)
        if found != md5:
            raise DataError("the downloaded file is not the expected one (its md5 differs)")
        with gzip.open(partial) as source, partial.with_suffix(".unpacked").open("wb") as target:
            shutil.copyfileobj(source, target)
        partial.with_suffix(".unpacked").replace(unpacked)
    finally:
        partial.unlink(missing_ok=True)
        partial.with_suffix(".unpacked").unlink(missing_ok=True)


def copy_with_progress(source: IO[bytes], target: IO[bytes], total_bytes: int, report: Report) -> str:
    """Copy everything and report the progress; returns the md5 of the copied bytes."""
    digest, done = hashlib.md5(usedforsecurity=False), 0
    while block := source.read(BLOCK_BYTES):
        target.write(block)
        digest.update(block)
        done += len(block)
        report(min(1.0, done / total_bytes) if total_bytes else 0.0, "")
    return digest.hexdigest()

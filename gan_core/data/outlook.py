"""How many images and classes a configured data set will have, without reading a picture of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gan_core.config import DataConfig, DataName

SIZES: Mapping[DataName, int] = {
    "mnist": 60_000,
    "fashion-mnist": 60_000,
    "kmnist": 60_000,
    "mnist-5k": 5_000,
    "digits": 1_797,
}
CLASSES = 10  # of each of these


class Outlook(NamedTuple):
    """What to expect; `classes` is 0 where the networks are told none."""

    images: int
    classes: int


def outlook(config: DataConfig) -> Outlook:
    """What to expect of a data set. A folder's files are counted, pictures or not; at least one image is assumed."""
    images, classes = (
        counted(Path(config.folder).expanduser()) if config.name == "folder" else (SIZES[config.name], CLASSES)
    )
    used = min(images, config.limit) if config.limit else images
    return Outlook(max(1, used), classes if config.labels else 0)


def counted(folder: Path) -> tuple[int, int]:
    """Files below a folder, and the subfolders that hold them (no classes where files lie at its top)."""
    if not folder.is_dir():
        return 0, 0
    paths = [path.relative_to(folder).parts for path in folder.rglob("*") if path.is_file()]
    seen = [parts for parts in paths if not any(part.startswith(".") for part in parts)]
    flat = any(len(parts) == 1 for parts in seen)
    return len(seen), 0 if flat else len({parts[0] for parts in seen})

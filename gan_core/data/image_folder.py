"""A folder of pictures of one's own: any size, grey or colour; subfolders are labels.

Pictures are decoded once into a memory-mapped file under `data/cache`; a set that is too big for the memory stays there
and is read as it is shown, behind the same `Dataset`.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset, spread
from gan_core.data.source import DataError, Report

MOST_PIXELS = 50_000_000  # of one picture: a larger one is a bomb or a poster
WHITE_OF_16_BITS = 65_535
RESIDENT_BYTES = 1 << 30  # a larger set is read from the memory-mapped file


class Picture(NamedTuple):
    """One file and the number of its label (0 without labels)."""

    path: Path
    label: int


def load_folder(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    """All pictures below `config.folder`. Raises DataError: missing, empty, no pictures, one that is damaged."""
    folder = Path(os.path.expanduser(config.folder))  # Path.expanduser fails for a ~name that nobody has
    found, classes, others = list_pictures(folder)
    pictures = [found[index] for index in spread(len(found), config.limit).tolist()]
    if config.labels and not classes:
        raise DataError(f"{folder} has no labels: give each class a subfolder, or switch data.labels off")
    cache = root / "cache" / f"{cache_key(pictures, config)}.npy"
    images, resized = decoded(pictures, cache, config, report)
    labels = torch.tensor([picture.label for picture in pictures]) if classes else None
    return Dataset(
        images=images.to(device) if images.numel() <= RESIDENT_BYTES else images,
        labels=None if labels is None else labels.to(device),
        classes=classes,
        source=sentence(folder, len(pictures), len(found), classes, others, resized, config),
    )


def sentence(
    folder: Path, used: int, found: int, classes: tuple[str, ...], others: int, resized: bool, config: DataConfig
) -> str:
    """Which pictures these are and what was done to them."""
    text = f"{used:,} pictures from {folder}"
    text += f", spread evenly over its {found:,}" if used < found else ""
    text += f" in {len(classes)} classes" if classes else ""
    text += f", {others:,} other files passed over" if others else ""
    text += f", cut to squares and resized to {config.image_size} pixels" if resized else ""
    return text + "."


def list_pictures(folder: Path) -> tuple[list[Picture], tuple[str, ...], int]:
    """The pictures in the order of their names, the labels' names, and how many files are no pictures."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.is_file() else "does not exist"
        raise DataError(f"the folder {folder} {what}; set data.folder to a folder of pictures")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not is_hidden(path, folder)]
    paths = [path for path in files if is_picture(path)]
    if not paths:
        what = f"holds no picture among its files ({len(files):,})" if files else "is empty"
        raise DataError(f"the folder {folder} {what}; put PNG or JPEG files in")
    at_top = any(path.parent == folder for path in paths)
    classes = () if at_top else tuple(sorted({path.relative_to(folder).parts[0] for path in paths}))
    pictures = [Picture(path, classes.index(path.relative_to(folder).parts[0]) if classes else 0) for path in paths]
    return pictures, classes, len(files) - len(paths)


def is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def is_picture(path: Path) -> bool:
    """Whether the file's own first bytes say that it is a picture, whatever it is called. Refuses enormous ones."""
    try:
        with Image.open(path) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError):
        return False
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large(path) from None
    if width * height > MOST_PIXELS:
        raise too_large(path)
    return True


def too_large(path: Path) -> DataError:
    return DataError(f"the picture {path} has more than {MOST_PIXELS // 1_000_000} million pixels; make it smaller")


def cache_key(pictures: list[Picture], config: DataConfig) -> str:
    """A name that changes with the files, their contents' dates and sizes, and the form asked for."""
    digest = hashlib.sha256(f"{config.image_size} {config.channels}".encode())
    for picture in pictures:
        stat = picture.path.stat()
        digest.update(f"\n{picture.path.absolute()} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:32]


def decoded(pictures: list[Picture], cache: Path, config: DataConfig, report: Report) -> tuple[torch.Tensor, bool]:
    """(N, C, S, S) uint8 over a memory-mapped file, and whether any picture was resized. Raises DataError."""
    try:
        images = cached(cache)
    except (OSError, EOFError, ValueError):  # not there yet, or damaged
        keep(pictures, cache, config, report)
        images = cached(cache)
    return images, resized_marker(cache).exists()


def cached(cache: Path) -> torch.Tensor:
    # "c": a private copy on write, which torch may hold although the file is never written
    return torch.from_numpy(np.load(cache, mmap_mode="c", allow_pickle=False))


def resized_marker(cache: Path) -> Path:
    """The empty file beside a cache that says that pictures were resized for it."""
    return cache.with_suffix(".resized")


def keep(pictures: list[Picture], cache: Path, config: DataConfig, report: Report) -> None:
    """Decode all pictures into the cache, which appears whole or not at all. Raises DataError."""
    partial = cache.with_name(f".{os.getpid()}-{cache.name}")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            resized = write_pixels(file, pictures, config, report)
        if resized:
            resized_marker(cache).touch()
        partial.replace(cache)
    except OSError as error:
        raise DataError(
            f"the pictures cannot be kept in {cache.parent} ({error.strerror or error}); free some space there or "
            "check the disk, then try again"
        ) from error
    finally:
        with contextlib.suppress(OSError):  # renamed already, or there is no folder that it could be in
            partial.unlink()


def write_pixels(file: IO[bytes], pictures: list[Picture], config: DataConfig, report: Report) -> bool:
    """A .npy file, picture by picture (written, not memory-mapped: a full disk is then an error and not a crash).

    Returns whether any picture was resized.
    """
    shape = (len(pictures), config.channels, config.image_size, config.image_size)
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    resized = False
    for index, picture in enumerate(pictures):
        pixels, changed = decode(picture.path, config)
        file.write(pixels.tobytes())
        resized |= changed
        if index % 50 == 0:
            report(index / len(pictures), f"Reading {len(pictures):,} pictures.")
    return resized


def decode(path: Path, config: DataConfig) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], bool]:
    """(C, S, S) uint8 of one picture, as `fit`, and whether it was resized. Raises DataError."""
    try:
        with Image.open(path) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"the picture {path} is damaged ({error}); replace it or take it out of the folder") from error
    return fit(upright, config)


def fit(image: Image.Image, config: DataConfig) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], bool]:
    """(C, S, S) uint8 of an upright picture: on white where it is transparent, the middle square, resized.

    And whether it had to be resized.
    """
    flat = on_white(image).convert("L" if config.channels == 1 else "RGB")
    size = (config.image_size, config.image_size)
    changed = flat.size != size
    if changed:
        flat = ImageOps.fit(
            flat, size, Image.Resampling.LANCZOS if min(flat.size) > size[0] else Image.Resampling.BICUBIC
        )
    pixels = np.asarray(flat, dtype=np.uint8)
    return (pixels[None] if config.channels == 1 else pixels.transpose(2, 0, 1)), changed


def on_white(image: Image.Image) -> Image.Image:
    """Without transparency, and in eight bits."""
    if image.mode.startswith("I"):  # 16 bits, which some formats hold in 32
        values = np.asarray(image, dtype=np.float64)
        return Image.fromarray((values / WHITE_OF_16_BITS * 255).round().clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        coloured = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    return image

"""A folder of the user's own images: any size, grey or colour; subfolders are the classes.

Images are decoded once into a file under `data/cache`, which is memory-mapped. A data set above RESIDENT_BYTES is not
loaded into memory: its batches are read from that file.
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
from gan_core.data.source import DataError, FolderError, Report

MOST_PIXELS = 50_000_000  # of one image: a larger file may be made to fill the memory
WHITE_OF_16_BITS = 65_535
RESIDENT_BYTES = 1 << 30


class ImageFile(NamedTuple):
    """One image file and the number of its class (0 without classes)."""

    path: Path
    label: int


def load_folder(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    """All images below `config.folder`. Raises DataError if it is missing or empty, or an image is damaged."""
    folder = Path(os.path.expanduser(config.folder))  # Path.expanduser fails for an unknown ~user
    found, classes, others = list_images(folder)
    image_files = [found[index] for index in spread(len(found), config.limit).tolist()]
    require_classes(folder, classes, config)
    cache = root / "cache" / f"{cache_key(image_files, config)}.npy"
    images, resized = decoded(image_files, cache, config, report)
    labels = torch.tensor([image_file.label for image_file in image_files]) if classes else None
    return Dataset(
        images=images.to(device) if images.numel() <= RESIDENT_BYTES else images,
        labels=None if labels is None else labels.to(device),
        classes=classes,
        source=sentence(folder, len(image_files), len(found), classes, others, resized, config),
    )


def require_classes(folder: Path, classes: tuple[str, ...], config: DataConfig) -> None:
    """Raises FolderError if the networks are to be told the classes of a folder that has none."""
    if config.labels and not classes:
        raise FolderError(
            f"{folder} has no classes: put the images of each class into a subfolder, or switch data.labels off"
        )


def sentence(
    folder: Path, used: int, found: int, classes: tuple[str, ...], others: int, resized: bool, config: DataConfig
) -> str:
    """One sentence: which images these are and how they were changed."""
    text = f"{used:,} images from {folder}"
    text += f", spread evenly over its {found:,}" if used < found else ""
    text += f" in {len(classes)} classes" if classes else ""
    text += f", {others:,} other files ignored" if others else ""
    text += f", cropped to squares and resized to {config.image_size} pixels" if resized else ""
    return text + "."


def list_images(folder: Path) -> tuple[list[ImageFile], tuple[str, ...], int]:
    """The image files in the order of their names, the names of the classes, and the number of other files."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.is_file() else "does not exist"
        raise FolderError(f"the folder {folder} {what}; set data.folder to a folder of images")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not is_hidden(path, folder)]
    paths = [path for path in files if is_image(path)]
    if not paths:
        what = f"holds no image among its {len(files):,} files" if files else "is empty"
        raise FolderError(f"the folder {folder} {what}; put PNG or JPEG files into it")
    at_top = any(path.parent == folder for path in paths)
    classes = () if at_top else tuple(sorted({path.relative_to(folder).parts[0] for path in paths}))
    image_files = [
        ImageFile(path, classes.index(path.relative_to(folder).parts[0]) if classes else 0) for path in paths
    ]
    return image_files, classes, len(files) - len(paths)


def is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def is_image(path: Path) -> bool:
    """Whether the file's first bytes are those of an image, whatever its name. Raises DataError if it is too large."""
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
    return DataError(f"the image {path} has more than {MOST_PIXELS // 1_000_000} million pixels; make it smaller")


def cache_key(image_files: list[ImageFile], config: DataConfig) -> str:
    """A name that depends on the files, their dates and sizes, and the configured size and channels."""
    digest = hashlib.sha256(f"{config.image_size} {config.channels}".encode())
    for image_file in image_files:
        stat = image_file.path.stat()
        digest.update(f"\n{image_file.path.absolute()} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:32]


def decoded(image_files: list[ImageFile], cache: Path, config: DataConfig, report: Report) -> tuple[torch.Tensor, bool]:
    """(N, C, S, S) uint8, memory-mapped, and whether any image was resized. Raises DataError."""
    try:
        images = cached(cache)
    except (OSError, EOFError, ValueError):  # missing or damaged
        keep(image_files, cache, config, report)
        images = cached(cache)
    return images, resized_marker(cache).exists()


def cached(cache: Path) -> torch.Tensor:
    # "c": copy on write, since torch wants a writable array; the file itself does not change
    return torch.from_numpy(np.load(cache, mmap_mode="c", allow_pickle=False))


def resized_marker(cache: Path) -> Path:
    """An empty file beside a cache; it exists if images were resized for the cache."""
    return cache.with_suffix(".resized")


def keep(image_files: list[ImageFile], cache: Path, config: DataConfig, report: Report) -> None:
    """Decode all images into the cache file, which is complete or absent. Raises DataError."""
    partial = cache.with_name(f".{os.getpid()}-{cache.name}")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            resized = write_pixels(file, image_files, config, report)
        if resized:
            resized_marker(cache).touch()
        partial.replace(cache)
    except OSError as error:
        raise DataError(
            f"the decoded images cannot be saved in {cache.parent} ({error.strerror or error}); free some space "
            "there or check the disk, then try again"
        ) from error
    finally:
        with contextlib.suppress(OSError):  # already renamed, or its folder is missing
            partial.unlink()


def write_pixels(file: IO[bytes], image_files: list[ImageFile], config: DataConfig, report: Report) -> bool:
    """Write a .npy file, image by image (if it were memory-mapped, a full disk would be a crash).

    Returns whether any image was resized.
    """
    shape = (len(image_files), config.channels, config.image_size, config.image_size)
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    resized = False
    for index, image_file in enumerate(image_files):
        pixels, changed = decode(image_file.path, config)
        file.write(pixels.tobytes())
        resized |= changed
        if index % 50 == 0:
            report(index / len(image_files), f"Reading {len(image_files):,} images.")
    return resized


def decode(path: Path, config: DataConfig) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], bool]:
    """(C, S, S) uint8 of one file, as `fit`, and whether it was resized. Raises DataError."""
    try:
        with Image.open(path) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise FolderError(f"the image {path} is damaged ({error}); replace it or remove it from the folder") from error
    return fit(upright, config)


def fit(image: Image.Image, config: DataConfig) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], bool]:
    """(C, S, S) uint8 of an upright image (on white, central square, resized), and whether it was resized."""
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
    """The image in eight bits, with transparency on white."""
    if image.mode.startswith("I"):  # 16 bits, which some formats store in 32
        values = np.asarray(image, dtype=np.float64)
        return Image.fromarray((values / WHITE_OF_16_BITS * 255).round().clip(0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        coloured = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    return image

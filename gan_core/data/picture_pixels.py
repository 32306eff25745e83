"""The pixels of a picture as the networks see them: eight bits, one ground, one size.

A picture with more than eight bits a value (16-bit PNG, float TIFF) is scaled by the range of its whole data set, since
what is white in it depends on the camera: 4,095, 65,535 or 1.0.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from gan_core.config import DataConfig
from gan_core.config.sections import Ground
from gan_core.data.file_kinds import DEEP, MOST_PIXELS, TOO_LARGE, formats

Pixels = npt.NDArray[np.uint8]
WHITES = (1, 255, 1_023, 4_095, 16_383, 65_535)  # the largest values of 1, 8, 10, 12, 14 and 16 bits, and of floats
NOT_FINITE = "it holds values that are no numbers or infinite"
STRIP_ROWS = 256  # of a large picture that are computed at once
MOST_UNPACKED = 1_032  # bytes that deflate makes of one: zlib, technical details
MOSTLY = 0.9  # share of the images
PLAIN = 8  # of 255: a picture with less between its darkest and its brightest pixel is of one colour


class Levels(NamedTuple):
    """The values that become black and white in a picture of more than eight bits."""

    black: float = 0.0
    white: float = 65_535.0


class Picture(NamedTuple):
    """One picture as the networks see it, and what was done to it."""

    pixels: Pixels  # (C, S, S)
    resized: bool
    animated: bool  # only its first frame is used
    plain: bool  # it is of one colour


def read_picture(path: Path, config: DataConfig, levels: Levels) -> Picture:
    """One file as the networks see it. Any exception may be raised for a damaged file."""
    image, animated = opened(path)
    pixels, resized = fit(image, config, levels)
    return Picture(pixels, resized, animated, int(pixels.max()) - int(pixels.min()) < PLAIN)


def opened(path: Path) -> tuple[Image.Image, bool]:
    """The first frame, turned upright, and whether there are more. Any exception may be raised for a damaged file."""
    with Image.open(path, formats=formats()) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(TOO_LARGE)
        animated = image.format != "MPO" and bool(getattr(image, "is_animated", False))  # MPO: a photo and its preview
        if image.format == "PNG" and cannot_hold(path, image):
            raise ValueError("it is cut off")
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    return image, animated


def cannot_hold(path: Path, image: Image.Image) -> bool:
    """Whether a file of this size cannot unpack to so many pixels, of at least one bit, by deflate."""
    return image.width * image.height > 8 * MOST_UNPACKED * path.stat().st_size


def extremes(path: Path) -> tuple[float, float]:
    """The smallest and the largest value of a picture. Any exception may be raised for a damaged file."""
    values = np.asarray(opened(path)[0])
    low, high = float(values.min()), float(values.max())
    if not np.isfinite((low, high)).all():
        raise ValueError(NOT_FINITE)
    return low, high


def levels_over(ends: Sequence[tuple[float, float]]) -> Levels:
    """The levels for pictures with these smallest and largest values; the usual ones without any."""
    return levels_between(min(low for low, _ in ends), max(high for _, high in ends)) if ends else Levels()


def levels_between(low: float, high: float) -> Levels:
    """The smallest usual range that holds these values: 0 to 1, 255, 4,095, ..., or -1 to 1; else exactly theirs."""
    if low >= 0:
        return Levels(0.0, next((float(white) for white in WHITES if high <= white), high))
    return Levels(-1.0, 1.0) if low >= -1 and high <= 1 else Levels(low, high if high > low else low + 1)


def fit(image: Image.Image, config: DataConfig, levels: Levels | None = None) -> tuple[Pixels, bool]:
    """(C, S, S) uint8 of an upright image, and whether it was resized."""
    flat = on_ground(image, config.ground, levels).convert("L" if config.channels == 1 else "RGB")
    size = (config.image_size, config.image_size)
    changed = flat.size != size
    if changed:
        flat = resized(flat, size, config)
    pixels = np.asarray(flat, dtype=np.uint8)
    return (pixels[None] if config.channels == 1 else pixels.transpose(2, 0, 1)), changed


def resized(image: Image.Image, size: tuple[int, int], config: DataConfig) -> Image.Image:
    """The image in another size: its middle, all of it with bars, or all of it out of shape, as `data.fit` says."""
    if config.fit == "pad":
        smaller = max(image.size) > size[0]
        return ImageOps.pad(image, size, filter_for(smaller), color=config.ground)
    smaller = min(image.size) > size[0]
    return (
        image.resize(size, filter_for(smaller))
        if config.fit == "stretch"
        else ImageOps.fit(image, size, filter_for(smaller))
    )


def filter_for(smaller: bool) -> Image.Resampling:
    return Image.Resampling.LANCZOS if smaller else Image.Resampling.BICUBIC


def on_ground(image: Image.Image, ground: str = "white", levels: Levels | None = None) -> Image.Image:
    """The image in eight bits, with what is transparent on a ground of one colour.

    Without `levels` they are those of this image alone.
    """
    if image.mode.startswith(DEEP):
        return Image.fromarray(eight_bits(np.asarray(image), levels))
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        return without_transparency(image, ground)
    return image


def mostly_plain(plain: int, count: int) -> bool:
    """Whether nearly all of so many images are of one colour."""
    return count > 0 and plain >= MOSTLY * count


def other_ground(config: DataConfig) -> Ground:
    """The ground that the data set does not have."""
    return "black" if config.ground == "white" else "white"


def without_transparency(image: Image.Image, ground: str) -> Image.Image:
    """The image on a ground of one colour, in strips, so that a large one needs little memory."""
    flat = Image.new("RGB", image.size)
    for top in range(0, image.height, STRIP_ROWS):
        strip = image.crop((0, top, image.width, min(image.height, top + STRIP_ROWS))).convert("RGBA")
        flat.paste(Image.alpha_composite(Image.new("RGBA", strip.size, ground), strip).convert("RGB"), (0, top))
    return flat


def eight_bits(values: npt.NDArray[Any], levels: Levels | None) -> Pixels:
    """(H, W) uint8 of (H, W) values of any kind, in strips, so that a large picture needs little memory."""
    black, white = levels or levels_between(float(values.min()), float(values.max()))
    pixels = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), STRIP_ROWS):
        strip = values[top : top + STRIP_ROWS].astype(np.float64)
        pixels[top : top + STRIP_ROWS] = ((strip - black) / (white - black) * 255).round().clip(0, 255)
    return pixels

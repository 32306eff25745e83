"""Conversion between the floats of the networks and bytes 0..255; no other file does it."""

import torch
from torch import Tensor

from gan_core.config import ValueRange
from gan_core.numerics.shapes import Bytes, Images

# float = byte * scale + offset
AFFINE: dict[ValueRange, tuple[float, float]] = {"signed": (2 / 255, -1.0), "unit": (1 / 255, 0.0)}


def bytes_to_images(pixels: Bytes, value_range: ValueRange) -> Images:
    """(B, C, H, W) uint8 to float32 in the value range."""
    scale, offset = AFFINE[value_range]
    return pixels.to(torch.float32).mul_(scale).add_(offset)


def images_to_bytes(images: Images, value_range: ValueRange) -> Bytes:
    """(B, C, H, W) float to uint8, rounded to nearest; values outside the range are clamped."""
    scale, offset = AFFINE[value_range]
    return images.sub(offset).div(scale).round().clamp(0, 255).to(torch.uint8)


def bounds(value_range: ValueRange) -> tuple[float, float]:
    """The floats of black and white."""
    scale, offset = AFFINE[value_range]
    return offset, 255 * scale + offset


def pixel_error(pixels: Bytes, target: Bytes) -> Tensor:
    """(B,) float64: the mean squared difference of pixels in [0, 1]; 0 for equal images, 1 for black against white."""
    return ((pixels.double() - target.double()) / 255).square().mean((1, 2, 3))

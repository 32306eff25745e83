"""From latents to pictures, in float64 and eval mode: the same bytes on the page and in the terminal."""

import io
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from torch import Tensor, nn

from gan_core.config import RunConfig
from gan_core.models.networks import Discriminator, Generator, empty_discriminator, empty_generator
from gan_core.numerics.pixel_range import images_to_bytes
from gan_core.numerics.shapes import Bytes, Labels, Latents
from gan_core.pictures.grid_layout import GRID_COLUMNS

Network = TypeVar("Network", bound=nn.Module)
Picture = npt.NDArray[np.uint8]  # (H, W) grey or (H, W, 3) colour


def still_generator(config: RunConfig, classes: int, tensors: dict[str, Tensor]) -> Generator:
    """A float64 generator in eval mode on the CPU, with the given weights (names as in its state_dict)."""
    return still(empty_generator(config, classes), tensors)


def still_discriminator(config: RunConfig, classes: int, tensors: dict[str, Tensor]) -> Discriminator:
    """A discriminator in the same form as `still_generator`."""
    return still(empty_discriminator(config, classes), tensors)


def still(network: Network, tensors: dict[str, Tensor]) -> Network:
    """The network with these weights, in float64 and eval mode, without gradients of its weights."""
    network.load_state_dict(tensors)
    return network.double().eval().requires_grad_(False)


@torch.inference_mode()
def render(generator: Generator, config: RunConfig, z: Latents, y: Labels | None = None) -> Bytes:
    """Latents (B, Z) to pixels (B, C, H, W) uint8 by a `still_generator`."""
    return images_to_bytes(generator(z.double(), y), config.data.value_range)


def grid(pixels: Bytes, columns: int = GRID_COLUMNS) -> Picture:
    """Images (B, C, H, W) uint8 side by side, in native pixels; the rest of the last row is black."""
    count, channels, height, width = pixels.shape
    rows = -(-count // columns)
    sheet = torch.zeros(rows * columns, channels, height, width, dtype=torch.uint8)
    sheet[:count] = pixels.cpu()
    sheet = sheet.view(rows, columns, channels, height, width).permute(0, 3, 1, 4, 2)
    picture: Picture = sheet.reshape(rows * height, columns * width, channels).numpy()
    return picture[:, :, 0] if channels == 1 else picture


def enlarged(picture: Picture, scale: int) -> Picture:
    """Each pixel of (H, W) or (H, W, 3) as a square of scale x scale pixels."""
    return picture.repeat(scale, 0).repeat(scale, 1)


def png(picture: Picture, compression: int = 6, **texts: str) -> bytes:
    """A lossless PNG of (H, W) or (H, W, 3) uint8; `texts` are written before the pixels."""
    about = PngInfo()
    for name, text in texts.items():
        about.add_text(name, text)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG", compress_level=compression, pnginfo=about)
    return buffer.getvalue()


PICTURE_FORMATS: Mapping[str, tuple[str, Mapping[str, Any]]] = {  # of Pillow, by the end of a file's name
    ".png": ("PNG", {}),
    ".webp": ("WEBP", {"lossless": True}),
    ".gif": ("GIF", {}),
    ".jpg": ("JPEG", {"quality": 95}),
    ".jpeg": ("JPEG", {"quality": 95}),
}


def encoded(picture: Picture, suffix: str) -> bytes:
    """(H, W) or (H, W, 3) uint8 as a file with this end of its name, one of PICTURE_FORMATS."""
    name, options = PICTURE_FORMATS[suffix]
    if name == "PNG":
        return png(picture)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format=name, **options)
    return buffer.getvalue()


def grid_labels(count: int, classes: int) -> Labels | None:
    """(count,) the labels of a sample grid: 0, 1, 2, ... repeated; None without labels."""
    return torch.arange(count) % classes if classes else None

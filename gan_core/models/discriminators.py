"""The discriminators as plain layer lists: images (B, C, S, S) to features (B, F) for the head."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from gan_core.config import DcganDiscriminator, MlpDiscriminator, ResizeDiscriminator, StudioDiscriminator
from gan_core.models.generators import ACTIVATIONS, NORMS, Shape, halvings
from gan_core.models.layers import SLOPE, Dropout, ToNumbers, spectrally_normed

ConvConfig = DcganDiscriminator | ResizeDiscriminator | StudioDiscriminator


def mlp(config: MlpDiscriminator, shape: Shape) -> tuple[list[nn.Module], int]:
    channels, size = shape
    inputs = channels * size * size
    layers: list[nn.Module] = [nn.Flatten()]
    for index, width in enumerate(config.widths):
        norm = NORMS[config.norm](width) if index else []
        dropout = [Dropout(config.dropout)] if config.dropout else []
        linear = spectrally_normed(nn.Linear(inputs, width), config.spectral_norm)
        layers += [linear, *norm, ACTIVATIONS[config.activation](), *dropout]
        inputs = width
    return layers, inputs


def block(config: ConvConfig, convolution: nn.Conv2d, first: bool) -> list[nn.Module]:
    """Convolution, norm (not at the pixels: Radford et al. 2016, section 3), LeakyReLU, dropout."""
    norm = [nn.BatchNorm2d(convolution.out_channels)] if config.norm == "batch" and not first else []
    dropout = [Dropout(config.dropout)] if config.dropout else []
    return [spectrally_normed(convolution, config.spectral_norm), *norm, nn.LeakyReLU(SLOPE, inplace=True), *dropout]


def dcgan(config: DcganDiscriminator, shape: Shape) -> tuple[list[nn.Module], int]:
    """Radford et al. 2016: a strided convolution a halving, down to the size that the generator starts from."""
    channels, size = shape
    layers: list[nn.Module] = []
    for index in range(halvings(size)):
        width = config.width << index
        layers += block(config, nn.Conv2d(channels, width, 4, 2, 1), first=index == 0)
        channels, size = width, size // 2
    return [*layers, ToNumbers()], channels * size * size


def resize(config: ResizeDiscriminator, shape: Shape) -> tuple[list[nn.Module], int]:
    channels, size = shape
    layers: list[nn.Module] = []
    # never over a single pixel: there a strided bfloat16 convolution reads memory that nobody wrote (torch 2.14, CPU)
    for index in range(min(4, (size - 1).bit_length())):
        width = config.width << index
        layers += block(config, nn.Conv2d(channels, width, 3, 2, 1), first=index == 0)
        channels, size = width, (size + 1) // 2
    return [*layers, ToNumbers()], channels * size * size


def studio(config: StudioDiscriminator, shape: Shape) -> tuple[list[nn.Module], int]:
    channels, size = shape
    width, coarse = config.width, size // 4
    return [
        *block(config, nn.Conv2d(channels, width, 4, 2, 1), first=True),
        *block(config, nn.Conv2d(width, 2 * width, 4, 2, 1), first=False),
        *block(config, nn.Conv2d(2 * width, 4 * width, 3, 1, 1), first=False),
        ToNumbers(),
    ], 4 * width * coarse * coarse


DISCRIMINATORS: Mapping[str, Callable[[Any, Shape], tuple[list[nn.Module], int]]] = {
    "mlp": mlp,
    "dcgan": dcgan,
    "resize": resize,
    "studio": studio,
}

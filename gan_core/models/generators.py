"""The generators as plain layer lists: latents (B, Z) to images (B, C, S, S).

`inputs` is the latent size plus the number of classes; `shape` is (C, S).
"""

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from gan_core.config import Activation, DcganGenerator, MlpGenerator, Norm, Output, ResizeGenerator, StudioGenerator
from gan_core.models.layers import SLOPE, Dropout, ToImages, UpsampledConv2d

Shape = tuple[int, int]  # channels, size

ACTIVATIONS: Mapping[Activation, Callable[[], nn.Module]] = {
    "relu": lambda: nn.ReLU(inplace=True),
    "leaky_relu": lambda: nn.LeakyReLU(SLOPE, inplace=True),
}
NORMS: Mapping[Norm, Callable[[int], list[nn.Module]]] = {
    "none": lambda width: [],
    "batch": lambda width: [nn.BatchNorm1d(width)],
    "layer": lambda width: [nn.LayerNorm(width)],
}
OUTPUTS: Mapping[Output, Callable[[], nn.Module]] = {"tanh": nn.Tanh, "linear": nn.Identity, "sigmoid": nn.Sigmoid}


def halvings(size: int) -> int:
    """How often an image of `size` can be halved, down to 4 to 7 pixels: 28 -> 14 -> 7 gives 2."""
    count = 0
    while size % 2 == 0 and size >= 8:
        size, count = size // 2, count + 1
    return count


def mlp(config: MlpGenerator, inputs: int, shape: Shape) -> list[nn.Module]:
    channels, size = shape
    layers: list[nn.Module] = []
    for index, width in enumerate(config.widths):
        norm = NORMS[config.norm](width) if index else []
        dropout = [Dropout(config.dropout)] if config.dropout else []
        layers += [nn.Linear(inputs, width), *norm, ACTIVATIONS[config.activation](), *dropout]
        inputs = width
    return [
        *layers,
        nn.Linear(inputs, channels * size * size),
        OUTPUTS[config.output](),
        nn.Unflatten(1, (channels, size, size)),
    ]


def dcgan(config: DcganGenerator, inputs: int, shape: Shape) -> list[nn.Module]:
    """Radford et al. 2016, figure 1, from the coarsest size that the image allows."""
    channels, size = shape
    doublings = halvings(size)
    width, coarse = config.width << (doublings - 1), size >> doublings
    layers: list[nn.Module] = [
        nn.Linear(inputs, width * coarse * coarse, bias=False),
        ToImages(width, coarse),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    ]
    for _ in range(doublings - 1):
        layers += [
            nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width // 2),
            nn.ReLU(inplace=True),
        ]
        width //= 2
    return [*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), OUTPUTS[config.output]()]


def resize(config: ResizeGenerator, inputs: int, shape: Shape) -> list[nn.Module]:
    """Upsample, then convolve  (Odena et al. 2016, "Deconvolution and checkerboard artifacts")."""
    channels, size = shape
    width, coarse = config.width, size // 4

    def norm(features: int) -> list[nn.Module]:
        return [nn.BatchNorm2d(features)] if config.norm == "batch" else []

    return [
        nn.Linear(inputs, width * coarse * coarse),
        ToImages(width, coarse),
        *norm(width),
        UpsampledConv2d(width, width),
        *norm(width),
        nn.LeakyReLU(SLOPE, inplace=True),
        UpsampledConv2d(width, width // 2),
        *norm(width // 2),
        nn.LeakyReLU(SLOPE, inplace=True),
        nn.Conv2d(width // 2, channels, 3, padding=1),
        OUTPUTS[config.output](),
    ]


def studio(config: StudioGenerator, inputs: int, shape: Shape) -> list[nn.Module]:
    """Width at a quarter of the size, where convolution is cheap; the last two doublings are pixel shuffles.

    The sub-pixel convolution is Shi et al. 2016, eq. 4.
    """
    channels, size = shape
    width, coarse = config.width, size // 4
    return [
        nn.Linear(inputs, width * coarse * coarse, bias=False),
        ToImages(width, coarse),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width // 2),
        nn.ReLU(inplace=True),
        nn.Conv2d(width // 2, channels * 4, 3, padding=1),
        nn.PixelShuffle(2),
        OUTPUTS[config.output](),
    ]


GENERATORS: Mapping[str, Callable[[Any, int, Shape], list[nn.Module]]] = {
    "mlp": mlp,
    "dcgan": dcgan,
    "resize": resize,
    "studio": studio,
}

"""Layers that several families are built from, by the words of their settings."""

from collections.abc import Callable, Mapping

from torch import nn

from gan_core.models.family import Activation, DiscriminatorSettings, Layers, Norm, Output, Shape
from gan_core.models.layers import SLOPE, Dropout, ToImages, ToNumbers, spectrally_normed

ACTIVATIONS: Mapping[Activation, Callable[[], nn.Module]] = {
    "relu": lambda: nn.ReLU(inplace=True),
    "leaky_relu": lambda: nn.LeakyReLU(SLOPE, inplace=True),
}
NORMS: Mapping[Norm, Callable[[int], list[nn.Module]]] = {  # of (B, width)
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


def first_image(inputs: int, width: int, coarse: int) -> Layers:
    """(B, inputs) to (B, width, coarse, coarse): linear layer, batch norm, ReLU  (Radford et al. 2016, figure 1)."""
    return [
        nn.Linear(inputs, width * coarse * coarse, bias=False),
        ToImages(width, coarse),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    ]


def doubling(width: int) -> Layers:
    """(B, width, S, S) to (B, width / 2, 2 S, 2 S): transposed convolution, batch norm, ReLU."""
    return [
        nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width // 2),
        nn.ReLU(inplace=True),
    ]


def hidden_convolution(settings: DiscriminatorSettings, convolution: nn.Conv2d, first: bool) -> Layers:
    """Convolution, norm (not in the first layer: Radford et al. 2016, section 3), LeakyReLU, dropout."""
    norm = [nn.BatchNorm2d(convolution.out_channels)] if settings.norm == "batch" and not first else []
    dropout = [Dropout(settings.dropout)] if settings.dropout else []
    return [
        spectrally_normed(convolution, settings.spectral_norm),
        *norm,
        nn.LeakyReLU(SLOPE, inplace=True),
        *dropout,
    ]


def halving_convolutions(
    settings: DiscriminatorSettings, shape: Shape, width: int, count: int, kernel: int
) -> tuple[Layers, int]:
    """`count` convolutions of stride 2, `width` channels in the first and twice as many in each next one.

    Images (B, C, S, S) to features (B, F) for the head, and F.
    """
    channels, size = shape
    layers: Layers = []
    for index in range(count):
        convolution = nn.Conv2d(channels, width << index, kernel, stride=2, padding=1)
        layers += hidden_convolution(settings, convolution, first=index == 0)
        channels, size = width << index, (size + 2 - kernel) // 2 + 1
    return [*layers, ToNumbers()], channels * size * size


def hidden_linear(linear: nn.Module, width: int, norm: Norm, activation: Activation, dropout: float) -> Layers:
    """A linear layer with `width` outputs, norm, nonlinearity, dropout."""
    return [linear, *NORMS[norm](width), ACTIVATIONS[activation](), *([Dropout(dropout)] if dropout else [])]

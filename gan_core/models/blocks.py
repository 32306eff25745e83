"""Layers that several families are built from, by the words of their settings."""

from collections.abc import Callable, Mapping

from torch import nn

from gan_core.models.family import Activation, DiscriminatorSettings, Norm, Output
from gan_core.models.layers import SLOPE, Dropout, spectrally_normed

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


def hidden_convolution(settings: DiscriminatorSettings, convolution: nn.Conv2d, first: bool) -> list[nn.Module]:
    """Convolution, norm (not in the first layer: Radford et al. 2016, section 3), LeakyReLU, dropout."""
    norm = [nn.BatchNorm2d(convolution.out_channels)] if settings.norm == "batch" and not first else []
    dropout = [Dropout(settings.dropout)] if settings.dropout else []
    return [
        spectrally_normed(convolution, settings.spectral_norm),
        *norm,
        nn.LeakyReLU(SLOPE, inplace=True),
        *dropout,
    ]

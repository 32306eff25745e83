"""Strided and transposed convolutions with batch norm (Radford et al. 2016)."""

from typing import ClassVar, Literal

from gan_core.config.fields import knob
from gan_core.models.family import (
    ConvNorm,
    DiscriminatorSettings,
    Family,
    GeneratorSettings,
    Layers,
    Norm,
    Output,
    Shape,
)
from gan_core.models.settings import CHANNEL_DROPOUT, OUTPUT, SPECTRAL_NORM


class DcganGenerator(GeneratorSettings):
    """Transposed convolutions and batch norm."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["dcgan"] = "dcgan"
    width: int = knob(
        32, "Channels of the last hidden layer; each earlier one has twice as many.", unit="channels", ge=4, le=512
    )
    output: Output = OUTPUT

    def layers(self, inputs: int, shape: Shape) -> Layers:
        """Radford et al. 2016, figure 1, from the coarsest size that the image allows."""
        from torch import nn

        from gan_core.models.blocks import OUTPUTS, doubling, first_image, halvings

        channels, size = shape
        doublings = halvings(size)
        width, coarse = self.width << (doublings - 1), size >> doublings
        layers = first_image(inputs, width, coarse)
        for _ in range(doublings - 1):
            layers += doubling(width)
            width //= 2
        return [*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), OUTPUTS[self.output]()]


class DcganDiscriminator(DiscriminatorSettings):
    """Strided 4 x 4 convolutions, twice as many channels at each halving."""

    family: Literal["dcgan"] = "dcgan"
    width: int = knob(32, "Channels of the first layer.", unit="channels", ge=4, le=512)
    norm: ConvNorm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Radford et al. 2016, section 3"
    )
    dropout: float = CHANNEL_DROPOUT
    spectral_norm: bool = SPECTRAL_NORM

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        """Radford et al. 2016: a strided convolution a halving, down to the size that the generator starts from."""
        from gan_core.models.blocks import halving_convolutions, halvings

        return halving_convolutions(self, shape, self.width, count=halvings(shape[1]), kernel=4)


FAMILY = Family(DcganGenerator, DcganDiscriminator, style="radford", channels_last=True, size_multiple=4)

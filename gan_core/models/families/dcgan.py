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


class DcganGenerator(GeneratorSettings):
    """Transposed convolutions and batch norm."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["dcgan"] = "dcgan"
    width: int = knob(
        32, "Channels of the last hidden layer; each earlier one has twice as many.", unit="channels", ge=4, le=512
    )
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")

    def layers(self, inputs: int, shape: Shape) -> Layers:
        """Radford et al. 2016, figure 1, from the coarsest size that the image allows."""
        from torch import nn

        from gan_core.models.blocks import OUTPUTS, halvings
        from gan_core.models.layers import ToImages

        channels, size = shape
        doublings = halvings(size)
        width, coarse = self.width << (doublings - 1), size >> doublings
        layers: Layers = [
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
        return [*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1), OUTPUTS[self.output]()]


class DcganDiscriminator(DiscriminatorSettings):
    """Strided 4 x 4 convolutions, twice as many channels at each halving."""

    family: Literal["dcgan"] = "dcgan"
    width: int = knob(32, "Channels of the first layer.", unit="channels", ge=4, le=512)
    norm: ConvNorm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Radford et al. 2016, section 3"
    )
    dropout: float = knob(0.0, "Share of channels dropped after each hidden layer in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        """Radford et al. 2016: a strided convolution a halving, down to the size that the generator starts from."""
        from torch import nn

        from gan_core.models.blocks import halvings, hidden_convolution
        from gan_core.models.layers import ToNumbers

        channels, size = shape
        layers: Layers = []
        for index in range(halvings(size)):
            width = self.width << index
            layers += hidden_convolution(self, nn.Conv2d(channels, width, 4, 2, 1), first=index == 0)
            channels, size = width, size // 2
        return [*layers, ToNumbers()], channels * size * size


FAMILY = Family(DcganGenerator, DcganDiscriminator, style="radford", channels_last=True, size_multiple=4)

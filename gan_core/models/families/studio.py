"""This project's default: the width where convolution is cheap, the full size by a pixel shuffle."""

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


class StudioGenerator(GeneratorSettings):
    """Our own: the width where convolution is cheap, the full size made by a pixel shuffle."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["studio"] = "studio"
    width: int = knob(64, "Channels at the coarsest size.", unit="channels", ge=8, le=512)
    output: Output = OUTPUT

    def layers(self, inputs: int, shape: Shape) -> Layers:
        """Width at a quarter of the size, where convolution is cheap; the last two doublings are pixel shuffles.

        The sub-pixel convolution is Shi et al. 2016, eq. 4.
        """
        from torch import nn

        from gan_core.models.blocks import OUTPUTS, doubling, first_image

        channels, size = shape
        width, coarse = self.width, size // 4
        return [
            *first_image(inputs, width, coarse),
            *doubling(width),
            nn.Conv2d(width // 2, channels * 4, 3, padding=1),
            nn.PixelShuffle(2),
            OUTPUTS[self.output](),
        ]


class StudioDiscriminator(DiscriminatorSettings):
    """Our own: two strided convolutions and a wide one at the coarsest size."""

    family: Literal["studio"] = "studio"
    width: int = knob(
        32, "Channels of the first layer; twice and four times as many follow.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob("batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015")
    dropout: float = CHANNEL_DROPOUT
    spectral_norm: bool = SPECTRAL_NORM

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.blocks import hidden_convolution
        from gan_core.models.layers import ToNumbers

        channels, size = shape
        width, coarse = self.width, size // 4
        return [
            *hidden_convolution(self, nn.Conv2d(channels, width, 4, 2, 1), first=True),
            *hidden_convolution(self, nn.Conv2d(width, 2 * width, 4, 2, 1), first=False),
            *hidden_convolution(self, nn.Conv2d(2 * width, 4 * width, 3, 1, 1), first=False),
            ToNumbers(),
        ], 4 * width * coarse * coarse


FAMILY = Family(StudioGenerator, StudioDiscriminator, style="fan_in", channels_last=True, size_multiple=4)

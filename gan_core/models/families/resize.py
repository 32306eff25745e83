"""Upsampling followed by convolution, which draws no checkerboard (Odena et al. 2016)."""

from typing import Literal

from gan_core.config.fields import knob
from gan_core.models.family import ConvNorm, DiscriminatorSettings, Family, GeneratorSettings, Layers, Output, Shape
from gan_core.models.settings import CHANNEL_DROPOUT, OUTPUT, SPECTRAL_NORM


class ResizeGenerator(GeneratorSettings):
    """A linear layer, then upsampling followed by convolution: no checkerboard by construction."""

    family: Literal["resize"] = "resize"
    width: int = knob(
        32, "Channels at the two coarse sizes; half of it at the full size.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob(
        "batch", "Normalisation of the hidden layers.", source="Odena et al. 2016; Ioffe & Szegedy 2015"
    )
    output: Output = OUTPUT

    def layers(self, inputs: int, shape: Shape) -> Layers:
        """Upsample, then convolve  (Odena et al. 2016, "Deconvolution and checkerboard artifacts")."""
        from torch import nn

        from gan_core.models.blocks import OUTPUTS
        from gan_core.models.layers import SLOPE, ToImages, UpsampledConv2d

        channels, size = shape
        width, coarse = self.width, size // 4

        def norm(features: int) -> Layers:
            return [nn.BatchNorm2d(features)] if self.norm == "batch" else []

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
            OUTPUTS[self.output](),
        ]


class ResizeDiscriminator(DiscriminatorSettings):
    """Four strided 3 x 3 convolutions (three at 8 pixels)."""

    family: Literal["resize"] = "resize"
    width: int = knob(
        16, "Channels of the first layer; each further one has twice as many.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob("batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015")
    dropout: float = CHANNEL_DROPOUT
    spectral_norm: bool = SPECTRAL_NORM

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from gan_core.models.blocks import halving_convolutions

        # never on a single pixel: a strided bfloat16 convolution then reads uninitialised memory (torch 2.14, CPU)
        count = min(4, (shape[1] - 1).bit_length())
        return halving_convolutions(self, shape, self.width, count, kernel=3)


FAMILY = Family(ResizeGenerator, ResizeDiscriminator, style="fan_in", channels_last=True, size_multiple=4)

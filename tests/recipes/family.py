"""One linear layer for each player: the smallest networks that can play."""

from typing import ClassVar, Literal

from gan_core.config.fields import knob
from gan_core.models.family import DiscriminatorSettings, Family, GeneratorSettings, Layers, Norm, Output, Shape


class OneLayerGenerator(GeneratorSettings):
    """One linear layer from the latent to the pixels."""

    family: Literal["one-layer"] = "one-layer"
    norm: ClassVar[Norm] = "none"
    output: ClassVar[Output] = "tanh"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        channels, size = shape
        pixels = channels * size * size
        return [nn.Linear(inputs, pixels), nn.Tanh(), nn.Unflatten(1, (channels, size, size))]


class OneLayerDiscriminator(DiscriminatorSettings):
    """One linear layer from the pixels to the features of the head."""

    family: Literal["one-layer"] = "one-layer"
    features: int = knob(16, "Features that the head reads.", unit="units", ge=1, le=1024)
    norm: ClassVar[Norm] = "none"
    dropout: ClassVar[float] = 0.0
    spectral_norm: ClassVar[bool] = False

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        channels, size = shape
        return [nn.Flatten(), nn.Linear(channels * size * size, self.features)], self.features


FAMILY = Family(OneLayerGenerator, OneLayerDiscriminator, style="fan_in", channels_last=False)

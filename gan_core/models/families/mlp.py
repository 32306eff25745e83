"""Linear layers only, as the networks of the first GANs (Goodfellow et al. 2014)."""

from typing import Literal

from gan_core.config.fields import Widths, knob
from gan_core.models.family import (
    Activation,
    DiscriminatorSettings,
    Family,
    GeneratorSettings,
    Layers,
    Norm,
    Output,
    Shape,
)
from gan_core.models.settings import ACTIVATION, OUTPUT, SPECTRAL_NORM, UNIT_DROPOUT


class MlpGenerator(GeneratorSettings):
    """Linear layers only: the generator of the first tutorials."""

    family: Literal["mlp"] = "mlp"
    widths: Widths = knob((128, 256, 512, 1024), "Widths of the hidden layers.", unit="units")
    activation: Activation = ACTIVATION
    norm: Norm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = UNIT_DROPOUT
    output: Output = OUTPUT

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        from gan_core.models.blocks import OUTPUTS, hidden_linear

        channels, size = shape
        layers: Layers = []
        for index, width in enumerate(self.widths):
            norm = self.norm if index else "none"
            layers += hidden_linear(nn.Linear(inputs, width), width, norm, self.activation, self.dropout)
            inputs = width
        return [
            *layers,
            nn.Linear(inputs, channels * size * size),
            OUTPUTS[self.output](),
            nn.Unflatten(1, (channels, size, size)),
        ]


class MlpDiscriminator(DiscriminatorSettings):
    """Linear layers only: the discriminator of the first tutorials."""

    family: Literal["mlp"] = "mlp"
    widths: Widths = knob((512, 256), "Widths of the hidden layers.", unit="units")
    activation: Activation = ACTIVATION
    norm: Norm = knob(
        "none", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = UNIT_DROPOUT
    spectral_norm: bool = SPECTRAL_NORM

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.blocks import hidden_linear
        from gan_core.models.layers import spectrally_normed

        channels, size = shape
        inputs = channels * size * size
        layers: Layers = [nn.Flatten()]
        for index, width in enumerate(self.widths):
            linear = spectrally_normed(nn.Linear(inputs, width), self.spectral_norm)
            norm = self.norm if index else "none"
            layers += hidden_linear(linear, width, norm, self.activation, self.dropout)
            inputs = width
        return layers, inputs


FAMILY = Family(MlpGenerator, MlpDiscriminator, style="fan_in", channels_last=False)

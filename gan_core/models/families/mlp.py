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


class MlpGenerator(GeneratorSettings):
    """Linear layers only: the generator of the first tutorials."""

    family: Literal["mlp"] = "mlp"
    widths: Widths = knob((128, 256, 512, 1024), "Widths of the hidden layers.", unit="units")
    activation: Activation = knob("leaky_relu", "Nonlinearity of the hidden layers (LeakyReLU with slope 0.2).")
    norm: Norm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = knob(0.0, "Share of hidden units dropped in training.", ge=0, le=0.9)
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        from gan_core.models.blocks import ACTIVATIONS, NORMS, OUTPUTS
        from gan_core.models.layers import Dropout

        channels, size = shape
        layers: Layers = []
        for index, width in enumerate(self.widths):
            norm = NORMS[self.norm](width) if index else []
            dropout = [Dropout(self.dropout)] if self.dropout else []
            layers += [nn.Linear(inputs, width), *norm, ACTIVATIONS[self.activation](), *dropout]
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
    activation: Activation = knob("leaky_relu", "Nonlinearity of the hidden layers (LeakyReLU with slope 0.2).")
    norm: Norm = knob(
        "none", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = knob(0.0, "Share of hidden units dropped in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.blocks import ACTIVATIONS, NORMS
        from gan_core.models.layers import Dropout, spectrally_normed

        channels, size = shape
        inputs = channels * size * size
        layers: Layers = [nn.Flatten()]
        for index, width in enumerate(self.widths):
            norm = NORMS[self.norm](width) if index else []
            dropout = [Dropout(self.dropout)] if self.dropout else []
            linear = spectrally_normed(nn.Linear(inputs, width), self.spectral_norm)
            layers += [linear, *norm, ACTIVATIONS[self.activation](), *dropout]
            inputs = width
        return layers, inputs


FAMILY = Family(MlpGenerator, MlpDiscriminator, style="fan_in", channels_last=False)

"""The linear branch of 0xArete/0-9-number-generator, PyTorch (2020): `networks.py` of its branch old_master."""

from typing import ClassVar, Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Norm, Shape


class ColabLinearGenerator(ClassicGenerator):
    """Two linear layers with layer norm between them."""

    norm: ClassVar[Norm] = "layer"
    family: Literal["colab-linear"] = "colab-linear"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        return [
            nn.Linear(inputs, 200),
            nn.LeakyReLU(0.02, inplace=True),
            nn.LayerNorm(200),
            nn.Linear(200, shape[0] * 784),
            nn.Sigmoid(),
            nn.Unflatten(1, (shape[0], 28, 28)),
        ]


class ColabLinearDiscriminator(ClassicDiscriminator):
    """Two linear layers with layer norm between them."""

    norm: ClassVar[Norm] = "layer"
    family: Literal["colab-linear"] = "colab-linear"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        return [nn.Flatten(), nn.Linear(shape[0] * 784, 200), nn.LeakyReLU(0.02, inplace=True), nn.LayerNorm(200)], 200


FAMILY = Family(ColabLinearGenerator, ColabLinearDiscriminator, style="fan_in", channels_last=False, only_size=28)

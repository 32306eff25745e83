"""The networks of Udacity, deep-learning-v2-pytorch, `MNIST_GAN_Solution.ipynb` (2018)."""

from typing import ClassVar, Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Output, Shape


def hidden(inputs: int, outputs: int) -> Layers:
    """A hidden layer of both players."""
    from torch import nn

    from gan_core.models.layers import Dropout

    return [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True), Dropout(0.3)]


class UdacityLinearGenerator(ClassicGenerator):
    """Four linear layers with dropout."""

    output: ClassVar[Output] = "tanh"
    family: Literal["udacity-linear"] = "udacity-linear"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        return [
            *hidden(inputs, 32),
            *hidden(32, 64),
            *hidden(64, 128),
            nn.Linear(128, shape[0] * 784),
            nn.Tanh(),
            nn.Unflatten(1, (shape[0], 28, 28)),
        ]


class UdacityLinearDiscriminator(ClassicDiscriminator):
    """Four linear layers with dropout."""

    dropout: ClassVar[float] = 0.3
    family: Literal["udacity-linear"] = "udacity-linear"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        return [
            nn.Flatten(),
            *hidden(shape[0] * 784, 128),
            *hidden(128, 64),
            *hidden(64, 32),
        ], 32


FAMILY = Family(UdacityLinearGenerator, UdacityLinearDiscriminator, style="fan_in", channels_last=False, only_size=28)

"""The networks of Brownlee, "How to Develop a GAN for Generating MNIST Handwritten Digits", Keras (2019)."""

from typing import ClassVar, Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Shape


class KerasConvGenerator(ClassicGenerator):
    """A linear layer and two transposed convolutions of 128 channels."""

    family: Literal["keras-conv"] = "keras-conv"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        from gan_core.models.layers import ToImages

        return [
            nn.Linear(inputs, 128 * 7 * 7),
            nn.LeakyReLU(0.2, inplace=True),
            ToImages(128, 7),
            nn.ConvTranspose2d(128, 128, 4, 2, 1),  # (B, 128, 14, 14)
            nn.LeakyReLU(0.2, inplace=True),
            nn.ConvTranspose2d(128, 128, 4, 2, 1),  # (B, 128, 28, 28)
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(128, shape[0], 7, 1, 3),
            nn.Sigmoid(),
        ]


class KerasConvDiscriminator(ClassicDiscriminator):
    """Two strided convolutions with dropout."""

    dropout: ClassVar[float] = 0.4
    family: Literal["keras-conv"] = "keras-conv"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.layers import Dropout, ToNumbers

        return [
            nn.Conv2d(shape[0], 64, 3, 2, 1),  # (B, 64, 14, 14)
            nn.LeakyReLU(0.2, inplace=True),
            Dropout(0.4, whole_channels=False),
            nn.Conv2d(64, 64, 3, 2, 1),  # (B, 64, 7, 7)
            nn.LeakyReLU(0.2, inplace=True),
            Dropout(0.4, whole_channels=False),
            ToNumbers(),
        ], 64 * 7 * 7


FAMILY = Family(KerasConvGenerator, KerasConvDiscriminator, style="glorot", channels_last=True, only_size=28)

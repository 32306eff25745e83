"""The networks of 0xArete/0-9-number-generator, a PyTorch notebook for Colab (2020): `train_mnist_cgan.ipynb`.

Two layers are written in another form that computes the same, because tools that read a network look for it: a
transposed convolution of a single pixel is a linear layer (its bias, one for each channel, has no effect before a batch
norm and is left out), and a convolution that fits in one place only is the head.
"""

from typing import ClassVar, Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Norm, Output, Shape


class ColabDcganGenerator(ClassicGenerator):
    """Four transposed convolutions from 100 numbers: 4, 7, 14, 28 pixels."""

    norm: ClassVar[Norm] = "batch"
    output: ClassVar[Output] = "tanh"
    family: Literal["colab-dcgan"] = "colab-dcgan"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        from gan_core.models.layers import ToImages

        return [
            nn.Linear(inputs, 512 * 4 * 4, bias=False),  # ConvTranspose2d(100, 512, 4) of one pixel
            ToImages(512, 4),
            nn.BatchNorm2d(512),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(512, 256, 4, 1),  # (B, 256, 7, 7)
            nn.BatchNorm2d(256),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(256, 128, 4, 2, 1),  # (B, 128, 14, 14)
            nn.BatchNorm2d(128),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(128, shape[0], 4, 2, 1),
            nn.Tanh(),
        ]


class ColabDcganDiscriminator(ClassicDiscriminator):
    """Four convolutions with batch norm, at the pixels too."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["colab-dcgan"] = "colab-dcgan"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.layers import ToNumbers

        return [
            nn.Conv2d(shape[0], 128, 4, 2),  # (B, 128, 13, 13)
            nn.BatchNorm2d(128),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(128, 256, 4, 2, 1),  # (B, 256, 6, 6)
            nn.BatchNorm2d(256),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(256, 512, 4, 2, 1),  # (B, 512, 3, 3)
            nn.BatchNorm2d(512),
            nn.LeakyReLU(0.2, inplace=True),
            nn.ZeroPad2d((1, 0, 1, 0)),  # Conv2d(512, 1, 4, 2, 1) fits once, over the padding above and to the left
            ToNumbers(),
        ], 512 * 4 * 4


FAMILY = Family(ColabDcganGenerator, ColabDcganDiscriminator, style="fan_in", channels_last=True, only_size=28)

"""The networks of aalind0/GAN-auto-write, TensorFlow (2017), after O'Reilly's tutorial for beginners."""

from typing import ClassVar, Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Norm, Shape


class AutoWriteGenerator(ClassicGenerator):
    """An image of 56 pixels that strided convolutions reduce to 28."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["auto-write"] = "auto-write"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        from gan_core.models.layers import ToImages

        return [
            nn.Linear(inputs, 3136),
            ToImages(1, 56),
            nn.BatchNorm2d(1),
            nn.ReLU(inplace=True),
            nn.Conv2d(1, 50, 3, 2, 1),  # (B, 50, 28, 28)
            nn.BatchNorm2d(50),
            nn.ReLU(inplace=True),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(50, 25, 3, 2, 1),
            nn.BatchNorm2d(25),
            nn.ReLU(inplace=True),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(25, shape[0], 1, 2),
            nn.Sigmoid(),
        ]


class AutoWriteDiscriminator(ClassicDiscriminator):
    """Two convolutions with average pooling and two linear layers."""

    family: Literal["auto-write"] = "auto-write"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        from gan_core.models.layers import ToNumbers

        return [
            nn.Conv2d(shape[0], 32, 5, 1, 2),
            nn.ReLU(inplace=True),
            nn.AvgPool2d(2),  # (B, 32, 14, 14)
            nn.Conv2d(32, 64, 5, 1, 2),
            nn.ReLU(inplace=True),
            nn.AvgPool2d(2),  # (B, 64, 7, 7)
            ToNumbers(),
            nn.Linear(64 * 7 * 7, 1024),
            nn.ReLU(inplace=True),
        ], 1024


FAMILY = Family(AutoWriteGenerator, AutoWriteDiscriminator, style="radford", channels_last=True, only_size=28)

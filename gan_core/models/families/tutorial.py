"""The networks of wiseodd/generative-models, `gan_pytorch.py` (Kristiadi 2016), for both of its losses."""

from typing import Literal

from gan_core.models.family import ClassicDiscriminator, ClassicGenerator, Family, Layers, Shape


class TutorialGenerator(ClassicGenerator):
    """Two linear layers."""

    family: Literal["tutorial"] = "tutorial"

    def layers(self, inputs: int, shape: Shape) -> Layers:
        from torch import nn

        return [
            nn.Linear(inputs, 128),
            nn.ReLU(inplace=True),
            nn.Linear(128, shape[0] * 784),
            nn.Sigmoid(),
            nn.Unflatten(1, (shape[0], 28, 28)),
        ]


class TutorialDiscriminator(ClassicDiscriminator):
    """Two linear layers."""

    family: Literal["tutorial"] = "tutorial"

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        from torch import nn

        return [nn.Flatten(), nn.Linear(shape[0] * 784, 128), nn.ReLU(inplace=True)], 128


FAMILY = Family(TutorialGenerator, TutorialDiscriminator, style="glorot", channels_last=False, only_size=28)

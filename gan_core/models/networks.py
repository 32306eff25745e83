"""The two players: `G(z, y) -> images` and `D(x, y) -> logits`, built from a configuration and one seed."""

from collections.abc import Mapping

import torch
from torch import nn

from gan_core.config import RunConfig
from gan_core.models import classic, discriminators, generators
from gan_core.models.init import Style, initialise
from gan_core.models.layers import LabelledLatent, ProjectionHead, noisy_layers
from gan_core.numerics.rng import generator_for
from gan_core.numerics.shapes import Images, Labels, Latents, Logits

__all__ = [
    "DISCRIMINATORS",
    "GENERATORS",
    "Discriminator",
    "Generator",
    "build_discriminator",
    "build_generator",
    "empty_discriminator",
    "empty_generator",
    "noisy_layers",
]

GENERATORS = {**generators.GENERATORS, **classic.GENERATORS}
DISCRIMINATORS = {**discriminators.DISCRIMINATORS, **classic.DISCRIMINATORS}
STYLE_OF_FAMILY: Mapping[str, Style] = {
    "mlp": "fan_in",
    "dcgan": "radford",
    "resize": "fan_in",
    "studio": "fan_in",
    **classic.STYLES,
}


class Generator(nn.Module):
    """Latents (B, Z), labels (B,) or None -> images (B, C, H, W) in the data's value range."""

    def __init__(self, config: RunConfig, classes: int) -> None:
        super().__init__()
        family = config.model.generator
        shape = (config.data.channels, config.data.image_size)
        self.inputs = LabelledLatent(classes)
        self.layers = nn.Sequential(*GENERATORS[family.family](family, config.model.latent.size + classes, shape))

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        images: Images = self.layers(self.inputs(z, y))
        return images


class Discriminator(nn.Module):
    """Images (B, C, H, W), labels (B,) or None -> logits (B,) float32."""

    def __init__(self, config: RunConfig, classes: int) -> None:
        super().__init__()
        family = config.model.discriminator
        shape = (config.data.channels, config.data.image_size)
        layers, features = DISCRIMINATORS[family.family](family, shape)
        self.layers = nn.Sequential(*layers)
        self.head = ProjectionHead(features, classes, family.spectral_norm)

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        logits: Logits = self.head(self.layers(x), y)
        return logits


def empty_generator(config: RunConfig, classes: int) -> Generator:
    """A generator whose weights are still to be loaded; nothing is drawn. `classes` is 0 without labels."""
    with torch.device("meta"):
        generator = Generator(config, classes)
    return generator.to_empty(device="cpu")


def empty_discriminator(config: RunConfig, classes: int) -> Discriminator:
    """A discriminator whose weights are still to be loaded; nothing is drawn. `classes` is 0 without labels."""
    with torch.device("meta"):
        discriminator = Discriminator(config, classes)
    return discriminator.to_empty(device="cpu")


def build_generator(config: RunConfig, classes: int) -> Generator:
    """A generator with its first weights, a function of `train.seed`."""
    generator = empty_generator(config, classes)
    style = STYLE_OF_FAMILY[config.model.generator.family]
    initialise(generator, style, generator_for(config.train.seed, "weights of g"))
    return generator


def build_discriminator(config: RunConfig, classes: int) -> Discriminator:
    """A discriminator with its first weights, a function of `train.seed`."""
    discriminator = empty_discriminator(config, classes)
    style = STYLE_OF_FAMILY[config.model.discriminator.family]
    initialise(discriminator, style, generator_for(config.train.seed, "weights of d"))
    return discriminator

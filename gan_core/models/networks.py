"""The two players: `G(z, y) -> images` and `D(x, y) -> logits`, built from a configuration and one seed."""

import torch
from torch import nn

from gan_core.config import FAMILIES, RunConfig
from gan_core.models.init import allocated, initialise
from gan_core.models.layers import LabelledLatent, ProjectionHead
from gan_core.numerics.rng import generator_for
from gan_core.numerics.shapes import Images, Labels, Latents, Logits


class Generator(nn.Module):
    """Latents (B, Z), labels (B,) or None -> images (B, C, H, W) in the data's value range."""

    def __init__(self, config: RunConfig, classes: int) -> None:
        super().__init__()
        shape = (config.data.channels, config.data.image_size)
        self.inputs = LabelledLatent(classes)
        self.layers = nn.Sequential(*config.model.generator.layers(config.model.latent.size + classes, shape))

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        images: Images = self.layers(self.inputs(z, y))
        return images


class Discriminator(nn.Module):
    """Images (B, C, H, W), labels (B,) or None -> logits (B,) float32."""

    def __init__(self, config: RunConfig, classes: int) -> None:
        super().__init__()
        settings = config.model.discriminator
        layers, features = settings.layers((config.data.channels, config.data.image_size))
        self.layers = nn.Sequential(*layers)
        self.head = ProjectionHead(features, classes, settings.spectral_norm)

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        logits: Logits = self.head(self.layers(x), y)
        return logits


def empty_generator(config: RunConfig, classes: int) -> Generator:
    """A generator with uninitialised weights, to load weights into; draws nothing. `classes` is 0 without labels."""
    with torch.device("meta"):
        generator = Generator(config, classes)
    return allocated(generator)


def empty_discriminator(config: RunConfig, classes: int) -> Discriminator:
    """A discriminator with uninitialised weights, as `empty_generator`."""
    with torch.device("meta"):
        discriminator = Discriminator(config, classes)
    return allocated(discriminator)


def build_generator(config: RunConfig, classes: int) -> Generator:
    """A generator with its first weights, a function of `train.seed`."""
    generator = empty_generator(config, classes)
    style = FAMILIES[config.model.generator.family].style
    initialise(generator, style, generator_for(config.train.seed, "weights of g"))
    return generator


def build_discriminator(config: RunConfig, classes: int) -> Discriminator:
    """A discriminator with its first weights, a function of `train.seed`."""
    discriminator = empty_discriminator(config, classes)
    style = FAMILIES[config.model.discriminator.family].style
    initialise(discriminator, style, generator_for(config.train.seed, "weights of d"))
    return discriminator


def memory_format(family: str) -> torch.memory_format:
    """The memory layout in which a family's layers are fastest (channels_last for convolutions)."""
    return torch.channels_last if FAMILIES[family].channels_last else torch.contiguous_format

"""What D says about one image, and which pixels its answer depends on."""

import math

import pytest
import torch
from torch import nn

from gan_core.config import LossName, RunConfig
from gan_core.evaluation.discriminator_view import opinion
from gan_core.models.networks import Discriminator, build_discriminator
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.rng import generator_for
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import still_discriminator
from tests.tiny import CLASSES, FAMILIES, tiny_family


def made(family: str = "mlp", **overrides: object) -> tuple[RunConfig, Discriminator]:
    config = tiny_family(family, **overrides)
    classes = CLASSES if config.data.labels else 0
    return config, still_discriminator(config, classes, build_discriminator(config, classes).state_dict())


def noise(count: int = 1, channels: int = 1, size: int = 8) -> Bytes:
    draw = generator_for(0, "noise")
    return torch.randint(256, (count, channels, size, size), generator=draw, dtype=torch.uint8)


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_logit_is_that_of_the_discriminator_for_every_family(family: str, labels: bool) -> None:
    config, discriminator = made(family, data__labels=labels)
    y = torch.tensor([3]) if labels else None

    seen = opinion(discriminator, config, noise(), y)

    x = bytes_to_images(noise(), config.data.value_range).double()
    assert seen.logit == discriminator(x, y).item()
    assert seen.saliency.shape == (8, 8)
    assert seen.saliency.max() == 1
    assert seen.saliency.min() >= 0


@pytest.mark.parametrize(("loss", "knows"), [("non_saturating", True), ("minimax", True), ("wasserstein", False)])
def test_a_probability_is_given_if_the_loss_defines_one(loss: LossName, knows: bool) -> None:
    config, discriminator = made(objective__loss=loss)

    seen = opinion(discriminator, config, noise())

    assert seen.probability == (pytest.approx(1 / (1 + math.exp(-seen.logit))) if knows else None)


def test_the_saliency_of_one_linear_layer_is_the_size_of_its_weights() -> None:
    config, discriminator = made(data__channels=3)
    weights = torch.randn(3 * 8 * 8, generator=generator_for(0, "weights"), dtype=torch.float64)
    discriminator.layers = nn.Sequential(nn.Flatten())
    discriminator.head.linear = nn.Linear(3 * 8 * 8, 1).double()
    discriminator.head.linear.weight = nn.Parameter(weights[None])

    saliency = opinion(discriminator, config, noise(channels=3)).saliency

    largest = weights.view(3, 8, 8).abs().amax(0)
    assert torch.allclose(saliency, largest / largest.max())


def test_a_discriminator_that_ignores_the_image_has_no_saliency() -> None:
    config, discriminator = made()
    for parameter in discriminator.parameters():
        parameter.data.zero_()

    seen = opinion(discriminator, config, noise())

    assert seen.logit == 0
    assert not seen.saliency.any()


def test_an_opinion_leaves_no_gradient_behind() -> None:
    config, discriminator = made("studio")

    opinion(discriminator, config, noise())

    assert all(parameter.grad is None for parameter in discriminator.parameters())

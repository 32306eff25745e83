"""The lens on one image: D's opinion, where D looks, and the nearest real images."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from gan_core.config import LossName, RunConfig
from gan_core.data.registry import Dataset
from gan_core.evaluation.digit_classifier import load_classifier
from gan_core.evaluation.discriminator_view import CHUNK, FeatureIndex, index_real_images, nearest, opinion
from gan_core.models.networks import Discriminator, build_discriminator
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.rng import generator_for
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import still_discriminator
from tests.tiny import CLASSES, NARROWEST, digits, tiny_family

FAMILIES = ("mlp", *NARROWEST)


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
def test_a_probability_is_given_where_the_loss_means_one(loss: LossName, knows: bool) -> None:
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


def test_a_discriminator_that_looks_nowhere_has_no_saliency() -> None:
    config, discriminator = made()
    for parameter in discriminator.parameters():
        parameter.data.zero_()

    seen = opinion(discriminator, config, noise())

    assert seen.logit == 0
    assert not seen.saliency.any()


def test_looking_leaves_no_gradient_behind() -> None:
    config, discriminator = made("studio")

    opinion(discriminator, config, noise())

    assert all(parameter.grad is None for parameter in discriminator.parameters())


@pytest.mark.parametrize("index", [0, 1, 1_796])
def test_the_nearest_to_a_real_image_is_itself_at_no_distance(index: int) -> None:
    dataset = digits()
    gallery = index_real_images(dataset)

    first, second, *_ = nearest(gallery, dataset.images[[index]])

    assert (first.number, first.distance) == (index, 0)
    assert 0 < second.distance < 8


def test_distances_are_those_of_pixels_in_shares_of_their_range() -> None:
    dataset = digits()
    black = torch.zeros(1, 1, 8, 8, dtype=torch.uint8)

    found = nearest(index_real_images(dataset), black, count=3)

    norms = (dataset.images.double() / 255).flatten(1).norm(dim=1)
    assert [neighbour.distance for neighbour in found] == pytest.approx(norms.sort().values[:3].tolist())
    assert [neighbour.number for neighbour in found] == norms.argsort()[:3].tolist()


def large(count: int) -> Dataset:
    """Grey images of 28 pixels: the digits, larger."""
    images = digits().images[:count].repeat_interleave(3, 2).repeat_interleave(3, 3)
    return replace(digits(), images=nn.functional.pad(images, (2, 2, 2, 2)), labels=None)


def test_grey_images_of_28_pixels_are_compared_as_the_judge_sees_them() -> None:
    dataset = large(300)
    gallery = index_real_images(dataset)

    found = nearest(gallery, dataset.images[[7]], count=4)

    features = load_classifier().features(dataset.images).double()
    distances = (features - features[7]).norm(dim=1)
    assert gallery.space == "judge"
    assert found[0].number == 7
    assert [neighbour.number for neighbour in found] == distances.argsort()[:4].tolist()


def test_making_a_gallery_tells_how_far_it_is_and_can_be_ended() -> None:
    told: list[tuple[float, str]] = []

    def report(share: float, sentence: str) -> None:
        told.append((share, sentence))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index_real_images(large(50), report)

    assert told == [(0, "Looking at 50 real images.")]


def test_a_search_goes_through_all_pieces_and_gives_no_more_than_there_are() -> None:
    rows = torch.zeros(CHUNK + 5, 4, dtype=torch.uint8)
    rows[-1] = 255

    (best,) = nearest(FeatureIndex(rows, "pixels"), torch.full((1, 1, 2, 2), 255, dtype=torch.uint8), count=1)

    assert best == (CHUNK + 4, 0)
    assert len(nearest(FeatureIndex(rows[:2], "pixels"), torch.zeros(1, 1, 2, 2, dtype=torch.uint8))) == 2

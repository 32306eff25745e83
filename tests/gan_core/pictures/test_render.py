"""Rendering: an image does not depend on its batch or the threads; grids and files lose no pixel."""

import io
from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from gan_core.config import RunConfig, ValueRange
from gan_core.models.networks import Generator, build_discriminator, build_generator
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.pictures.grid_layout import GRID_COLUMNS, GRID_SEEDS
from gan_core.pictures.render import (
    Picture,
    grid,
    grid_labels,
    png,
    render,
    still_discriminator,
    still_generator,
)
from tests.tiny import CLASSES, FAMILIES, tiny_family


def labelled(family: str) -> tuple[RunConfig, Generator]:
    config = tiny_family(family, data__labels=True, data__image_size=28)
    return config, still_generator(config, CLASSES, build_generator(config, CLASSES).state_dict())


def numbered_pixels(count: int, channels: int = 1, height: int = 2, width: int = 3) -> torch.Tensor:
    """(count, channels, height, width) uint8, all values of the first image 1, of the second 2..."""
    return (torch.arange(count) + 1).to(torch.uint8).view(-1, 1, 1, 1).expand(count, channels, height, width)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_still_is_the_same_alone_in_a_batch_and_in_any_number_of_threads(
    family: str, threads: Callable[[int], None]
) -> None:
    config, generator = labelled(family)
    z, y = latents_for_seeds(GRID_SEEDS, config.model.latent), grid_labels(len(GRID_SEEDS), CLASSES)
    assert y is not None
    together = render(generator, config, z, y)

    threads(1)
    alone = torch.cat([render(generator, config, z[[index]], y[[index]]) for index in range(len(z))])
    threads(2)
    in_pieces = torch.cat(
        [render(generator, config, *pair) for pair in zip(torch.split(z, 7), torch.split(y, 7), strict=True)]
    )

    assert together.float().std() > 0
    assert torch.equal(alone, together)
    assert torch.equal(in_pieces, together)


def test_a_still_generator_is_exact_at_rest_and_fixed() -> None:
    _, generator = labelled("studio")

    assert {tensor.dtype for tensor in generator.parameters()} == {torch.float64}
    assert not generator.training
    assert not any(parameter.requires_grad for parameter in generator.parameters())


def test_making_stills_leaves_the_generator_alone() -> None:
    config, generator = labelled("studio")
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}

    render(generator, config, latents_for_seeds([1], config.model.latent), torch.tensor([3]))

    assert all(torch.equal(tensor, before[name]) for name, tensor in generator.state_dict().items())


def test_a_still_does_not_share_its_weights_with_the_network_that_trains() -> None:
    config = tiny_family("mlp")
    network = build_generator(config, 0).double()
    still = still_generator(config, 0, network.state_dict())

    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()

    assert all(parameter.any() for name, parameter in still.named_parameters() if name.endswith("weight"))


def test_a_still_discriminator_has_a_gradient_in_the_image_and_fixed_weights() -> None:
    config = tiny_family("studio", model__discriminator__spectral_norm=True)
    network = build_discriminator(config, 0)
    discriminator = still_discriminator(config, 0, network.state_dict())
    x = torch.rand(3, 1, 8, 8, generator=generator_for(0, "x"), dtype=torch.float64).requires_grad_(True)

    logits = discriminator(x)
    logits.sum().backward()

    assert x.grad is not None
    assert x.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in discriminator.parameters())
    assert torch.allclose(logits, network.eval()(x.float()), atol=1e-5)


@pytest.mark.parametrize("value_range", get_args(ValueRange))
def test_stills_are_read_in_the_value_range_of_the_data(value_range: ValueRange) -> None:
    config = tiny_family("mlp", data__value_range=value_range, model__generator__output="linear")
    generator = still_generator(config, 0, build_generator(config, 0).state_dict())
    last = [layer for layer in generator.layers if isinstance(layer, nn.Linear)][-1]
    last.weight.zero_()
    last.bias.fill_(0.2)

    pixels = render(generator, config, latents_for_seeds([0], config.model.latent))

    assert torch.unique(pixels).tolist() == [{"signed": 153, "unit": 51}[value_range]]  # 0.2 of what lies above zero


def test_a_grid_reads_from_left_to_right_and_from_top_to_bottom() -> None:
    picture = grid(numbered_pixels(6), columns=3)

    assert picture.shape == (4, 9)
    assert picture.dtype == np.uint8
    assert picture[::2, ::3].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert picture[1::2, 2::3].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_short_last_row_is_filled_with_black() -> None:
    assert grid(numbered_pixels(5), columns=3)[::2, ::3].tolist() == [[1, 2, 3], [4, 5, 0]]


def test_a_grid_of_colours_keeps_them_apart() -> None:
    pixels = torch.tensor([[10, 20, 30], [40, 50, 60]], dtype=torch.uint8).view(2, 3, 1, 1).expand(2, 3, 4, 4)

    picture = grid(pixels, columns=2)

    assert picture.shape == (4, 8, 3)
    assert picture[0, ::4].tolist() == [[10, 20, 30], [40, 50, 60]]


def test_a_grid_cut_apart_gives_back_its_images() -> None:
    pixels = torch.randint(256, (16, 1, 5, 5), generator=generator_for(0, "pixels"), dtype=torch.uint8)

    picture = torch.from_numpy(grid(pixels))

    assert torch.equal(picture.view(2, 5, GRID_COLUMNS, 5).permute(0, 2, 1, 3).reshape(16, 1, 5, 5), pixels)


def noise(*shape: int) -> Picture:
    return torch.randint(256, shape, generator=generator_for(0, "noise"), dtype=torch.uint8).numpy()


@pytest.mark.parametrize("picture", [noise(16, 24), noise(16, 24, 3)], ids=["grey", "colour"])
def test_a_png_loses_nothing(picture: Picture) -> None:
    data = png(picture)

    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == "PNG"
        assert np.array_equal(np.asarray(opened), picture)
    assert png(picture) == data


def test_the_labels_of_a_grid_are_the_classes_in_turn() -> None:
    labels = grid_labels(7, 3)

    assert labels is not None
    assert labels.tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert grid_labels(7, 0) is None


def test_a_label_changes_the_still() -> None:
    config, generator = labelled("mlp")
    z = latents_for_seeds([5], config.model.latent).expand(CLASSES, -1)

    pixels = render(generator, config, z, torch.arange(CLASSES))

    assert len(torch.unique(pixels, dim=0)) == CLASSES

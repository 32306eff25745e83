"""The generators are those of their papers; the label is appended to the latent."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate

from gan_core.config import RunConfig, config_from
from gan_core.models.blocks import halvings
from gan_core.models.families.resize import ResizeGenerator
from gan_core.models.layers import LabelledLatent, ToImages, ToNumbers, UpsampledConv2d
from gan_core.models.networks import Generator, build_generator
from gan_core.numerics.rng import generator_for
from tests.tiny import tiny_family


def generator_config(family: str, size: int, channels: int, **knobs: int) -> RunConfig:
    data = {"image_size": size, "channels": channels}
    return config_from({"data": data, "model": {"latent": {"size": 100}, "generator": {"family": family, **knobs}}})


def shapes_of(config: RunConfig) -> list[tuple[int, ...]]:
    """(C, H, W) after each layer that changes it, without computing anything."""
    with torch.device("meta"):
        x, shapes = torch.empty(1, config.model.latent.size), []
        for layer in Generator(config, 0).layers:
            x = layer(x)
            shapes.append(tuple(x.shape[1:]))
    return [shape for before, shape in zip([(), *shapes], shapes, strict=False) if shape != before and len(shape) == 3]


def test_at_64_pixels_dcgan_is_the_figure_of_its_paper() -> None:
    figure_1 = [(1024, 4, 4), (512, 8, 8), (256, 16, 16), (128, 32, 32), (3, 64, 64)]

    assert shapes_of(generator_config("dcgan", 64, 3, width=128)) == figure_1


@pytest.mark.parametrize(("size", "coarse"), [(28, 7), (32, 4), (64, 4), (8, 4), (12, 6), (20, 5)])
def test_dcgan_starts_from_the_coarsest_size_that_the_image_allows(size: int, coarse: int) -> None:
    assert shapes_of(generator_config("dcgan", size, 1, width=4))[0][1:] == (coarse, coarse)
    assert size == coarse << halvings(size)


def test_studio_is_wide_at_a_quarter_of_the_size_and_makes_four_pixels_of_each() -> None:
    shapes = [(64, 7, 7), (32, 14, 14), (4, 14, 14), (1, 28, 28)]

    assert shapes_of(generator_config("studio", 28, 1, width=64)) == shapes


@pytest.mark.parametrize("channels", [1, 3])
def test_a_pixel_of_studio_is_the_feature_that_the_sub_pixel_equation_names(channels: int) -> None:
    shuffle = Generator(tiny_family("studio", data__channels=channels), 0).layers[-2]
    features = torch.rand(1, 4 * channels, 2, 2, generator=generator_for(0, "features"))

    image = shuffle(features)

    # PS(T)[x, y, c] = T[x // 2, y // 2, 2 * (y % 2) + x % 2] within the four features of channel c
    for c, y, x in torch.cartesian_prod(torch.arange(channels), torch.arange(4), torch.arange(4)).tolist():
        assert image[0, c, y, x] == features[0, 4 * c + 2 * (y % 2) + x % 2, y // 2, x // 2]


def middle_of_a_resized_image() -> Tensor:
    """The middle of an image made with equal weights from equal features: flat, unless the layers draw a pattern."""
    config = tiny_family("resize", data__image_size=32, model__generator__output="linear")
    assert isinstance(config.model.generator, ResizeGenerator)
    layers = build_generator(config, 0).eval().layers
    for layer in layers:
        if isinstance(layer, nn.Conv2d | UpsampledConv2d):
            nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())
    first = next(index for index, layer in enumerate(layers) if isinstance(layer, ToImages))
    with torch.no_grad():
        image: Tensor = layers[first + 1 :](torch.ones(1, config.model.generator.width, 8, 8))
    return image[0, 0, 12:20, 12:20]


@pytest.mark.parametrize("channels_last", [False, True])
def test_the_convolution_of_an_enlarged_image_is_that_of_the_image_with_repeated_pixels(channels_last: bool) -> None:
    layer, x = UpsampledConv2d(3, 2), torch.randn(4, 3, 5, 5, generator=generator_for(0, "x"))
    nn.init.normal_(layer.weight, generator=generator_for(0, "weight"))
    nn.init.normal_(layer.bias, generator=generator_for(0, "bias"))
    layer.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)

    written_out = conv2d(interpolate(x, scale_factor=2.0), layer.weight, layer.bias, padding=1)

    torch.testing.assert_close(layer(x), written_out)


def test_vectors_become_images_and_vectors_again() -> None:
    numbers = torch.arange(24.0).view(2, 12)

    images = ToImages(channels=3, size=2)(numbers)

    assert images.shape == (2, 3, 2, 2)
    assert images.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(ToNumbers()(images), numbers)


def test_upsampling_before_convolving_draws_no_checkerboard() -> None:
    middle = middle_of_a_resized_image()

    assert middle.max() > 0
    assert torch.allclose(middle, middle.mean(), rtol=1e-5)


def test_a_label_is_appended_to_the_latent_as_a_one_hot_vector() -> None:
    z = torch.tensor([[0.5, -1.0], [2.0, 3.0]], dtype=torch.float64)

    labelled = LabelledLatent(3)(z, torch.tensor([2, 0]))

    assert labelled.tolist() == [[0.5, -1, 0, 0, 1], [2, 3, 1, 0, 0]]
    assert labelled.dtype == torch.float64


def test_without_classes_the_latent_is_not_changed() -> None:
    z = torch.ones(2, 2)

    assert LabelledLatent(0)(z, None) is z

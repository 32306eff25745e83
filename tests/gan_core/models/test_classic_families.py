"""The classic families: layer sizes and parameter counts as in their projects, and the rules of the engine."""

from collections.abc import Callable

import onnxruntime
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d

from gan_core.config import FAMILIES, ConfigError, RunConfig, with_overrides
from gan_core.data.registry import load
from gan_core.latent.directions import FINDERS
from gan_core.models.family import ClassicGenerator
from gan_core.models.layers import Dropout, noisy_layers
from gan_core.models.networks import build_discriminator, build_generator
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.pictures.render import still_generator
from gan_core.runs.export import onnx_bytes
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer
from tests.tiny import CLASSES, CPU, DATA, classic

NAMES = tuple(name for name, family in FAMILIES.items() if issubclass(family.generator, ClassicGenerator))

# kind, inputs, outputs, kernel, stride, padding
GENERATOR_LAYERS = {
    "colab-dcgan": [
        ("Linear", 100, 8192),  # 512 channels of 4 x 4 pixels
        ("ConvTranspose2d", 512, 256, 4, 1, 0),
        ("ConvTranspose2d", 256, 128, 4, 2, 1),
        ("ConvTranspose2d", 128, 1, 4, 2, 1),
    ],
    "colab-linear": [("Linear", 100, 200), ("Linear", 200, 784)],
    "auto-write": [
        ("Linear", 100, 3136),  # 56 x 56 pixels
        ("Conv2d", 1, 50, 3, 2, 1),
        ("Conv2d", 50, 25, 3, 2, 1),
        ("Conv2d", 25, 1, 1, 2, 0),
    ],
    "tutorial": [("Linear", 100, 128), ("Linear", 128, 784)],
    "udacity-linear": [("Linear", 100, 32), ("Linear", 32, 64), ("Linear", 64, 128), ("Linear", 128, 784)],
    "keras-conv": [
        ("Linear", 100, 6272),
        ("ConvTranspose2d", 128, 128, 4, 2, 1),
        ("ConvTranspose2d", 128, 128, 4, 2, 1),
        ("Conv2d", 128, 1, 7, 1, 3),
    ],
}
DISCRIMINATOR_LAYERS = {
    "colab-dcgan": [
        ("Conv2d", 1, 128, 4, 2, 0),
        ("Conv2d", 128, 256, 4, 2, 1),
        ("Conv2d", 256, 512, 4, 2, 1),
        ("Linear", 8192, 1),  # 512 channels under a kernel of 4 x 4
    ],
    "colab-linear": [("Linear", 784, 200), ("Linear", 200, 1)],
    "auto-write": [
        ("Conv2d", 1, 32, 5, 1, 2),
        ("Conv2d", 32, 64, 5, 1, 2),
        ("Linear", 3136, 1024),
        ("Linear", 1024, 1),
    ],
    "tutorial": [("Linear", 784, 128), ("Linear", 128, 1)],
    "udacity-linear": [("Linear", 784, 128), ("Linear", 128, 64), ("Linear", 64, 32), ("Linear", 32, 1)],
    "keras-conv": [("Conv2d", 1, 64, 3, 2, 1), ("Conv2d", 64, 64, 3, 2, 1), ("Linear", 3136, 1)],
}
# weights and biases, norms included
COUNTS = {
    "colab-dcgan": (3_444_865, 2_634_369),  # G: 512 biases fewer than a transposed convolution in front of a batch norm
    "colab-linear": (178_184, 157_601),
    "auto-write": (328_689, 3_265_409),
    "tutorial": (114_064, 100_609),
    "udacity-linear": (114_800, 110_849),
    "keras-conv": (1_164_289, 40_705),  # the two that the text itself prints
}
NORMS = {
    "colab-dcgan": (["BatchNorm2d"] * 3, ["BatchNorm2d"] * 3),
    "colab-linear": (["LayerNorm"], ["LayerNorm"]),
    "auto-write": (["BatchNorm2d"] * 3, []),
    "tutorial": ([], []),
    "udacity-linear": ([], []),
    "keras-conv": ([], []),
}
SLOPES = {
    "colab-dcgan": (set(), {0.2}),
    "colab-linear": ({0.02}, {0.02}),
    "auto-write": (set(), set()),
    "tutorial": (set(), set()),
    "udacity-linear": ({0.2}, {0.2}),
    "keras-conv": ({0.2}, {0.2}),
}
DROPOUTS = {"udacity-linear": ([0.3] * 3, [0.3] * 3), "keras-conv": ([], [0.4] * 2)}
LASTS = {"colab-dcgan": nn.Tanh, "udacity-linear": nn.Tanh}  # all others end in a sigmoid


def players(name: str, **overrides: object) -> tuple[nn.Module, nn.Module]:
    config = classic(name, **overrides)
    classes = CLASSES if config.data.labels else 0
    return build_generator(config, classes), build_discriminator(config, classes)


def sizes(network: nn.Module) -> list[tuple[object, ...]]:
    """Every layer with weights except norms, in order."""
    return [described for module in network.modules() if (described := described_layer(module))]


def described_layer(module: nn.Module) -> tuple[object, ...]:
    kind = type(module).__name__
    if isinstance(module, nn.Linear):
        return kind, module.in_features, module.out_features
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        square = (module.kernel_size[0], module.stride[0], module.padding[0])
        return kind, module.in_channels, module.out_channels, *square
    return ()


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_a_classic_family_has_the_layers_of_its_project(name: str) -> None:
    generator, discriminator = players(name)

    assert sizes(generator) == GENERATOR_LAYERS[name]
    assert sizes(discriminator) == DISCRIMINATOR_LAYERS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_classic_family_has_as_many_weights_as_its_project(name: str) -> None:
    generator, discriminator = players(name)

    assert (count(generator), count(discriminator)) == COUNTS[name]


def kinds(network: nn.Module, word: str) -> list[str]:
    return [type(module).__name__ for module in network.modules() if word in type(module).__name__]


@pytest.mark.parametrize("name", NAMES)
def test_a_classic_family_has_the_norms_slopes_dropout_and_output_of_its_project(name: str) -> None:
    pair = players(name)
    networks = {"generator": pair[0], "discriminator": pair[1]}

    for player, norms, slopes, dropouts in zip(
        networks.values(), NORMS[name], SLOPES[name], DROPOUTS.get(name, ([], [])), strict=True
    ):
        assert kinds(player, "Norm") == norms
        assert {module.negative_slope for module in player.modules() if isinstance(module, nn.LeakyReLU)} == slopes
        assert [layer.share for layer in noisy_layers(player)] == dropouts
    assert kinds(pair[0], "Tanh") + kinds(pair[0], "Sigmoid") == [LASTS.get(name, nn.Sigmoid).__name__]


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_says_what_norm_and_what_output_a_classic_family_has(name: str) -> None:
    words = {"batch": "BatchNorm2d", "layer": "LayerNorm"}
    generator, discriminator = classic(name).model.generator, classic(name).model.discriminator

    for norm, layers in zip((generator.norm, discriminator.norm), NORMS[name], strict=True):
        assert words.get(norm, "") == "".join(sorted(set(layers)))
    assert generator.output == ("tanh" if LASTS.get(name) else "sigmoid")
    assert {discriminator.dropout} == set(DROPOUTS.get(name, ([], []))[1] or [0.0])


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_both_players_of_a_classic_family_fit_together(name: str, channels: int, labels: bool) -> None:
    generator, discriminator = players(name, data__channels=channels, data__labels=labels)
    y = torch.arange(3) if labels else None
    z = latents_for_seeds(range(3), classic(name).model.latent)

    x = generator.eval()(z, y)
    logits = discriminator.eval()(x, y)

    assert (x.shape, x.dtype) == ((3, channels, 28, 28), torch.float32)
    assert (logits.shape, logits.dtype) == ((3,), torch.float32)
    assert x.isfinite().all()
    assert logits.isfinite().all()
    assert len(torch.unique(x, dim=0)) == 3


@pytest.mark.parametrize("player", ["generator", "discriminator"])
@pytest.mark.parametrize("name", NAMES)
def test_another_image_size_is_refused_with_an_alternative(name: str, player: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        with_overrides(RunConfig(), {f"model.{player}.family": name, "data.image_size": 32})

    (problem,) = refusal.value.problems
    assert str(problem) == (f"data.image_size: must be 28 for model.{player} {name}, got 32; use 28, or another family")


def test_the_head_of_the_colab_dcgan_is_the_last_convolution_of_its_project() -> None:
    discriminator = build_discriminator(classic("colab-dcgan"), 0).eval()
    weight, bias = (discriminator.get_parameter(f"head.linear.{name}") for name in ("weight", "bias"))
    x = torch.rand(2, 1, 28, 28, generator=generator_for(0, "x"))
    with torch.no_grad():
        features = discriminator.layers[:-2](x)  # (B, 512, 3, 3)
        theirs = conv2d(features, weight.view(1, 4, 4, 512).permute(0, 3, 1, 2), bias, stride=2, padding=1)

        assert torch.allclose(discriminator(x), theirs.flatten(), atol=1e-5)


def test_the_first_layer_of_the_colab_dcgan_is_the_transposed_convolution_of_its_project() -> None:
    generator = build_generator(classic("colab-dcgan"), 0)
    weight = generator.get_parameter("layers.0.weight")
    z = torch.rand(2, 100, generator=generator_for(0, "z"))
    with torch.no_grad():
        theirs = conv_transpose2d(z[:, :, None, None], weight.view(4, 4, 512, 100).permute(3, 2, 0, 1))

        assert torch.allclose(generator.layers[:2](z), theirs, atol=1e-5)


def spread_of(name: str) -> Tensor:
    """The first weights of D's first layer."""
    first = next(layer for layer in build_discriminator(classic(name), 0).modules() if described_layer(layer))
    return first.get_parameter("weight").detach()


BOUNDS: dict[str, Callable[[Tensor], float]] = {
    "fan_in": lambda weight: weight[0].numel() ** -0.5,
    "glorot": lambda weight: (6 / ((weight.shape[0] + weight.shape[1]) * weight[0, 0].numel())) ** 0.5,
}


@pytest.mark.parametrize("name", [name for name in NAMES if FAMILIES[name].style in BOUNDS])
def test_first_weights_fill_the_interval_of_their_style(name: str) -> None:
    weight = spread_of(name)
    bound = BOUNDS[FAMILIES[name].style](weight)

    assert 0.9 * bound < weight.abs().max() <= bound
    assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.1)


def test_auto_write_starts_from_its_normal_weights() -> None:
    assert spread_of("auto-write").std().item() == pytest.approx(0.02, rel=0.1)


def test_dropout_of_single_pixels_leaves_a_channel_with_holes() -> None:
    layer = Dropout(0.4, whole_channels=False)
    layer.draw = generator_for(0, "dropout")

    dropped = layer(torch.ones(8, 16, 10, 10))

    assert dropped.unique().tolist() == [0, pytest.approx(1 / 0.6)]
    assert (dropped == 0).float().mean().item() == pytest.approx(0.4, abs=0.02)
    assert ((dropped == 0).float().mean((2, 3)) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_classic_family_exported_to_onnx_makes_the_same_images(name: str) -> None:
    config = classic(name)
    generator = still_generator(config, 0, build_generator(config, 0).state_dict())
    z = latents_for_seeds(range(3), config.model.latent)

    session = onnxruntime.InferenceSession(onnx_bytes(generator, config, 0), providers=["CPUExecutionProvider"])
    (images,) = session.run(None, {"z": z.numpy()})

    assert abs(images - generator(z.double()).numpy()).max() < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_directions_are_found_in_a_classic_family(name: str) -> None:
    config = classic(name, model__latent__size=6)
    generator = still_generator(config, 0, build_generator(config, 0).state_dict())

    for find in FINDERS.values():
        rows = find(generator, config.model.latent)
        assert torch.allclose(rows @ rows.T, torch.eye(6, dtype=torch.float64), atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_training_a_classic_family_leaves_the_global_random_numbers_alone(name: str) -> None:
    before = torch.get_rng_state()
    config = classic(name)
    dataset = load(config.data, CPU, root=DATA)
    Trainer(config, TrainState(config, 0, CPU), dataset, CPU, "float32", threads=1).step()

    assert torch.equal(torch.get_rng_state(), before)

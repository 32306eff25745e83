"""The players of every family: shapes, ranges, first weights, and layers that do what their papers say."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from gan_core.config import FAMILIES as ROWS
from gan_core.config import RunConfig
from gan_core.models.init import initialise
from gan_core.models.layers import Dropout, ProjectionHead, spectrally_normed
from gan_core.models.networks import (
    build_discriminator,
    build_generator,
    empty_discriminator,
    empty_generator,
)
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.presets import preset
from tests.tiny import CLASSES, FAMILIES, choices_of, families_with, offered, tiny_family

REPOSITORY = Path(__file__).resolve().parents[3]
RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
SIZES = [
    (family, size)
    for family in FAMILIES
    for size in (8, 9, 12, 20, 28, 31, 32, 100, 128)
    if size % ROWS[family].size_multiple == 0
]
WITH_OUTPUT = [
    (family, output) for family in FAMILIES for output in choices_of("generator", family, "output") if output in RANGES
]
WITH_SPECTRAL_NORM = families_with("discriminator", "spectral_norm")
BUILDERS = {"generator": build_generator, "discriminator": build_discriminator}
EMPTY = {"generator": empty_generator, "discriminator": empty_discriminator}


def classes_of(config: RunConfig) -> int:
    return CLASSES if config.data.labels else 0


def inputs(config: RunConfig, count: int = 3) -> tuple[Tensor, Tensor, Tensor | None]:
    """Latents, images and labels for both players."""
    size = config.data.image_size
    x = torch.rand(count, config.data.channels, size, size, generator=generator_for(0, "x")) * 2 - 1
    return latents_for_seeds(range(count), config.model.latent), x, torch.arange(count) if config.data.labels else None


def weights(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def same(left: Mapping[str, Tensor], right: Mapping[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("family", "size"), SIZES)
def test_both_players_of_a_family_fit_together(family: str, size: int, channels: int, labels: bool) -> None:
    config = tiny_family(family, data__image_size=size, data__channels=channels, data__labels=labels)
    z, _, y = inputs(config)

    x = build_generator(config, classes_of(config))(z, y)
    logits = build_discriminator(config, classes_of(config))(x, y)

    assert (x.shape, x.dtype) == ((3, channels, size, size), torch.float32)
    assert (logits.shape, logits.dtype) == ((3,), torch.float32)
    assert x.isfinite().all()
    assert logits.isfinite().all()


@pytest.mark.parametrize("family", FAMILIES)
def test_logits_are_float32_whatever_the_networks_compute_in(family: str) -> None:
    config = tiny_family(family, data__labels=True)
    _, x, y = inputs(config)

    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = build_discriminator(config, CLASSES)(x, y)

    assert logits.dtype == torch.float32


@pytest.mark.parametrize(("family", "output"), WITH_OUTPUT)
def test_images_lie_in_the_range_of_the_output(family: str, output: str) -> None:
    config = tiny_family(family, model__generator__output=output)

    x = build_generator(config, 0)(inputs(config)[0] * 1e3)

    assert RANGES[output][0] <= x.min() < x.max() <= RANGES[output][1]


@pytest.mark.parametrize("family", families_with("generator", "output"))
def test_a_linear_output_is_not_bounded(family: str) -> None:
    config = tiny_family(family, model__generator__output="linear")
    generator = build_generator(config, 0).eval()  # no batch norm that takes the size away

    assert generator(inputs(config)[0] * 1e6).abs().max() > 1


@pytest.mark.parametrize("player", BUILDERS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_and_buffer_gets_a_first_value(family: str, player: str) -> None:
    config = tiny_family(family, data__labels=True, **offered(family, model__discriminator__spectral_norm=True))
    network = EMPTY[player](config, CLASSES)
    for tensor in [*network.parameters(), *network.buffers()]:
        tensor.data.fill_(torch.nan if tensor.is_floating_point() else -1)

    initialise(network, ROWS[family].style, generator_for(config.train.seed, f"weights of {player[0]}"))

    floats = [tensor for tensor in network.state_dict().values() if tensor.is_floating_point()]
    counters = [tensor for tensor in network.state_dict().values() if not tensor.is_floating_point()]
    assert all(tensor.isfinite().all() for tensor in floats)
    assert all(tensor == 0 for tensor in counters)
    assert same(network.state_dict(), BUILDERS[player](config, CLASSES).state_dict())


@pytest.mark.parametrize("player", BUILDERS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_gives_its_own_weights_every_time(family: str, player: str) -> None:
    first, again, other = (
        BUILDERS[player](tiny_family(family, train__seed=seed), 0).state_dict() for seed in (5, 5, 6)
    )

    assert same(first, again)
    assert not same(first, other)


def test_the_two_players_have_different_random_numbers() -> None:
    config = tiny_family("mlp", data__image_size=8, model__latent__size=64, model__discriminator__widths=[8, 8])
    g = build_generator(config, 0).get_parameter("layers.0.weight")
    d = build_discriminator(config, 0).get_parameter("layers.1.weight")

    assert g.shape == d.shape
    assert not torch.equal(g, d)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_forward_pass_in_eval_mode_changes_nothing(family: str) -> None:
    config = tiny_family(family, data__labels=True, **offered(family, model__discriminator__spectral_norm=True))
    z, x, y = inputs(config)
    generator, discriminator = build_generator(config, CLASSES).eval(), build_discriminator(config, CLASSES).eval()
    before = weights(generator), weights(discriminator)

    assert torch.equal(generator(z, y), generator(z, y))
    assert torch.equal(discriminator(x, y), discriminator(x, y))
    assert same(generator.state_dict(), before[0])
    assert same(discriminator.state_dict(), before[1])


@pytest.mark.parametrize("family", FAMILIES)
def test_in_eval_mode_an_image_does_not_depend_on_its_neighbours(family: str) -> None:
    config = tiny_family(family)
    generator = build_generator(config, 0).double().eval()
    z = inputs(config)[0].double()

    assert torch.allclose(generator(z)[1:2], generator(z[1:2]), rtol=0, atol=1e-12)


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("family", FAMILIES)
def test_labels_change_the_result_of_both_players_only_if_they_are_configured(family: str, labels: bool) -> None:
    config = tiny_family(family, data__labels=labels)
    z, x, _ = inputs(config)
    generator, discriminator = (
        build_generator(config, classes_of(config)),
        build_discriminator(config, classes_of(config)),
    )
    y, other = torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])

    assert torch.equal(generator.eval()(z, y), generator(z, other)) != labels
    assert torch.equal(discriminator.eval()(x, y), discriminator(x, other)) != labels


@pytest.mark.parametrize("spectral_norm", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_single_class_may_be_given_as_its_weight(family: str, spectral_norm: bool) -> None:
    wanted = offered(family, model__discriminator__spectral_norm=spectral_norm)
    config = tiny_family(family, data__labels=True, **wanted)
    z, x, y = inputs(config)
    assert y is not None
    generator, discriminator = build_generator(config, CLASSES).eval(), build_discriminator(config, CLASSES).eval()
    weights_of_y = nn.functional.one_hot(y, CLASSES).double()

    assert torch.equal(generator(z, weights_of_y), generator(z, y))
    assert torch.allclose(discriminator(x, weights_of_y), discriminator(x, y), atol=1e-6)


def test_the_projection_is_linear_in_the_weights_of_the_classes() -> None:
    head = ProjectionHead(4, 3, spectral_norm=False)
    features = torch.randn(1, 4, generator=generator_for(0, "features"))
    alone = [head(features, torch.tensor([index])) - head.linear(features).squeeze(1) for index in range(3)]

    mixed = head(features, torch.tensor([[2.0, 0.0, -1.0]])) - head.linear(features).squeeze(1)

    assert torch.allclose(mixed, 2 * alone[0] - alone[2], atol=1e-6)


def test_a_player_with_labels_asks_for_them() -> None:
    config = tiny_family("mlp", data__labels=True)
    z, x, _ = inputs(config)

    with pytest.raises(ValueError, match=r"trained with labels: give one of 0\.\.9 for each latent"):
        build_generator(config, CLASSES)(z)
    with pytest.raises(ValueError, match="trained with labels: give one for each image"):
        build_discriminator(config, CLASSES)(x)


def normed_layers(network: nn.Module) -> list[nn.Module]:
    return [module for module in network.modules() if is_parametrized(module, "weight")]


def largest_of(weight: object) -> float:
    assert isinstance(weight, torch.Tensor)
    return float(torch.linalg.svdvals(weight.flatten(1))[0])


def largest_singular_values(network: nn.Module) -> list[float]:
    """Of the weights after normalisation."""
    with torch.no_grad():
        return [largest_of(layer.weight) for layer in normed_layers(network)]


@pytest.mark.parametrize("family", WITH_SPECTRAL_NORM)
def test_spectral_norm_covers_every_weight_and_starts_near_one(family: str) -> None:
    config = tiny_family(family, data__labels=True, model__discriminator__spectral_norm=True)
    discriminator = build_discriminator(config, CLASSES).eval()

    matrices = [
        module for module in discriminator.modules() if isinstance(module, nn.Linear | nn.Conv2d | nn.Embedding)
    ]

    assert normed_layers(discriminator) == matrices
    assert largest_singular_values(discriminator) == pytest.approx([1] * len(matrices), rel=0.1)


@pytest.mark.parametrize("family", WITH_SPECTRAL_NORM)
def test_spectral_norm_settles_at_one_while_training(family: str) -> None:
    config = tiny_family(family, data__labels=True, model__discriminator__spectral_norm=True)
    discriminator = build_discriminator(config, CLASSES)
    _, x, y = inputs(config)

    for _ in range(80):
        discriminator(x, y)

    found = largest_singular_values(discriminator.eval())
    assert found == pytest.approx([1] * len(found), rel=1e-2)


def test_spectral_norm_divides_by_the_largest_singular_value_and_nothing_else() -> None:
    layer = spectrally_normed(nn.Linear(2, 2, bias=False), True)
    original = layer.get_submodule("parametrizations.weight").get_parameter("original")
    original.data = torch.tensor([[4.0, 0.0], [0.0, 2.0]])
    layer.get_submodule("parametrizations.weight.0").get_buffer("u").copy_(torch.tensor([1.0, 0.0]))

    assert torch.allclose(layer(torch.tensor([[1.0, 1.0]])), torch.tensor([[1.0, 0.5]]))


def test_one_forward_pass_is_one_power_iteration() -> None:
    layer = spectrally_normed(nn.Linear(2, 2, bias=False), True)
    chain = layer.get_submodule("parametrizations.weight")
    chain.get_parameter("original").data = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
    u = chain.get_submodule("0").get_buffer("u")
    u.copy_(torch.tensor([0.6, 0.8]))

    layer(torch.zeros(1, 2))

    # W'u = (1.2, 0.8), and W of that is (2.4, 0.8): three to one
    assert torch.allclose(u, torch.tensor([3.0, 1.0]) / 10**0.5)


def dropout(share: float, step: int = 0) -> Dropout:
    layer = Dropout(share)
    layer.draw = generator_for(0, "dropout", step)
    return layer


def test_dropout_is_the_identity_in_eval_mode() -> None:
    x = torch.rand(4, 5)

    assert Dropout(0.5).eval()(x) is x


def test_dropout_keeps_the_expectation_and_drops_its_share() -> None:
    dropped = dropout(0.25)(torch.ones(200, 200))

    assert dropped.unique().tolist() == [0, pytest.approx(4 / 3)]
    assert dropped.mean().item() == pytest.approx(1, abs=0.01)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)


def test_dropout_drops_whole_channels_of_images() -> None:
    dropped = dropout(0.5)(torch.ones(8, 16, 4, 4))

    assert torch.equal(dropped, dropped[:, :, :1, :1].expand_as(dropped))
    assert 0 < dropped[:, :, 0, 0].mean() < 2


def test_dropout_repeats_with_the_same_draw() -> None:
    x = torch.ones(64, 64)
    layer = dropout(0.5)
    first, second = layer(x), layer(x)

    assert not torch.equal(first, second)
    assert torch.equal(dropout(0.5)(x), first)
    assert not torch.equal(dropout(0.5, step=1)(x), first)


def test_dropout_without_a_draw_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match="set `draw` of all noisy_layers"):
        Dropout(0.5)(torch.ones(2, 2))


def test_a_projection_head_is_w_f_plus_b_plus_the_embedded_class_times_f() -> None:
    head = ProjectionHead(3, 2, spectral_norm=False)
    head.load_state_dict(
        {
            "linear.weight": torch.tensor([[1.0, 2.0, 3.0]]),
            "linear.bias": torch.tensor([0.5]),
            "embed.weight": torch.tensor([[1.0, 0.0, 0.0], [0.0, 10.0, -1.0]]),
        }
    )
    f = torch.tensor([[1.0, 1.0, 1.0], [2.0, 0.0, 1.0], [2.0, 1.0, 0.0]])

    assert head(f, torch.tensor([0, 0, 1])).tolist() == [6.5 + 1, 5.5 + 2, 4.5 + 10]


def test_a_projection_head_without_classes_is_linear() -> None:
    head = ProjectionHead(2, 0, spectral_norm=False)
    head.load_state_dict({"linear.weight": torch.tensor([[1.0, 2.0]]), "linear.bias": torch.tensor([0.5])})

    assert head(torch.tensor([[3.0, 4.0]]), None).tolist() == [11.5]


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_mlp_preset_has_the_networks_of_the_first_tutorials() -> None:
    config = preset("mlp").config
    hidden = [(128, 256), (256, 512), (512, 1024)]
    blocks = [layer for pair in hidden for layer in (nn.Linear(*pair), nn.BatchNorm1d(pair[1]), nn.LeakyReLU(0.2))]
    g = nn.Sequential(nn.Linear(100, 128), nn.LeakyReLU(0.2), *blocks, nn.Linear(1024, 784), nn.Tanh())
    d = nn.Sequential(nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))

    assert count(build_generator(config, 0)) == count(g) == 1_510_032
    assert count(build_discriminator(config, 0)) == count(d) == 533_505


def test_dcgan_starts_from_radfords_normal_weights() -> None:
    config = preset("dcgan").config
    for network in (build_generator(config, 0), build_discriminator(config, 0)):
        matrices = torch.cat([weight.flatten() for weight in network.parameters() if weight.dim() > 1])
        gains_and_biases = {name: p for name, p in network.named_parameters() if p.dim() == 1}

        assert matrices.std().item() == pytest.approx(0.02, rel=0.01)
        assert matrices.mean().item() == pytest.approx(0, abs=2e-4)
        assert all((p == (1 if "weight" in name else 0)).all() for name, p in gains_and_biases.items())


def test_other_families_start_uniform_within_one_over_the_root_of_their_inputs() -> None:
    network = build_discriminator(preset("mlp").config, 0)
    for weight in (weight for weight in network.parameters() if weight.dim() > 1):
        bound = weight.shape[1] ** -0.5

        assert 0.9 * bound < weight.abs().max() <= bound
        assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.1)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_the_knobs_of_the_linear_family_choose_its_layers(norm: str, activation: str) -> None:
    config = tiny_family(
        "mlp",
        model__generator__norm=norm,
        model__generator__activation=activation,
        model__generator__widths=[8, 8, 8],
        model__generator__dropout=0.2,
    )
    kinds = [type(layer) for layer in build_generator(config, 0).layers]

    assert kinds.count({"none": nn.Flatten, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}[norm]) == 2 * (
        norm != "none"
    )
    assert kinds.count({"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU}[activation]) == 3
    assert kinds.count(Dropout) == 3


@pytest.mark.parametrize(
    "family", [family for family in families_with("discriminator", "norm") if ROWS[family].channels_last]
)
def test_a_convolutional_d_normalises_every_hidden_layer_but_the_one_at_the_pixels(family: str) -> None:
    config = tiny_family(family, data__image_size=32, model__discriminator__norm="batch")
    layers = list(build_discriminator(config, 0).layers)

    convolutions = [index for index, layer in enumerate(layers) if isinstance(layer, nn.Conv2d)]

    assert [isinstance(layers[index + 1], nn.BatchNorm2d) for index in convolutions] == [
        False,
        *[True] * (len(convolutions) - 1),
    ]


def test_building_and_summarizing_networks_imports_neither_sympy_nor_the_compiler_of_torch() -> None:
    script = (
        "import sys; from gan_core.models.networks import *; from gan_core.presets import PRESETS\n"
        "from gan_core.models.summary import summarize\n"
        "for preset in PRESETS.values(): summarize(preset.config, 10)\n"
        "config = PRESETS['conditional'].config\n"
        "build_generator(config, 10), build_discriminator(config, 10)\n"
        "print('sympy' in sys.modules, 'torch._dynamo' in sys.modules)"
    )

    printed = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert printed.stdout.split() == ["False", "False"]  # they take seconds at every start of a process

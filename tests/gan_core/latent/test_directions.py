"""Directions: orthonormal for every family; SeFa's are those of its formula, GANSpace's change the images most."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gan_core.config import LatentConfig, RunConfig
from gan_core.latent.directions import FINDERS, FinderName, first_activations, first_weights, ganspace, moved, sefa
from gan_core.models.layers import ToNumbers
from gan_core.models.networks import Generator, build_generator
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.pictures.render import still_generator
from tests.tiny import CLASSES, FAMILIES, tiny_family

SAMPLES = 400


def made(family: str, labels: bool = False) -> tuple[RunConfig, Generator]:
    """A still generator whose batch norms are not at rest: their statistics and gains are drawn."""
    config = tiny_family(family, data__labels=labels, model__latent__size=6)
    classes, draw = CLASSES if labels else 0, generator_for(1, "directions")
    tensors = build_generator(config, classes).state_dict()
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and tensor.dim() == 1:
            tensors[name] = torch.rand(tensor.shape, generator=draw) + 0.5
    return config, still_generator(config, classes, tensors)


def is_orthonormal(rows: Tensor) -> bool:
    return torch.allclose(rows @ rows.T, torch.eye(len(rows), dtype=torch.float64), atol=1e-10)


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("finder", FINDERS)
def test_directions_are_orthonormal_for_every_family_and_face_up(finder: str, family: str, labels: bool) -> None:
    config, generator = made(family, labels)

    rows = FINDERS[finder](generator, config.model.latent)  # type: ignore[index]  # the names of the table itself

    assert (rows.shape, rows.dtype) == ((6, 6), torch.float64)
    assert is_orthonormal(rows)
    assert (rows.max(1).values == rows.abs().max(1).values).all()


@pytest.mark.parametrize("finder", FINDERS)
def test_looking_for_directions_twice_gives_the_same_and_leaves_the_generator_alone(finder: str) -> None:
    config, generator = made("studio")
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    find = FINDERS[finder]  # type: ignore[index]  # the names of the table itself

    first, second = (find(generator, config.model.latent) for _ in range(2))

    assert torch.equal(first, second)
    assert all(torch.equal(tensor, before[name]) for name, tensor in generator.state_dict().items())


def with_first_weights(drawn: int, units: int) -> tuple[LatentConfig, Generator, Tensor]:
    """A generator of linear layers whose first weights (units, 6) are drawn anew."""
    config = tiny_family("mlp", model__latent__size=6, model__generator__widths=[units])
    generator = still_generator(config, 0, build_generator(config, 0).state_dict())
    linear = generator.layers[0]
    assert isinstance(linear, nn.Linear)
    linear.weight.copy_(torch.randn(units, 6, generator=generator_for(drawn, "first weights")))
    return config.model.latent, generator, linear.weight


@settings(max_examples=30)
@given(drawn=st.integers(0, 10**9), units=st.integers(2, 40), finder=st.sampled_from(sorted(FINDERS)))
def test_directions_are_orthonormal_whatever_the_first_weights(drawn: int, units: int, finder: FinderName) -> None:
    latent, generator, _ = with_first_weights(drawn, units)

    assert is_orthonormal(FINDERS[finder](generator, latent))


@given(drawn=st.integers(0, 10**9), units=st.integers(6, 40))
def test_sefa_of_a_column_normalised_linear_layer_is_its_svd_up_to_sign(drawn: int, units: int) -> None:
    latent, generator, weight = with_first_weights(drawn, units)
    weight.copy_(weight / weight.norm(dim=1, keepdim=True))  # the columns of W^T, one a unit

    _, sizes, V = torch.linalg.svd(weight)
    apart = (sizes[:, None] - sizes).abs().fill_diagonal_(1).min(1).values > 1e-4  # else an axis is not the only one

    agreement = (sefa(generator, latent) * V).sum(1).abs()
    assert torch.allclose(agreement[apart], torch.ones(()).double(), atol=1e-6)


def test_sefa_puts_first_what_moves_the_first_layer_most() -> None:
    config, generator = made("mlp")
    W = torch.nn.functional.normalize(first_weights(generator), dim=1)

    moves = (sefa(generator, config.model.latent) @ W.T).norm(dim=1)

    assert (moves.diff() <= 1e-12).all()
    assert moves[0] > 1.01 * moves[-1]


def test_a_batch_norm_is_folded_into_the_first_weights() -> None:
    config, generator = made("dcgan")
    z = latents_for_seeds([0, 1], config.model.latent).double()

    through_the_layers = ToNumbers()(generator.layers[:3](z)).diff(dim=0)

    assert torch.allclose((z @ first_weights(generator).T).diff(dim=0), through_the_layers)


def test_units_that_the_batch_norm_silences_do_not_count() -> None:
    config, generator = made("dcgan")
    norm = generator.layers[2]
    assert isinstance(norm, nn.BatchNorm2d)
    audible = torch.nn.functional.normalize(first_weights(generator), dim=1).view(-1, len(norm.weight), 6)[:, 1:]
    norm.weight[0] = 0

    _, _, V = torch.linalg.svd(audible.flatten(0, 1))

    assert (sefa(generator, config.model.latent)[0] @ V[0]).abs() > 1 - 1e-8


def test_labels_have_no_part_in_the_directions_of_latents() -> None:
    config, generator = made("mlp", labels=True)
    linear = next(layer for layer in generator.layers if isinstance(layer, nn.Linear))
    before = {name: find(generator, config.model.latent) for name, find in FINDERS.items()}
    linear.weight[:, 6:] *= 3

    assert torch.equal(sefa(generator, config.model.latent), before["sefa"])
    assert first_activations(generator, latents_for_seeds(range(50), config.model.latent)).shape == (50, 8)


def test_the_activations_of_each_class_have_their_mean_at_zero() -> None:
    config, generator = made("studio", labels=True)

    features = first_activations(generator, latents_for_seeds(range(40), config.model.latent))

    assert torch.allclose(features.view(4, CLASSES, -1).mean(0), torch.zeros(()), atol=1e-5)
    assert features.std() > 0.1


def test_ganspace_finds_the_one_direction_that_does_something() -> None:
    config, generator = made("mlp")
    linear = next(layer for layer in generator.layers if isinstance(layer, nn.Linear))
    axis = torch.tensor([0.6, 0, 0, 0.8, 0, 0], dtype=torch.float64)
    linear.weight.copy_(linear.weight * 0.01 + torch.linspace(1, 2, len(linear.weight))[:, None] * axis)

    first, *_ = ganspace(generator, config.model.latent, SAMPLES)

    assert (first @ axis).abs() > 0.99


def test_ganspace_has_no_more_directions_than_there_are_units() -> None:
    config = tiny_family("mlp", model__generator__widths=[3], model__latent__size=6)
    generator = still_generator(config, 0, build_generator(config, 0).state_dict())

    rows = ganspace(generator, config.model.latent, SAMPLES)

    assert rows.shape == (3, 6)
    assert is_orthonormal(rows)


def test_a_latent_is_moved_along_several_directions_at_once() -> None:
    z, rows = torch.zeros(2, 3), torch.eye(3)[:2]

    assert moved(z, rows, torch.tensor([2.0, -1.0])).tolist() == [[2, -1, 0]] * 2
    assert moved(z, rows, torch.tensor([[1.0, 0.0], [0.0, 1.0]])).tolist() == [[1, 0, 0], [0, 1, 0]]

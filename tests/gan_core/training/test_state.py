"""The training state: the names of its tensors, what it refuses to load, and its fingerprint."""

import itertools

import pytest
import torch
from torch import Tensor

from gan_core.config import RunConfig
from gan_core.training.state import StateMismatchError, TrainState, fingerprint
from tests.tiny import CPU, tiny, tiny_family, trainer_of

CONFIG = tiny(model__discriminator__spectral_norm=True)
COUNTERS = {"step": 3, "images_seen": 192}


def state_of(config: RunConfig = CONFIG) -> TrainState:
    return TrainState(config, 0, CPU)


def copies(state: TrainState) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in state.tensors().items()}


def test_the_name_of_every_tensor_says_which_network_it_belongs_to() -> None:
    state = state_of()
    players = {"generator": state.generator, "discriminator": state.discriminator, "average": state.average}
    expected = {f"{player}.{name}" for player, network in players.items() for name in network.state_dict()}
    for player in ("generator", "discriminator"):
        weights = dict(players[player].named_parameters())
        moments = itertools.product(weights, ("step", "exp_avg", "exp_avg_sq"))
        expected |= {f"optimizer_{player[0]}.{name}.{moment}" for name, moment in moments}

    assert set(state.tensors()) == expected


def test_batch_statistics_spectral_vectors_and_the_average_are_part_of_the_state() -> None:
    names = set(state_of().tensors())

    assert "generator.layers.3.running_mean" in names
    assert "average.layers.3.running_mean" in names
    assert any(name.startswith("discriminator.") and name.endswith(".u") for name in names)


def test_the_average_starts_as_the_generator() -> None:
    tensors = state_of().tensors()

    for name in [name for name in tensors if name.startswith("average.")]:
        assert torch.equal(tensors[name], tensors[name.replace("average.", "generator.")])


def test_the_average_does_not_share_memory_with_the_generator() -> None:
    tensors = state_of().tensors()

    pointers = [tensor.data_ptr() for tensor in tensors.values()]
    assert len(set(pointers)) == len(pointers)


def test_a_state_that_was_loaded_is_the_state_that_was_saved() -> None:
    trainer = trainer_of(CONFIG)
    list(trainer.steps(24))
    saved, fresh = copies(trainer.state), state_of()

    fresh.load(saved, trainer.state.counters())

    assert fingerprint(fresh.tensors(), fresh.counters()) == fingerprint(saved, {"step": 3, "images_seen": 24})


def missing(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return dict(list(tensors.items())[:-1])


def surplus(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {**tensors, "generator.another": torch.zeros(1)}


def reshaped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    name, tensor = next(reversed(tensors.items()))
    return {**tensors, name: tensor.unsqueeze(0)}


@pytest.mark.parametrize("foreign", [missing, surplus, reshaped])
def test_a_state_of_other_networks_is_refused_and_nothing_changes(foreign: object) -> None:
    state = state_of()
    before = fingerprint(state.tensors(), state.counters())
    others = copies(state_of(CONFIG.model_copy(update={"train": CONFIG.train.model_copy(update={"seed": 9})})))
    assert callable(foreign)

    with pytest.raises(StateMismatchError, match="do not match this run's configuration"):
        state.load(foreign(others), COUNTERS)

    assert fingerprint(state.tensors(), state.counters()) == before


def test_loading_copies_so_that_two_states_never_share_memory() -> None:
    saved, state = copies(state_of()), state_of()
    state.load(saved, COUNTERS)

    for tensor in saved.values():
        tensor.zero_()

    assert state.tensors()["generator.layers.0.weight"].abs().sum() > 0


def test_equal_configurations_have_equal_fingerprints() -> None:
    assert fingerprint(state_of().tensors(), COUNTERS) == fingerprint(state_of().tensors(), COUNTERS)


def test_every_single_element_is_in_the_fingerprint() -> None:
    tensors = copies(state_of())
    seen = {fingerprint(tensors, COUNTERS)}
    for tensor in tensors.values():
        last = tensor.view(-1)[-1:]
        last += 1
        seen.add(fingerprint(tensors, COUNTERS))

    assert len(seen) == len(tensors) + 1


@pytest.mark.parametrize("changed", [{"step": 4, "images_seen": 192}, {"step": 3, "images_seen": 193}])
def test_each_counter_is_in_the_fingerprint(changed: dict[str, int]) -> None:
    tensors = state_of().tensors()

    assert fingerprint(tensors, changed) != fingerprint(tensors, COUNTERS)


@pytest.mark.parametrize(
    "other",
    [
        {"w": torch.zeros(2, 3, dtype=torch.int32)},  # the same bytes
        {"w": torch.zeros(3, 2)},
        {"v": torch.zeros(2, 3)},
        {"w": torch.zeros(2, 3), "x": torch.zeros(0)},
    ],
    ids=["type", "shape", "name", "more"],
)
def test_type_shape_and_name_are_in_the_fingerprint(other: dict[str, Tensor]) -> None:
    assert fingerprint(other, COUNTERS) != fingerprint({"w": torch.zeros(2, 3)}, COUNTERS)


def test_the_layout_in_memory_and_the_order_of_names_are_not_in_the_fingerprint() -> None:
    x = torch.arange(48.0).view(1, 3, 4, 4)
    y = torch.ones(2)

    assert fingerprint({"x": x, "y": y}, COUNTERS) == fingerprint(
        {"y": y, "x": x.to(memory_format=torch.channels_last)}, {"images_seen": 192, "step": 3}
    )


def test_minus_zero_and_zero_have_different_fingerprints() -> None:
    assert fingerprint({"w": torch.zeros(1)}, COUNTERS) != fingerprint({"w": -torch.zeros(1)}, COUNTERS)


def test_convolutions_are_stored_channels_last() -> None:
    state = TrainState(tiny_family("studio", data__image_size=16), 0, CPU)
    kernels = [parameter for parameter in state.generator.parameters() if parameter.dim() == 4]

    assert kernels
    assert all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)

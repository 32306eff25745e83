"""Random numbers are a function of (seed, stream, step) only, and never use the global generators."""

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_core.config import AugmentName, LatentConfig, LossName, PenaltyName
from gan_core.evaluation.digit_classifier import load_classifier
from gan_core.models.networks import build_generator
from gan_core.numerics.rng import (
    BLOCK_STEPS,
    DataOrder,
    Stream,
    classes_for_seeds,
    generator_for,
    latents,
    latents_for_seeds,
)
from gan_core.pictures.render import grid, grid_labels, png, render, still_generator
from gan_core.runs.export import onnx_bytes, safetensors_bytes
from tests.tiny import FAMILIES, digits, offered, tiny, tiny_family, trainer_of

LATENT = LatentConfig(size=6)
ARGUMENTS = [(0, "a", 0), (1, "a", 0), (0, "b", 0), (0, "a", 1)]
PRINT_DRAWS = (
    "from gan_core.numerics.rng import generator_for as g;"
    "print([g(*a).initial_seed() for a in ((0, 'a', 0), (2**53, 'b', 7))])"
)
IMPORT_ALL = """
import importlib, pickle, pkgutil, random
import numpy, torch

def states():
    return pickle.dumps((random.getstate(), numpy.random.get_state())), torch.get_rng_state().tolist()

before = states()
import gan_core
for module in pkgutil.walk_packages(gan_core.__path__, "gan_core."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
assert states() == before
"""


def numbers(seed: int, stream: str, step: int) -> list[float]:
    return torch.rand(4, generator=generator_for(seed, stream, step)).tolist()


def test_the_same_arguments_give_the_same_numbers_in_any_order_of_asking() -> None:
    first = {arguments: numbers(*arguments) for arguments in ARGUMENTS}

    assert {arguments: numbers(*arguments) for arguments in reversed(ARGUMENTS)} == first


def test_each_argument_changes_the_numbers() -> None:
    assert len({tuple(numbers(*arguments)) for arguments in ARGUMENTS}) == len(ARGUMENTS)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6), st.integers(0, 2**53))
@settings(max_examples=25, deadline=None)
def test_a_stream_gives_at_each_step_what_the_step_alone_gives_in_any_order(steps: list[int], seed: int) -> None:
    stream = Stream(seed, "a")

    for step in [*steps, steps[0] + 1, BLOCK_STEPS - 1, BLOCK_STEPS]:
        assert torch.rand(4, generator=stream.at(step)).tolist() == numbers(seed, "a", step)


def test_seed_and_step_are_not_interchangeable() -> None:
    assert numbers(1, "a", 2) != numbers(2, "a", 1)


def test_the_numbers_are_the_same_in_every_process_whatever_its_hash_seed() -> None:
    elsewhere = subprocess.run(
        [sys.executable, "-c", PRINT_DRAWS],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout == f"{[generator_for(*a).initial_seed() for a in ((0, 'a', 0), (2**53, 'b', 7))]}\n"


@given(st.integers(0, 2**53), st.integers(1, 300), st.integers(0, 5))
def test_every_epoch_shows_every_image_once(seed: int, size: int, epoch: int) -> None:
    order = DataOrder(seed, size).indices(epoch * size, size)

    assert sorted(order.tolist()) == list(range(size))


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(0, 100), st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_the_order_of_the_data_does_not_depend_on_how_it_is_cut_into_batches(
    size: int, start: int, counts: list[int]
) -> None:
    order, pieces, position = DataOrder(3, size), [], start
    for count in counts:
        pieces.append(order.indices(position, count))
        position += count

    assert torch.equal(torch.cat(pieces), DataOrder(3, size).indices(start, sum(counts)))


def test_the_order_can_be_read_backwards() -> None:
    order = DataOrder(0, 10)
    forwards = [order.indices(position, 10).tolist() for position in (0, 10, 20)]

    assert [order.indices(position, 10).tolist() for position in (20, 10, 0)] == forwards[::-1]


def test_two_epochs_and_two_seeds_have_different_orders() -> None:
    orders = [DataOrder(0, 50).indices(0, 50), DataOrder(0, 50).indices(50, 50), DataOrder(1, 50).indices(0, 50)]

    assert len({tuple(order.tolist()) for order in orders}) == 3


@given(st.lists(st.integers(0, 999), min_size=1, max_size=8))
def test_the_latent_of_a_seed_does_not_depend_on_the_other_seeds(seeds: list[int]) -> None:
    together = latents_for_seeds(seeds, LATENT)

    assert together.shape == (len(seeds), 6)
    assert all(torch.equal(together[i], latents_for_seeds([seed], LATENT)[0]) for i, seed in enumerate(seeds))


def test_without_seeds_there_are_no_latents() -> None:
    assert latents_for_seeds([], LATENT).shape == (0, 6)


def test_uniform_latents_fill_the_range_from_minus_one_to_one() -> None:
    z = latents(2_000, LatentConfig(size=5, distribution="uniform"), generator_for(0, "z"))

    assert (z.shape, z.dtype) == ((2_000, 5), torch.float32)
    assert z.abs().max() <= 1
    assert z.mean().item() == pytest.approx(0, abs=0.02)
    assert z.var().item() == pytest.approx(1 / 3, abs=0.02)


def test_normal_latents_have_mean_zero_and_variance_one() -> None:
    z = latents(2_000, LATENT, generator_for(0, "z"))

    assert z.mean().item() == pytest.approx(0, abs=0.03)
    assert z.var().item() == pytest.approx(1, abs=0.03)


@pytest.fixture(scope="module", autouse=True)
def the_digits_are_read() -> None:
    """Importing scikit-learn imports rich, which draws an identifier from Python's global generator."""
    digits()


@contextmanager
def global_numbers_untouched() -> Iterator[None]:
    """Asserts that the global generators of torch, numpy and Python have not changed at the end."""
    before = global_states()
    yield
    assert global_states() == before


def global_states() -> tuple[bytes, bytes, object]:
    return torch.get_rng_state().numpy().tobytes(), pickle.dumps(np.random.get_state()), random.getstate()


def test_importing_the_engine_leaves_the_global_numbers_alone() -> None:
    repository = Path(__file__).resolve().parents[3]

    subprocess.run([sys.executable, "-c", IMPORT_ALL], check=True, cwd=repository)


@pytest.mark.parametrize("family", FAMILIES)
def test_building_and_training_a_family_leaves_the_global_numbers_alone(family: str) -> None:
    options = {"model__discriminator__dropout": 0.3, "model__discriminator__spectral_norm": True}
    with global_numbers_untouched():
        trainer_of(tiny_family(family, data__labels=True, **offered(family, **options))).step()


CASES = [
    *({"objective__loss": name} for name in get_args(LossName)),
    *({"objective__penalty": name} for name in get_args(PenaltyName)),
    *({"objective__augment": name} for name in get_args(AugmentName)),
    {"model__generator__dropout": 0.5},
    {"model__latent__distribution": "uniform"},
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case.values())))
def test_a_step_leaves_the_global_numbers_alone(case: dict[str, object]) -> None:
    with global_numbers_untouched():
        trainer_of(tiny(**case)).step()


def test_rendering_and_the_digit_classifier_leave_the_global_numbers_alone() -> None:
    config = tiny()
    with global_numbers_untouched():
        generator = still_generator(config, 0, build_generator(config, 0).state_dict())
        pixels = render(generator, config, latents_for_seeds(range(9), config.model.latent))
        png(grid(pixels))
        load_classifier().probabilities(pixels)


def test_export_leaves_the_global_numbers_alone() -> None:
    config = tiny_family("studio")
    with global_numbers_untouched():
        safetensors_bytes(build_generator(config, 0).eval(), config, 0)
        onnx_bytes(build_generator(config, 0).eval(), config, 0)


def test_the_class_of_a_seed_is_its_remainder_as_in_every_sample_grid() -> None:
    seeds = [0, 9, 10, 12, 63, 10**15 - 1]

    assert classes_for_seeds(seeds, 10).tolist() == [0, 9, 0, 2, 3, 9]  # type: ignore[union-attr]
    assert torch.equal(classes_for_seeds(range(64), 10), grid_labels(64, 10))  # type: ignore[arg-type]
    assert classes_for_seeds(seeds, 0) is None

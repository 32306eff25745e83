"""Inversion: the latents of generated images are found, others are not, and the error never increases."""

import itertools
from collections.abc import Iterator

import pytest
import torch

from gan_core.config import RunConfig
from gan_core.latent.inversion import FOUND, Guess, SearchSettings, invert, rate_share, redraw_outside
from gan_core.models.networks import Generator, build_generator
from gan_core.numerics.pixel_range import pixel_error
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import render, still_generator
from tests.tiny import CLASSES, tiny_family

SHORT = SearchSettings(restarts=8, steps=120)


def made(family: str = "mlp", **overrides: object) -> tuple[RunConfig, Generator]:
    """A generator of 8 x 8 pixels with weights large enough that its images differ."""
    config = tiny_family(family, **overrides)
    classes = CLASSES if config.data.labels else 0
    tensors = build_generator(config, classes).state_dict()
    lively = {name: tensor * 3 if tensor.dim() > 1 else tensor for name, tensor in tensors.items()}
    return config, still_generator(config, classes, lively)


def picture_of(config: RunConfig, generator: Generator, seed: int, y: torch.Tensor | None = None) -> Bytes:
    return render(generator, config, latents_for_seeds([seed], config.model.latent), y)


def last(guesses: Iterator[Guess]) -> Guess:
    *_, guess = guesses
    return guess


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
@pytest.mark.parametrize("value_range", ["signed", "unit"])
def test_a_picture_that_the_generator_made_is_found(distribution: str, value_range: str) -> None:
    config, generator = made(model__latent__distribution=distribution, data__value_range=value_range)
    target = picture_of(config, generator, 7)

    guess = last(invert(generator, config, target, settings=SHORT))

    assert guess.found
    assert pixel_error(render(generator, config, guess.z), target) < FOUND
    assert distribution == "normal" or guess.z.abs().max() <= 1


def test_a_picture_of_a_class_is_found_with_its_class() -> None:
    config, generator = made(data__labels=True)
    y = torch.tensor([3])

    right = last(invert(generator, config, picture_of(config, generator, 7, y), y, SHORT))

    assert right.found
    assert right.z.shape == (1, 4)


def test_a_picture_that_the_generator_cannot_make_is_not_found() -> None:
    config, generator = made()
    board = ((torch.arange(8)[:, None] + torch.arange(8)) % 2 * 255).to(torch.uint8)

    guess = last(invert(generator, config, board[None, None], settings=SHORT))

    assert not guess.found
    assert 0.01 < guess.error < 1


def test_guesses_come_every_ten_steps_and_never_get_worse() -> None:
    config, generator = made("studio")
    target = picture_of(config, generator, 3)

    guesses = list(invert(generator, config, target, settings=SearchSettings(restarts=4, steps=45)))

    assert [(guess.step, guess.steps) for guess in guesses] == [(step, 45) for step in (10, 20, 30, 40, 45)]
    assert all(after.error <= before.error for before, after in itertools.pairwise(guesses))
    assert guesses[-1].error < guesses[0].error


def test_the_error_is_that_of_the_still() -> None:
    config, generator = made()
    target = picture_of(config, generator, 3)

    guess = next(invert(generator, config, target, settings=SHORT))

    assert pixel_error(render(generator, config, guess.z), target).tolist() == [guess.error]
    assert guess.z.dtype == torch.float64


def test_equal_searches_give_equal_guesses_and_another_seed_others() -> None:
    config, generator = made()
    target = picture_of(config, generator, 5)

    first, again, other = (next(invert(generator, config, target, settings=SHORT, seed=seed)) for seed in (0, 0, 1))

    assert torch.equal(first.z, again.z)
    assert not torch.equal(first.z, other.z)


def test_a_search_leaves_the_generator_and_the_shared_random_numbers_alone() -> None:
    config, generator = made()
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    shared = torch.random.get_rng_state()

    next(invert(generator, config, picture_of(config, generator, 5), settings=SHORT))

    assert torch.equal(torch.random.get_rng_state(), shared)
    assert all(torch.equal(tensor, before[name]) for name, tensor in generator.state_dict().items())
    assert {parameter.dtype for parameter in generator.parameters()} == {torch.float64}


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    shares = [rate_share(progress) for progress in (0.025, 0.05, 0.3, 0.5, 0.75, 1.0)]

    assert shares == pytest.approx([0.5, 1, 1, 1, 0.5, 0])


def test_numbers_that_leave_a_uniform_prior_are_drawn_anew() -> None:
    z = torch.tensor([[0.5, 1.5, -3.0, -0.25]])

    redraw_outside(z, generator_for(0, "clipping"))

    assert z[0, [0, 3]].tolist() == [0.5, -0.25]
    assert z.abs().max() <= 1


def test_the_latents_found_are_of_typical_length() -> None:
    config, generator = made()

    guess = last(invert(generator, config, picture_of(config, generator, 9), settings=SHORT))

    assert 1 < guess.z.norm() < 3  # the shell of four numbers is 2

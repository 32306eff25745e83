"""One update of each player against the computation written out in plain torch, and the loop around them."""

from contextlib import nullcontext
from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, softplus
from torch.nn.utils import get_total_norm

from gan_core.config import AugmentName, LossName, PenaltyName
from gan_core.models.networks import Discriminator, Generator, build_discriminator, build_generator
from gan_core.numerics.rng import DataOrder, generator_for, latents, latents_for_seeds
from gan_core.objective.augmentations import AUGMENTATIONS
from gan_core.objective.losses import LOSSES
from gan_core.objective.penalties import PENALTIES
from gan_core.runs.history import SCALARS
from gan_core.training.adam import Adam
from gan_core.training.step import (
    Game,
    apart,
    discriminator_step,
    generator_step,
    make,
    norm_of,
    score_both_for,
    together,
)
from gan_core.training.step_report import scalars_of
from tests.tiny import digits, tiny, tiny_family, trainer_of

LEARNING_RATE = 0.1
PLAIN = tiny(model__generator__norm="none", model__generator__output="linear")
COUNT = 5
Z = latents_for_seeds(range(COUNT), PLAIN.model.latent)
X = digits().batch(torch.arange(COUNT), "signed")


class Descent:
    """Plain gradient descent, so that a step can be written out by hand."""

    def __init__(self, network: nn.Module) -> None:
        self.weights = list(network.parameters())

    @torch.no_grad()
    def step(self) -> None:
        for weight in self.weights:
            assert weight.grad is not None
            weight.sub_(weight.grad, alpha=LEARNING_RATE)


def game(loss: LossName = "non_saturating", penalty: PenaltyName = "none", augment: AugmentName = "none") -> Game:
    """Two tiny linear networks without norms, on plain gradient descent."""
    generator, discriminator = build_generator(PLAIN, 0), build_discriminator(PLAIN, 0)
    return Game(
        generator=generator,
        discriminator=discriminator,
        optimizer_g=Descent(generator),
        optimizer_d=Descent(discriminator),
        loss=LOSSES[loss],
        penalty=PENALTIES[penalty],
        augment=AUGMENTATIONS[augment],
        black=-1.0,
        autocast=nullcontext,
        score_both=together,
    )


def written_out(network: nn.Module) -> list[Tensor]:
    """Copies of the weights, in order: three matrices and their biases."""
    return [parameter.detach().clone().requires_grad_() for parameter in network.parameters()]


def three_layers(x: Tensor, weights: list[Tensor]) -> Tensor:
    """What both networks compute: linear, LeakyReLU, linear, LeakyReLU, linear."""
    w_1, b_1, w_2, b_2, w_3, b_3 = weights
    hidden = leaky_relu(x.flatten(1) @ w_1.T + b_1, 0.2)
    return leaky_relu(hidden @ w_2.T + b_2, 0.2) @ w_3.T + b_3


def score(x: Tensor, weights: list[Tensor]) -> Tensor:
    return three_layers(x, weights).squeeze(1)


def moved(weights: list[Tensor], objective: Tensor) -> list[Tensor]:
    """The weights after one step of gradient descent."""
    gradients = torch.autograd.grad(objective, weights)
    return [weight - LEARNING_RATE * gradient for weight, gradient in zip(weights, gradients, strict=True)]


def assert_weights(network: nn.Module, expected: list[Tensor]) -> None:
    for parameter, value in zip(network.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter, value, rtol=1e-5, atol=1e-7)


def made(playing: Game) -> Tensor:
    """What the generator makes of the latents Z, with its graph."""
    return make(playing, Z, None)


def draw() -> torch.Generator:
    return generator_for(0, "draw")


def test_a_step_of_d_is_that_of_the_paper() -> None:
    playing = game()
    d, g = written_out(playing.discriminator), written_out(playing.generator)
    x_fake = three_layers(Z, g).detach()
    objective = softplus(-score(X, d)).mean() + softplus(score(x_fake, d)).mean()

    seen, _, _ = discriminator_step(playing, X, None, made(playing), 0.0, draw())

    assert_weights(playing.discriminator, moved(d, objective))
    assert seen["loss_d"].item() == pytest.approx(objective.item())


def test_a_step_of_d_descends_its_penalty_too() -> None:
    playing = game(penalty="r1")
    d, g = written_out(playing.discriminator), written_out(playing.generator)
    x, x_fake = X.clone().requires_grad_(), three_layers(Z, g).detach()
    (slope,) = torch.autograd.grad(score(x, d).sum(), x, create_graph=True)
    penalty = 7 * 0.5 * slope.square().flatten(1).sum(1).mean()
    loss = softplus(-score(X, d)).mean() + softplus(score(x_fake, d)).mean()

    seen, _, _ = discriminator_step(playing, X, None, made(playing), 7.0, draw())

    # the last bias has no part in the gradient of the scores
    assert_weights(playing.discriminator, moved(d, loss + penalty))
    assert (seen["loss_d"].item(), seen["penalty"].item()) == pytest.approx((loss.item(), penalty.item()))


def test_a_step_of_g_is_that_of_the_paper() -> None:
    playing = game()
    d, g = written_out(playing.discriminator), written_out(playing.generator)
    objective = softplus(-score(three_layers(Z, g), d)).mean()

    seen = generator_step(playing, X, None, made(playing), draw())

    assert_weights(playing.generator, moved(g, objective))
    assert seen["loss_g"].item() == pytest.approx(objective.item())


def test_a_relativistic_step_of_g_compares_with_real_images() -> None:
    playing = game(loss="relativistic")
    d, g = written_out(playing.discriminator), written_out(playing.generator)
    objective = softplus(score(X, d) - score(three_layers(Z, g), d)).mean()

    generator_step(playing, X, None, made(playing), draw())

    assert_weights(playing.generator, moved(g, objective))


def test_d_and_g_are_trained_on_augmented_images() -> None:
    playing, plain = game(augment="translation"), game()

    through, without = (discriminator_step(each, X, None, made(each), 0.0, draw()) for each in (playing, plain))

    assert not torch.equal(through.real, without.real)
    losses = [generator_step(each, X, None, made(each), draw())["loss_g"] for each in (playing, plain)]
    assert losses[0] != losses[1]


def test_the_first_step_of_adam_is_the_learning_rate_against_the_sign_of_the_gradient() -> None:
    discriminator = build_discriminator(PLAIN, 0)
    adam = Adam(discriminator.parameters(), 0.01, (0.0, 0.99))
    playing = replace(game(), discriminator=discriminator, optimizer_d=adam)
    before = written_out(discriminator)
    x_fake = three_layers(Z, written_out(playing.generator)).detach()
    objective = softplus(-score(X, before)).mean() + softplus(score(x_fake, before)).mean()
    gradients = torch.autograd.grad(objective, before)

    discriminator_step(playing, X, None, made(playing), 0.0, draw())

    # moments corrected for their start: m = g, v = g^2  (Kingma & Ba 2015, algorithm 1)
    assert_weights(discriminator, [w - 0.01 * g / (g.abs() + 1e-8) for w, g in zip(before, gradients, strict=True)])


def test_the_reported_gradient_norm_is_that_of_all_weights_together() -> None:
    playing = game()
    d, g = written_out(playing.discriminator), written_out(playing.generator)
    objective = softplus(-score(three_layers(Z, g), d)).mean()
    gradients = torch.autograd.grad(objective, g)

    seen = generator_step(playing, X, None, made(playing), draw())

    assert seen["grad_norm_g"].item() == pytest.approx(torch.cat([part.flatten() for part in gradients]).norm().item())


def test_the_gradient_norm_is_pytorchs_however_the_weights_lie_in_memory() -> None:
    gradients = [torch.randn(5, generator=draw()), torch.randn(8, 4, 3, 3, generator=draw())]
    weights = [
        nn.Parameter(torch.empty(5)),
        nn.Parameter(torch.empty(8, 4, 3, 3).to(memory_format=torch.channels_last)),
    ]
    weights[0].grad = gradients[0]
    weights[1].grad = gradients[1].to(memory_format=torch.channels_last)

    torch.testing.assert_close(norm_of(weights), get_total_norm(gradients))


def test_each_player_moves_only_its_own_weights() -> None:
    playing = game()
    g, d = written_out(playing.generator), written_out(playing.discriminator)

    discriminator_step(playing, X, None, made(playing), 0.0, draw())
    assert_weights(playing.generator, g)

    d = written_out(playing.discriminator)
    generator_step(playing, X, None, made(playing), draw())
    assert_weights(playing.discriminator, d)


def test_the_step_of_g_leaves_no_gradients_on_d_and_d_ready_to_learn() -> None:
    playing = game()

    generator_step(playing, X, None, made(playing), draw())

    assert all(parameter.grad is None for parameter in playing.discriminator.parameters())
    assert all(parameter.requires_grad for parameter in playing.discriminator.parameters())


def test_the_step_of_d_leaves_no_gradients_on_g() -> None:
    playing = game(penalty="r1_r2")

    discriminator_step(playing, X, None, made(playing), 1.0, draw())

    assert all(parameter.grad is None for parameter in playing.generator.parameters())


def test_one_step_is_d_steps_batches_for_d_and_one_step_on_the_clock() -> None:
    trainer = trainer_of(tiny(optim__d_steps=3))

    reports = [trainer.step(), trainer.step()]

    assert [(report.step, report.images_seen) for report in reports] == [(1, 24), (2, 48)]
    assert {float(each["step"]) for each in trainer.state.optimizer_d.moments()} == {6}
    assert {float(each["step"]) for each in trainer.state.optimizer_g.moments()} == {2}


@pytest.mark.parametrize(("until", "steps"), [(0, 0), (1, 1), (8, 1), (9, 2), (64, 8)])
def test_the_steps_go_on_until_enough_images_were_shown(until: int, steps: int) -> None:
    trainer = trainer_of(tiny())

    assert [report.step for report in trainer.steps(until)] == list(range(1, steps + 1))


@pytest.mark.parametrize("loss", list(LOSSES))
def test_a_report_holds_what_the_history_keeps_and_no_graph(loss: LossName) -> None:
    report = trainer_of(tiny(objective__loss=loss, objective__penalty="r1", optim__d_steps=2)).step()
    without = {"probability_real", "probability_fake"} if LOSSES[loss].probability is None else set()

    scalars = scalars_of([report], LOSSES[loss])

    assert not any(value.requires_grad for value in [*report.measured.values(), *report.real, *report.fake])
    assert set(scalars) == set(SCALARS) - without
    assert all(values.shape == (1,) and values.isfinite().all() for values in scalars.values())


def test_the_losses_of_several_updates_of_d_are_their_means() -> None:
    one, two = (trainer_of(tiny(optim__d_steps=2)) for _ in range(2))
    updates = [one.update_discriminator(update, one.batch(update)).observed for update in (0, 1)]

    report = two.step()

    mean = (updates[0]["loss_d"] + updates[1]["loss_d"]) / 2
    assert report.measured["loss_d"].item() == pytest.approx(mean.item())


@dataclass
class Seen:
    """What a network was shown, in order."""

    images: list[Tensor]
    labels: list[Tensor | None]


def watched(network: Generator | Discriminator) -> Seen:
    seen = Seen([], [])

    def note(module: nn.Module, arguments: tuple[Tensor, Tensor | None]) -> None:
        seen.images.append(arguments[0].detach().clone())
        seen.labels.append(arguments[1])

    network.register_forward_pre_hook(note)
    return seen


def test_d_is_shown_the_images_of_the_order_one_after_the_other() -> None:
    trainer = trainer_of(tiny())
    seen = watched(trainer.state.discriminator)
    order = DataOrder(0, len(digits())).indices(0, 16)

    trainer.step()
    trainer.step()

    real = [seen.images[0][:8], seen.images[2][:8]]  # each step: D on real and made at once, G's made
    assert torch.equal(torch.cat(real), digits().batch(order, "signed"))


def test_the_latents_are_a_function_of_the_step() -> None:
    trainer = trainer_of(tiny())
    seen = watched(trainer.state.generator)

    trainer.step()
    trainer.step()

    expected = [latents(8, trainer.config.model.latent, generator_for(0, "latents", step)) for step in (0, 1)]
    assert len(seen.images) == 2
    assert all(torch.equal(*pair) for pair in zip(seen.images, expected, strict=True))


def test_labels_are_those_of_the_images_for_both_players_where_the_run_has_them() -> None:
    trainer = trainer_of(tiny(data__labels=True))
    of_g, of_d = watched(trainer.state.generator), watched(trainer.state.discriminator)
    labels = digits().labels_at(DataOrder(0, len(digits())).indices(0, 8))

    trainer.step()

    assert labels is not None
    shown = [of_g.labels[0], *torch.split(torch.cat([y for y in of_d.labels if y is not None]), 8)]
    assert len(shown) == 4  # G, D on real, D on made, D in G's step
    assert all(y is not None and torch.equal(y, labels) for y in shown)


def test_labels_of_the_data_are_not_used_where_the_run_has_none() -> None:
    trainer = trainer_of(tiny())
    seen = watched(trainer.state.generator)

    trainer.step()

    assert digits().labels is not None
    assert seen.labels == [None]


def test_d_and_g_use_the_same_generated_images_in_a_step() -> None:
    trainer = trainer_of(tiny())
    seen = watched(trainer.state.discriminator)

    trainer.step()

    assert torch.equal(seen.images[0][8:], seen.images[1])


@pytest.mark.parametrize("labels", [False, True])
def test_d_gives_the_same_logits_for_two_batches_together_and_apart(labels: bool) -> None:
    discriminator = trainer_of(tiny(data__labels=labels)).state.discriminator
    y = torch.arange(COUNT) if labels else None

    at_once, one_by_one = (both(discriminator, X, X.flip(3), y) for both in (together, apart))

    torch.testing.assert_close(at_once, one_by_one)


def test_d_with_batch_norm_never_mixes_real_and_generated_images() -> None:
    assert score_both_for(trainer_of(tiny(model__discriminator__norm="batch")).state.discriminator) is apart
    assert score_both_for(trainer_of(tiny_family("resize")).state.discriminator) is apart
    assert score_both_for(trainer_of(tiny(model__discriminator__norm="layer")).state.discriminator) is together


def test_the_average_follows_the_generator() -> None:
    trainer = trainer_of(tiny(optim__ema_halflife_images=0))

    trainer.step()

    for average, weight in zip(trainer.state.average.parameters(), trainer.state.generator.parameters(), strict=True):
        assert torch.equal(average, weight)


def test_late_in_a_run_the_average_is_updated_every_four_steps() -> None:
    trainer = trainer_of(tiny(optim__ema_halflife_images=2_000))
    trainer.state.step, trainer.state.images_seen = 10_000, 80_000
    before = trainer.state.average.state_dict()["layers.0.weight"].clone()

    for step in range(1, 5):
        trainer.step()
        now = trainer.state.average.state_dict()["layers.0.weight"]
        assert torch.equal(now, before) == (step < 4)

    decay = 0.5 ** (4 * 8 / 2_000)
    weight = trainer.state.generator.state_dict()["layers.0.weight"]
    torch.testing.assert_close(now, decay * before + (1 - decay) * weight)


def test_the_penalty_is_weighted_by_its_schedule() -> None:
    schedule = {"objective__gamma_start": 4.0, "objective__gamma_end": 0.0, "objective__gamma_images": 8}
    trainer = trainer_of(tiny(objective__penalty="r1", **schedule))

    assert trainer.step().measured["penalty"] > 0
    assert trainer.step().measured["penalty"] == 0


def test_a_training_run_is_the_same_every_time() -> None:
    config = tiny(
        model__generator__dropout=0.3, objective__augment="translation_cutout", objective__penalty="gradient_penalty"
    )
    states = []
    for _ in range(2):
        trainer = trainer_of(config)
        list(trainer.steps(40))
        states.append(trainer.state.tensors())

    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])

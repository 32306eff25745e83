"""One update of each player: the algorithm of the papers, in two functions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import torch
from torch import nn

from gan_core.models.networks import Discriminator, Generator
from gan_core.numerics.shapes import Images, Labels, Latents, Logits, Scalar
from gan_core.objective.augmentation import Augmentation
from gan_core.objective.loss import Loss, Score
from gan_core.objective.penalty import Penalty

Observed = dict[str, Scalar]  # scalars of one update, still on the device
ScoreBoth = Callable[[Score, Images, Images, Labels | None], tuple[Logits, Logits]]


class Optimizer(Protocol):
    """Updates the weights of one player by their gradients."""

    weights: list[nn.Parameter]

    def step(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Game:
    """The players and the rules, fixed for a whole run."""

    generator: Generator
    discriminator: Discriminator
    optimizer_g: Optimizer
    optimizer_d: Optimizer
    loss: Loss
    penalty: Penalty
    augment: Augmentation
    black: float  # value of a black pixel
    autocast: Callable[[], AbstractContextManager[Any]]
    score_both: ScoreBoth


class UpdateOfD(NamedTuple):
    """The scalars of one update of D, and its logits (B,) of real and generated images, all detached."""

    observed: Observed
    real: Logits
    fake: Logits


def make(game: Game, z: Latents, y: Labels | None) -> Images:
    """x_fake = G(z), computed once for both players: D sees it detached, G's step propagates back through it."""
    with game.autocast():
        x_fake: Images = game.generator(z, y).float()  # (B, C, H, W)
    return x_fake


def discriminator_step(
    game: Game, x: Images, y: Labels | None, x_fake: Images, gamma: float, draw: torch.Generator
) -> UpdateOfD:
    """Descend  L_D = loss.d(D(T(x)), D(T(x_fake))) + gamma * penalty(D o T, x, x_fake)  in the weights of D."""
    score, x_fake = behind_augmentation(game, draw), x_fake.detach()
    with game.autocast():
        real, fake = game.score_both(score, x, x_fake, y)  # (B,), (B,)
    penalty = gamma * game.penalty(score, x, x_fake, y, draw)
    L_D = game.loss.d(real, fake)
    norm = descend(game.optimizer_d, L_D + penalty)
    observed = {"loss_d": L_D.detach(), "penalty": penalty.detach(), "grad_norm_d": norm}
    return UpdateOfD(observed, real.detach(), fake.detach())


def generator_step(game: Game, x: Images, y: Labels | None, x_fake: Images, draw: torch.Generator) -> Observed:
    """Descend  L_G = loss.g(D(T(x)), D(T(x_fake)))  in the weights of G, which made x_fake."""
    score = behind_augmentation(game, draw)
    with frozen(game.optimizer_d.weights):
        with game.autocast():
            fake = score(x_fake, y)  # (B,)
            real = game.loss.real_logits_for_g(score, x, y)  # (B,)
        L_G = game.loss.g(real, fake)
        norm = descend(game.optimizer_g, L_G)
    return {"loss_g": L_G.detach(), "grad_norm_g": norm}


def behind_augmentation(game: Game, draw: torch.Generator) -> Score:
    """D o T: D applied to augmented images."""
    return lambda x, y: game.discriminator(game.augment(x, game.black, draw), y)


def apart(score: Score, x: Images, x_fake: Images, y: Labels | None) -> tuple[Logits, Logits]:
    """D's logits of both batches in two passes, as batch norm needs it."""
    return score(x, y), score(x_fake, y)


def together(score: Score, x: Images, x_fake: Images, y: Labels | None) -> tuple[Logits, Logits]:
    """D's logits of both batches in one pass: faster, and equal if D treats each image separately."""
    real, fake = score(torch.cat([x, x_fake]), None if y is None else torch.cat([y, y])).chunk(2)
    return real, fake


def score_both_for(discriminator: Discriminator) -> ScoreBoth:
    """In one pass, unless D has a batch norm."""
    mixes = any(isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) for module in discriminator.modules())
    return apart if mixes else together


def descend(optimizer: Optimizer, objective: Scalar) -> Scalar:
    """One optimizer step on `objective`; returns the norm of the gradient. Gradients are freed afterwards."""
    objective.backward()  # type: ignore[no-untyped-call]  # torch's own
    norm = norm_of(optimizer.weights)
    optimizer.step()
    for weight in optimizer.weights:
        weight.grad = None  # its memory is used again for the gradients of the other player
    return norm


@torch.no_grad()
def norm_of(weights: list[nn.Parameter]) -> Scalar:
    """The norm of all gradients together; dot products are faster than norms on a CPU."""
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    in_memory = [gradient.as_strided((gradient.numel(),), (1,)) for gradient in gradients]  # in any order
    return torch.stack([torch.dot(numbers, numbers) for numbers in in_memory]).sum().sqrt()


@contextmanager
def frozen(weights: list[nn.Parameter]) -> Iterator[None]:
    """No gradients for these weights: G's step needs only the gradient of D with respect to the image."""
    for weight in weights:
        weight.requires_grad = False
    try:
        yield
    finally:
        for weight in weights:
            weight.requires_grad = True

"""One update of each player. This file is the paper; everything else serves it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from gan_core.augment import Augment
from gan_core.losses import Loss, Score
from gan_core.models import Discriminator, Generator
from gan_core.penalties import Penalty
from gan_core.shapes import Images, Labels, Latents, Logits, Scalar

Observed = dict[str, Scalar]  # what a step reports, still on the device
ScoreBoth = Callable[[Score, Images, Images, Labels | None], tuple[Logits, Logits]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Game:
    """The players and the rules, fixed for a whole run."""

    generator: Generator
    discriminator: Discriminator
    optimizer_g: torch.optim.Optimizer
    optimizer_d: torch.optim.Optimizer
    loss: Loss
    penalty: Penalty
    augment: Augment
    black: float  # value of a black pixel
    autocast: Callable[[], AbstractContextManager[Any]]
    score_both: ScoreBoth


def make(game: Game, z: Latents, y: Labels | None) -> Images:
    """x_fake = G(z), made once for both players: D sees it detached, G's step goes back through it."""
    with game.autocast():
        x_fake: Images = game.generator(z, y).float()  # (B, C, H, W)
    return x_fake


def discriminator_step(
    game: Game, x: Images, y: Labels | None, x_fake: Images, gamma: float, draw: torch.Generator
) -> Observed:
    """Descend  L_D = loss.d(D(T(x)), D(T(x_fake))) + gamma * penalty(D o T, x, x_fake)  in the weights of D."""
    score, x_fake = behind_augmentation(game, draw), x_fake.detach()
    with game.autocast():
        real, fake = game.score_both(score, x, x_fake, y)  # (B,), (B,)
    penalty = gamma * game.penalty(score, x, x_fake, y, draw)
    L_D = game.loss.d(real, fake)
    norm = descend(game.optimizer_d, L_D + penalty)
    return {
        "loss_d": L_D.detach(),
        "penalty": penalty.detach(),
        "grad_norm_d": norm,
        **opinions(game.loss, real, fake),
    }


def generator_step(game: Game, x: Images, y: Labels | None, x_fake: Images, draw: torch.Generator) -> Observed:
    """Descend  L_G = loss.g(D(T(x)), D(T(x_fake)))  in the weights of G, which made x_fake."""
    score = behind_augmentation(game, draw)
    with frozen(game.discriminator):
        with game.autocast():
            fake = score(x_fake, y)  # (B,)
            real = game.loss.real_logits_for_g(score, x, y)  # (B,)
        L_G = game.loss.g(real, fake)
        norm = descend(game.optimizer_g, L_G)
    return {"loss_g": L_G.detach(), "grad_norm_g": norm}


def behind_augmentation(game: Game, draw: torch.Generator) -> Score:
    """D o T: what D says of an image that it sees through the augmentation."""
    return lambda x, y: game.discriminator(game.augment(x, game.black, draw), y)


def apart(score: Score, x: Images, x_fake: Images, y: Labels | None) -> tuple[Logits, Logits]:
    """D's logits of both batches, one after the other: batch norm keeps a statistic of each."""
    return score(x, y), score(x_fake, y)


def together(score: Score, x: Images, x_fake: Images, y: Labels | None) -> tuple[Logits, Logits]:
    """D's logits of both batches in one pass: the same where D looks at each image alone, and cheaper."""
    real, fake = score(torch.cat([x, x_fake]), None if y is None else torch.cat([y, y])).chunk(2)
    return real, fake


def score_both_for(discriminator: Discriminator) -> ScoreBoth:
    """In one pass, unless the discriminator has a batch norm."""
    mixes = any(isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) for module in discriminator.modules())
    return apart if mixes else together


def descend(optimizer: torch.optim.Optimizer, objective: Scalar) -> Scalar:
    """One step down the gradient of `objective`; returns the gradient's norm."""
    weights: list[nn.Parameter] = optimizer.param_groups[0]["params"]
    for weight in weights:
        weight.grad = None
    objective.backward()  # type: ignore[no-untyped-call]  # torch's own
    norm: Tensor = get_total_norm([weight.grad for weight in weights if weight.grad is not None])
    optimizer.step()
    return norm


@torch.no_grad()
def opinions(loss: Loss, real: Logits, fake: Logits) -> Observed:
    """What D thinks of the two batches: mean logits, the share it gets right, mean probabilities where it has any."""
    right_real, right_fake = loss.right(real, fake)
    said = {
        "logit_real": real.mean(),
        "logit_fake": fake.mean(),
        "accuracy_real": right_real.float().mean(),
        "accuracy_fake": right_fake.float().mean(),
    }
    if loss.probability is not None:
        said["probability_real"] = loss.probability(real).mean()
        said["probability_fake"] = loss.probability(fake).mean()
    return said


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """No gradients for these weights: G's step needs D's gradient in the image only."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)

"""The tensors of an expression: a latent from the weights of its seeds, labels from the weights of its classes."""

from collections.abc import Callable

import torch

from gan_core.config import LatentConfig
from gan_core.latent.expression import CLASS, ExpressionError, Weights, classes_in
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Labels, Latents

Fetch = Callable[[str], Latents]  # `kept:<sha12>` -> (1, Z) float64


def no_saved_latents(source: str) -> Latents:
    """The default for `fetch`: there are no saved latents."""
    raise ExpressionError(f"{source} is a latent saved in a run, and no run is given here")


def combine(weights: Weights, latent: LatentConfig, fetch: Fetch = no_saved_latents) -> Latents:
    """(1, Z) float64: the weighted sum of the sources' latents; seeds first, in ascending order.

    `fetch` returns a latent that is saved in a run. Raises ExpressionError if its size is not that of this run.
    """
    seeds = sorted(source for source in weights if isinstance(source, int))
    words = sorted(source for source in weights if isinstance(source, str) and not source.startswith(CLASS))
    rows = [*latents_for_seeds(seeds, latent).double(), *(fetched(word, latent, fetch) for word in words)]
    factors = [weights[seed] for seed in seeds] + [weights[word] for word in words]
    total = torch.zeros(1, latent.size, dtype=torch.float64)
    for factor, row in zip(factors, rows, strict=True):
        total += factor * row
    return total


def class_weights(weights: Weights, classes: int) -> Labels | None:
    """(1, classes) float64: the weight of each class in an expression; None if it contains no class.

    Raises ExpressionError for a class that does not exist.
    """
    chosen = classes_in(weights)
    weight_of = torch.zeros(1, classes, dtype=torch.float64)
    for word, weight in chosen.items():
        number = int(str(word).removeprefix(CLASS))
        if number >= classes:
            rule = f"its classes are 0..{classes - 1}" if classes else "it was trained without labels"
            raise ExpressionError(f"this run has no class {number}: {rule}")
        weight_of[0, number] = weight
    return weight_of if chosen else None


def fetched(word: str, latent: LatentConfig, fetch: Fetch) -> Latents:
    """(Z,) float64: one saved latent. Raises ExpressionError if its size is wrong."""
    z = fetch(word)
    if z.shape != (1, latent.size):
        raise ExpressionError(f"{word} has {z.shape[-1]} numbers, and the latents of this run have {latent.size}")
    return z[0].double()

"""The tensors of an expression: its latent, and the weights of the classes that condition the generator.

Every source carries a class of its own: a numbered seed the class seed mod K (K classes, `class_of_seed`), a kept
latent the classes that it was kept with, class 0 if it was kept without. Classes are mixed with the weights that mix
the latents. A class that is chosen for the whole expression, or named in it, replaces them.
"""

from collections.abc import Callable

import torch
from torch.nn.functional import one_hot

from gan_core.config import LatentConfig
from gan_core.latent.expression import CLASS, ExpressionError, Source, Weights, classes_in
from gan_core.numerics.rng import class_of_seed, latents_for_seeds
from gan_core.numerics.shapes import Labels, Latents

Fetch = Callable[[str], Latents]  # `kept:<sha12>` -> (1, Z) float64
FetchClasses = Callable[[str], Labels | None]  # `kept:<sha12>` -> (1, K) float64, None if it was kept without classes
UNKNOWN_CLASS = 0  # of a latent that was kept without classes


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


def labels_of(
    weights: Weights, classes: int, label: int | None = None, fetch: FetchClasses = no_saved_latents
) -> Labels | None:
    """(1, classes) float64: the classes named in an expression, else `label`, else those of its sources.

    None for a run without labels. `label` is below `classes`. `fetch` returns the classes of a latent that is saved in
    a run. Raises ExpressionError for a class that does not exist.
    """
    named = class_weights(weights, classes)
    if named is not None or not classes:
        return named
    return own_classes(weights, classes, fetch) if label is None else one_class(label, classes)


def own_classes(weights: Weights, classes: int, fetch: FetchClasses = no_saved_latents) -> Labels:
    """(1, classes) float64: the classes of the sources, each times the weight of its source."""
    rows = [weight * classes_of_source(source, classes, fetch) for source, weight in weights.items()]
    return torch.stack(rows).sum(0)


def classes_of_source(source: Source, classes: int, fetch: FetchClasses) -> Labels:
    """(1, classes) float64: the class of a seed, or the classes of a saved latent."""
    if isinstance(source, int):
        return one_class(class_of_seed(source, classes), classes)
    saved = fetch(source)
    if saved is None or saved.shape != (1, classes):
        return one_class(UNKNOWN_CLASS, classes)
    return saved.double()


def one_class(label: int, classes: int) -> Labels:
    """(1, classes) float64: 1 for one class, 0 for the others."""
    return one_hot(torch.tensor([label]), classes).double()


def fetched(word: str, latent: LatentConfig, fetch: Fetch) -> Latents:
    """(Z,) float64: one saved latent. Raises ExpressionError if its size is wrong."""
    z = fetch(word)
    if z.shape != (1, latent.size):
        raise ExpressionError(f"{word} has {z.shape[-1]} numbers, and the latents of this run have {latent.size}")
    return z[0].double()

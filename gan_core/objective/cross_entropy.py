"""The discriminator's side of Goodfellow's game, which the minimax and the non-saturating loss share."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import softplus

if TYPE_CHECKING:
    from torch import Tensor

    from gan_core.numerics.shapes import Logits, Scalar


def cross_entropy_d(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """-E[(1 - s) log D(x) + s log(1 - D(x))] - E[log(1 - D(G(z)))]

    Goodfellow et al. 2014, eq. 1; s is one-sided label smoothing (Salimans et al. 2016, section 3.4).
    """
    on_real = softplus(-real).mean()
    if smoothing:
        on_real = on_real + smoothing * real.mean()  # (1 - s) l(-t) + s l(t), as l(t) = l(-t) + t
    return on_real + softplus(fake).mean()


def sigmoid(t: Logits) -> Tensor:
    """D = 1 / (1 + e^-t), the probability that an image is real."""
    return t.sigmoid()


def best_probability(smoothing: float) -> float:
    """D = (1 - s) / 2: it minimises D's cross-entropy if half of the images are real, with the label 1 - s."""
    return (1 - smoothing) / 2


def cross_entropy_equilibrium(smoothing: float, loss_g: Value) -> Equilibrium:
    """D = (1 - s) / 2 and L_D = -(1 - s) log D - (1 + s) log(1 - D): without smoothing ln 4, with this loss of G.

    Goodfellow et al. 2014, theorem 1.
    """
    p = best_probability(smoothing)
    loss_d = -(1 - smoothing) * log(p) - (1 + smoothing) * log(1 - p)
    return Equilibrium(
        Value(loss_d, "" if smoothing else "ln 4"),
        loss_g,
        logit=Value(log(p / (1 - p))),
        probability=Value(p, "" if smoothing else "1/2"),
    )

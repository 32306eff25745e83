"""The minimax loss: G minimises log(1 - D(G(z)))  (Goodfellow et al. 2014, eq. 1)."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from gan_core.objective.cross_entropy import best_probability, cross_entropy_d, cross_entropy_equilibrium, sigmoid
from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above, softplus

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def minimax_g(real: Logits, fake: Logits) -> Scalar:
    """E[log(1 - D(G(z)))]  (Goodfellow et al. 2014, eq. 1): its gradient vanishes where D is confident."""
    return -softplus(fake).mean()


def equilibrium(smoothing: float) -> Equilibrium:
    """L_G = log(1 - D): without smoothing -ln 2."""
    loss_g = Value(log(1 - best_probability(smoothing)), "" if smoothing else "\u2212ln 2")
    return cross_entropy_equilibrium(smoothing, loss_g)


LOSS = Loss(cross_entropy_d, minimax_g, above(0), equilibrium, sigmoid, smooths=True)

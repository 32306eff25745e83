"""The non-saturating loss: G maximises log D(G(z))  (Goodfellow et al. 2014, section 3)."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from gan_core.objective.cross_entropy import best_probability, cross_entropy_d, cross_entropy_equilibrium, sigmoid
from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above, softplus

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def non_saturating_g(real: Logits, fake: Logits) -> Scalar:
    """-E[log D(G(z))]  (Goodfellow et al. 2014, section 3)."""
    return softplus(-fake).mean()


def equilibrium(smoothing: float) -> Equilibrium:
    """L_G = -log D: without smoothing ln 2."""
    return cross_entropy_equilibrium(smoothing, Value(-log(best_probability(smoothing)), "" if smoothing else "ln 2"))


LOSS = Loss(cross_entropy_d, non_saturating_g, above(0), equilibrium, sigmoid, smooths=True)

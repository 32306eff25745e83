"""The squared hinge loss: as the hinge loss, but D's pull grows with the distance from the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above, minus_fake

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def squared_hinge_d(real: Logits, fake: Logits) -> Scalar:
    """E[max(0, 1 - D(x))^2] + E[max(0, 1 + D(G(z)))^2]."""
    return (1 - real).relu().square().mean() + (1 + fake).relu().square().mean()


def equilibrium(smoothing: float) -> Equilibrium:
    """L_D = (1 - t)^2 + (1 + t)^2 is least at t = 0: L_D = 2 and L_G = -t = 0."""
    return Equilibrium(Value(2.0), Value(0.0), logit=Value(0.0))


LOSS = Loss(squared_hinge_d, minus_fake, above(0), equilibrium)

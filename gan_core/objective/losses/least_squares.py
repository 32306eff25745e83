"""The least-squares loss  (Mao et al. 2017, eq. 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def least_squares_d(real: Logits, fake: Logits) -> Scalar:
    """1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2]  (Mao et al. 2017, eq. 9)."""
    return 0.5 * (real - 1).square().mean() + 0.5 * fake.square().mean()


def least_squares_g(real: Logits, fake: Logits) -> Scalar:
    """1/2 E[(D(G(z)) - 1)^2]  (Mao et al. 2017, eq. 9)."""
    return 0.5 * (fake - 1).square().mean()


def equilibrium(smoothing: float) -> Equilibrium:
    """t = 1/2 minimises L_D = 1/2 (t - 1)^2 + 1/2 t^2 = 1/4; L_G = 1/2 (t - 1)^2 = 1/8  (Mao et al. 2017, eq. 9)."""
    return Equilibrium(Value(1 / 4, "1/4"), Value(1 / 8, "1/8"), logit=Value(1 / 2, "1/2"))


LOSS = Loss(least_squares_d, least_squares_g, above(0.5), equilibrium)

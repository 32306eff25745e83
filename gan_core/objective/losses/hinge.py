"""The hinge loss: D stops learning from an image beyond the margin  (Lim & Ye 2017; Miyato et al. 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above, minus_fake

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def hinge_d(real: Logits, fake: Logits) -> Scalar:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]  (Lim & Ye 2017, eq. 8; Miyato et al. 2018, eq. 16)."""
    return (1 - real).relu().mean() + (1 + fake).relu().mean()


def equilibrium(smoothing: float) -> Equilibrium:
    """L_D = max(0, 1 - t) + max(0, 1 + t) = 2 for every t in [-1, 1]; in the middle L_G = -t = 0."""
    return Equilibrium(Value(2.0), Value(0.0), logit=Value(0.0))


LOSS = Loss(hinge_d, minus_fake, above(0), equilibrium)

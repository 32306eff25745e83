"""The relativistic pairing loss  (Jolicoeur-Martineau 2019, eq. 6 and 7; Huang et al. 2024, eq. 2)."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Decision, Loss, logits_of, softplus

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def relativistic_d(real: Logits, fake: Logits) -> Scalar:
    """E[l(D(G(z)) - D(x))]  (Jolicoeur-Martineau 2019, eq. 6; Huang et al. 2024, eq. 2)."""
    return softplus(fake - real).mean()


def relativistic_g(real: Logits, fake: Logits) -> Scalar:
    """E[l(D(x) - D(G(z)))]  (Jolicoeur-Martineau 2019, eq. 7; Huang et al. 2024, eq. 2)."""
    return softplus(real - fake).mean()


def pair_by_pair(real: Logits, fake: Logits) -> Decision:
    """D is right if the real image of a pair has the higher logit."""
    return real > fake, fake < real


def equilibrium(smoothing: float) -> Equilibrium:
    """L_D = L_G = l(t - t) = l(0) = ln 2, whatever t is."""
    return Equilibrium(Value(log(2), "ln 2"), Value(log(2), "ln 2"))


LOSS = Loss(relativistic_d, relativistic_g, pair_by_pair, equilibrium, real_logits_for_g=logits_of)

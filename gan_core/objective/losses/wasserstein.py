"""The Wasserstein loss: D is a critic whose mean difference is a distance  (Arjovsky et al. 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Decision, Loss, minus_fake

if TYPE_CHECKING:
    from gan_core.numerics.shapes import Logits, Scalar


def wasserstein_d(real: Logits, fake: Logits) -> Scalar:
    """E[D(G(z))] - E[D(x)]  (Arjovsky et al. 2017, eq. 3)."""
    return fake.mean() - real.mean()


def beyond_the_other_mean(real: Logits, fake: Logits) -> Decision:
    """A critic has no zero, so a real image counts as right above the generated images' mean, and the other way round.

    Logits (..., B).
    """
    return real > fake.mean(-1, keepdim=True), fake < real.mean(-1, keepdim=True)


def equilibrium(smoothing: float) -> Equilibrium:
    """L_D = t - t = 0 for every t: a critic has no zero, so neither its logits nor L_G = -t are determined."""
    return Equilibrium(Value(0.0))


LOSS = Loss(wasserstein_d, minus_fake, beyond_the_other_mean, equilibrium)

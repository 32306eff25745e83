"""Where each game comes to rest if all goes well: made images are as the real ones, and D, the best there is, gives all
of them the same logit t.

Functions of the label smoothing s, without torch: a page draws them before anything is trained. The losses, in
`losses`, are without penalty; l(t) = log(1 + e^t).
"""

from collections.abc import Callable, Mapping
from math import log
from typing import NamedTuple

from gan_core.config import LossName, ObjectiveConfig


class Value(NamedTuple):
    """A number and, where it has a short one, its formula."""

    number: float
    formula: str = ""


class Equilibrium(NamedTuple):
    """What the curves of a game tend to. None is what the losses leave open."""

    loss_d: Value
    loss_g: Value | None = None
    logit: Value | None = None
    probability: Value | None = None


def non_saturating(smoothing: float) -> Equilibrium:
    """D = (1 - s) / 2, L_D = -(1 - s) log D - (1 + s) log(1 - D), L_G = -log D: without smoothing ln 4 and ln 2.

    Goodfellow et al. 2014, theorem 1.
    """
    p = belief(smoothing)
    return cross_entropy(smoothing, Value(-log(p), "" if smoothing else "ln 2"))


def minimax(smoothing: float) -> Equilibrium:
    """As `non_saturating`, but L_G = log(1 - D): without smoothing -ln 2  (Goodfellow et al. 2014, theorem 1)."""
    p = belief(smoothing)
    return cross_entropy(smoothing, Value(log(1 - p), "" if smoothing else "\u2212ln 2"))


def cross_entropy(smoothing: float, loss_g: Value) -> Equilibrium:
    """The equilibrium of D's cross-entropy with this loss of G."""
    p = belief(smoothing)
    loss_d = -(1 - smoothing) * log(p) - (1 + smoothing) * log(1 - p)
    return Equilibrium(
        Value(loss_d, "" if smoothing else "ln 4"),
        loss_g,
        logit=Value(log(p / (1 - p))),
        probability=Value(p, "" if smoothing else "1/2"),
    )


def belief(smoothing: float) -> float:
    """D = (1 - s) / 2: what minimises D's cross-entropy where half of the images are real, called 1 - s."""
    return (1 - smoothing) / 2


def least_squares(smoothing: float) -> Equilibrium:
    """t = 1/2 minimises L_D = 1/2 (t - 1)^2 + 1/2 t^2 = 1/4; L_G = 1/2 (t - 1)^2 = 1/8  (Mao et al. 2017, eq. 9)."""
    return Equilibrium(Value(1 / 4, "1/4"), Value(1 / 8, "1/8"), logit=Value(1 / 2, "1/2"))


def hinge(smoothing: float) -> Equilibrium:
    """L_D = max(0, 1 - t) + max(0, 1 + t) = 2 for every t in [-1, 1]; in its middle L_G = -t = 0."""
    return Equilibrium(Value(2.0), Value(0.0), logit=Value(0.0))


def wasserstein(smoothing: float) -> Equilibrium:
    """L_D = t - t = 0 for every t: a critic has no zero, so neither its logits nor L_G = -t have a place to rest."""
    return Equilibrium(Value(0.0))


def relativistic(smoothing: float) -> Equilibrium:
    """L_D = L_G = l(t - t) = l(0) = ln 2, whatever t is."""
    return Equilibrium(Value(log(2), "ln 2"), Value(log(2), "ln 2"))


EQUILIBRIA: Mapping[LossName, Callable[[float], Equilibrium]] = {
    "non_saturating": non_saturating,
    "minimax": minimax,
    "least_squares": least_squares,
    "hinge": hinge,
    "wasserstein": wasserstein,
    "relativistic": relativistic,
}


def equilibrium(objective: ObjectiveConfig) -> Equilibrium:
    """Where the configured game comes to rest."""
    return EQUILIBRIA[objective.loss](objective.label_smoothing)

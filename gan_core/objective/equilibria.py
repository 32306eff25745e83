"""The equilibrium of a game: generated images are distributed as the real ones, and the best D gives all the logit t.

The losses are without penalty. Imports no torch: a page draws these values before anything is trained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gan_core.config import choices

if TYPE_CHECKING:
    from gan_core.config import ObjectiveConfig


class Value(NamedTuple):
    """A number and, if there is a short one, its formula."""

    number: float
    formula: str = ""


class Equilibrium(NamedTuple):
    """The values that the curves of a game tend to; None where the equilibrium does not determine one."""

    loss_d: Value
    loss_g: Value | None = None
    logit: Value | None = None
    probability: Value | None = None


def equilibrium(objective: ObjectiveConfig) -> Equilibrium:
    """The equilibrium of the configured game."""
    found: Equilibrium = choices.LOSSES.row(objective.loss).equilibrium(objective.label_smoothing)
    return found

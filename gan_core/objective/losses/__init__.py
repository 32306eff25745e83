"""The adversarial losses: pure functions of logits that return a scalar to minimise.

Each file is one loss: it defines `LOSS`, and its name is the name of the loss. Imports no torch: see `loss`.
l(t) = log(1 + e^t) is `softplus`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from gan_core.config import choices
from gan_core.objective.loss import Loss

if TYPE_CHECKING:
    from gan_core.config import LossName, ObjectiveConfig

LOSSES: Mapping[LossName, Loss] = choices.LOSSES.rows()


def loss_for(objective: ObjectiveConfig) -> Loss:
    """The row of the configured loss, with its label smoothing."""
    loss = LOSSES[objective.loss]
    return loss._replace(d=partial(loss.d, smoothing=objective.label_smoothing)) if loss.smooths else loss

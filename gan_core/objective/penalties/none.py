"""No penalty."""

import torch

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalty import Penalty


def none(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """Zero."""
    return torch.zeros((), device=x.device)


PENALTY: Penalty = none

"""R1: the gradient of D at real images  (Mescheder et al. 2018, eq. 9)."""

import torch

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalty import Penalty, gradient_in_image, half_squared_norm


def r1(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """1/2 E[|dD(x)/dx|^2]."""
    return half_squared_norm(gradient_in_image(score, x, y))


PENALTY: Penalty = r1

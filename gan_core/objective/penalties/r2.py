"""R2: the gradient of D at generated images  (Mescheder et al. 2018, eq. 10)."""

import torch

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalty import Penalty, gradient_in_image, half_squared_norm


def r2(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """1/2 E[|dD(G(z))/dG(z)|^2]."""
    return half_squared_norm(gradient_in_image(score, x_fake, y))


PENALTY: Penalty = r2

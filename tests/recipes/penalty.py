"""A gradient of norm zero between the images  (Thanh-Tung et al. 2019)."""

import torch

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalty import Penalty, gradient_in_image, half_squared_norm


def zero_centred(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """1/2 E[|dD(x^)/dx^|^2], x^ uniform between a real and a generated image."""
    mix = torch.rand(len(x), 1, 1, 1, generator=draw).to(x.device)
    return half_squared_norm(gradient_in_image(score, mix * x + (1 - mix) * x_fake, y))


PENALTY: Penalty = zero_centred

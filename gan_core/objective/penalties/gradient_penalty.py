"""The gradient penalty of WGAN-GP: a gradient of norm one between the images  (Gulrajani et al. 2017, eq. 3)."""

import torch
from torch import Tensor

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalty import Penalty, gradient_in_image


def gradient_penalty(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """E[(|dD(x^)/dx^| - 1)^2], x^ uniform between a real and a generated image."""
    mix = torch.rand(len(x), 1, 1, 1, generator=draw).to(x.device)
    gradient = gradient_in_image(score, mix * x + (1 - mix) * x_fake, y)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1)  # (B,)
    return (norms - 1).square().mean()


PENALTY: Penalty = gradient_penalty

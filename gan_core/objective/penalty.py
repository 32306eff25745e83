"""What a gradient penalty is, and what several share."""

from collections.abc import Callable

import torch
from torch import Tensor

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score

# (D, real images, generated images, their labels, random numbers): to be weighted by gamma and added to D's loss
Penalty = Callable[[Score, Images, Images, Labels | None, torch.Generator], Scalar]


def gradient_in_image(score: Score, x: Images, y: Labels | None) -> Tensor:
    """dD(x)/dx, (B, C, H, W), itself differentiable."""
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(x, y).sum(), x, create_graph=True)
    return gradient


def half_squared_norm(gradient: Tensor) -> Scalar:
    """1/2 E[|g|^2], the sum over pixels, the mean over the batch."""
    return 0.5 * gradient.square().flatten(1).sum(1).mean()

"""What keeps D's gradient in check: pure functions `(score, x, x_fake, y, draw) -> Scalar`, to be weighted by gamma.

`score` is D behind the augmentation, so that gradients are taken in the un-augmented image (Huang et al. 2024, code).
Applied at every step: done lazily they fail with the relativistic loss (Huang et al. 2024, appendix E).
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from gan_core.config import PenaltyName
from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.losses import Score

Penalty = Callable[[Score, Images, Images, Labels | None, torch.Generator], Scalar]


def gradient_in_image(score: Score, x: Images, y: Labels | None) -> Tensor:
    """dD(x)/dx, (B, C, H, W), itself differentiable."""
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(x, y).sum(), x, create_graph=True)
    return gradient


def half_squared_norm(gradient: Tensor) -> Scalar:
    """1/2 E[|g|^2], the sum over pixels, the mean over the batch."""
    return 0.5 * gradient.square().flatten(1).sum(1).mean()


def none(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """No penalty: zero."""
    return torch.zeros((), device=x.device)


def r1(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """1/2 E[|dD(x)/dx|^2]  (Mescheder et al. 2018, eq. 9)."""
    return half_squared_norm(gradient_in_image(score, x, y))


def r2(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """1/2 E[|dD(G(z))/dG(z)|^2]  (Mescheder et al. 2018, eq. 10)."""
    return half_squared_norm(gradient_in_image(score, x_fake, y))


def r1_r2(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """R1 + R2  (Huang et al. 2024, section 2.2)."""
    return r1(score, x, x_fake, y, draw) + r2(score, x, x_fake, y, draw)


def gradient_penalty(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """E[(|dD(x^)/dx^| - 1)^2], x^ uniform between a real and a made image  (Gulrajani et al. 2017, eq. 3)."""
    mix = torch.rand(len(x), 1, 1, 1, generator=draw).to(x.device)
    gradient = gradient_in_image(score, mix * x + (1 - mix) * x_fake, y)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1)  # (B,)
    return (norms - 1).square().mean()


PENALTIES: Mapping[PenaltyName, Penalty] = {
    "none": none,
    "r1": r1,
    "r2": r2,
    "r1_r2": r1_r2,
    "gradient_penalty": gradient_penalty,
}

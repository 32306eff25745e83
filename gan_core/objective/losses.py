"""The adversarial losses: pure functions of logits that return a scalar to minimise.

Both players take `(real, fake)`, (B,) each: the relativistic loss compares them pair by pair. l(t) = log(1 + e^t).
Each row also says how D decides, what probability it means if any, and whether G's loss looks at real images.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from gan_core.config import LossName, ObjectiveConfig
from gan_core.numerics.shapes import Images, Labels, Logits, Scalar

Score = Callable[[Images, Labels | None], Logits]
Pair = Callable[[Logits, Logits], Scalar]


def cross_entropy_d(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """-E[(1 - s) log D(x) + s log(1 - D(x))] - E[log(1 - D(G(z)))]

    Goodfellow et al. 2014, eq. 1; s is one-sided label smoothing (Salimans et al. 2016, section 3.4).
    """
    on_real = softplus(-real).mean()
    if smoothing:
        on_real = on_real + smoothing * real.mean()  # (1 - s) l(-t) + s l(t), as l(t) = l(-t) + t
    return on_real + softplus(fake).mean()


def minimax_g(real: Logits, fake: Logits) -> Scalar:
    """E[log(1 - D(G(z)))]  (Goodfellow et al. 2014, eq. 1): saturates when D is sure."""
    return -softplus(fake).mean()


def non_saturating_g(real: Logits, fake: Logits) -> Scalar:
    """-E[log D(G(z))]  (Goodfellow et al. 2014, section 3)."""
    return softplus(-fake).mean()


def least_squares_d(real: Logits, fake: Logits) -> Scalar:
    """1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2]  (Mao et al. 2017, eq. 9)."""
    return 0.5 * (real - 1).square().mean() + 0.5 * fake.square().mean()


def least_squares_g(real: Logits, fake: Logits) -> Scalar:
    """1/2 E[(D(G(z)) - 1)^2]  (Mao et al. 2017, eq. 9)."""
    return 0.5 * (fake - 1).square().mean()


def hinge_d(real: Logits, fake: Logits) -> Scalar:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]  (Lim & Ye 2017, eq. 8; Miyato et al. 2018, eq. 16)."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


def wasserstein_d(real: Logits, fake: Logits) -> Scalar:
    """E[D(G(z))] - E[D(x)]  (Arjovsky et al. 2017, eq. 3)."""
    return fake.mean() - real.mean()


def minus_fake_g(real: Logits, fake: Logits) -> Scalar:
    """-E[D(G(z))]  (Arjovsky et al. 2017, eq. 4; the hinge loss has the same: Miyato et al. 2018, eq. 17)."""
    return -fake.mean()


def relativistic_d(real: Logits, fake: Logits) -> Scalar:
    """E[l(D(G(z)) - D(x))]  (Jolicoeur-Martineau 2019, eq. 6; Huang et al. 2024, eq. 2)."""
    return softplus(fake - real).mean()


def relativistic_g(real: Logits, fake: Logits) -> Scalar:
    """E[l(D(x) - D(G(z)))]  (Jolicoeur-Martineau 2019, eq. 7; Huang et al. 2024, eq. 2)."""
    return softplus(real - fake).mean()


def above(threshold: float) -> Callable[[Logits, Logits], tuple[Tensor, Tensor]]:
    """The rule "real where the logit is above `threshold`": which real and which made images D gets right."""
    return lambda real, fake: (real > threshold, fake <= threshold)


def against_the_mean(real: Logits, fake: Logits) -> tuple[Tensor, Tensor]:
    """For a critic without a zero, logits (..., B): right where an image is on its side of the other kind's mean."""
    return real > fake.mean(-1, keepdim=True), fake < real.mean(-1, keepdim=True)


def pair_by_pair(real: Logits, fake: Logits) -> tuple[Tensor, Tensor]:
    """Right where the real image of a pair has the higher logit."""
    return real > fake, fake < real


def absent(score: Score, x: Images, y: Labels | None) -> Logits:
    """Real logits for a G loss that does not look at them."""
    return torch.zeros(len(x), device=x.device)


def present(score: Score, x: Images, y: Labels | None) -> Logits:
    """D's logits of real images, for a G loss that compares with them."""
    return score(x, y)


class Loss(NamedTuple):
    """One row: both players' losses and how D's logits are to be read."""

    d: Pair
    g: Pair
    right: Callable[[Logits, Logits], tuple[Tensor, Tensor]]
    probability: Callable[[Logits], Tensor] | None = None
    real_logits_for_g: Callable[[Score, Images, Labels | None], Logits] = absent
    smooths: bool = False


LOSSES: Mapping[LossName, Loss] = {
    "non_saturating": Loss(cross_entropy_d, non_saturating_g, above(0), torch.sigmoid, smooths=True),
    "minimax": Loss(cross_entropy_d, minimax_g, above(0), torch.sigmoid, smooths=True),
    "least_squares": Loss(least_squares_d, least_squares_g, above(0.5)),
    "hinge": Loss(hinge_d, minus_fake_g, above(0)),
    "wasserstein": Loss(wasserstein_d, minus_fake_g, against_the_mean),
    "relativistic": Loss(relativistic_d, relativistic_g, pair_by_pair, real_logits_for_g=present),
}


def loss_for(objective: ObjectiveConfig) -> Loss:
    """The row of the configured loss, with its label smoothing."""
    loss = LOSSES[objective.loss]
    if not loss.smooths:
        return loss
    return loss._replace(d=partial(cross_entropy_d, smoothing=objective.label_smoothing))

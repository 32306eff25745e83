"""What an adversarial loss is: both players' losses, how D's logits are interpreted, and the equilibrium.

torch is imported inside functions: a page reads which settings a loss has, and its equilibrium, before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor

    from gan_core.numerics.shapes import Images, Labels, Logits, Scalar
    from gan_core.objective.equilibria import Equilibrium

Score: TypeAlias = "Callable[[Images, Labels | None], Logits]"  # D, behind the augmentation
Decision: TypeAlias = "tuple[Tensor, Tensor]"  # (..., B) bool: which real and which generated images D gets right


def softplus(t: Logits) -> Tensor:
    """l(t) = log(1 + e^t), without overflow."""
    from torch.nn.functional import softplus

    return softplus(t)


def above(threshold: float) -> Callable[[Logits, Logits], Decision]:
    """The decision "real if the logit is above `threshold`"."""
    return lambda real, fake: (real > threshold, fake <= threshold)


def minus_fake(real: Logits, fake: Logits) -> Scalar:
    """-E[D(G(z))]: G's loss against a critic  (Arjovsky et al. 2017, eq. 4; hinge: Miyato et al. 2018, eq. 17)."""
    return -fake.mean()


def no_logits(score: Score, x: Images, y: Labels | None) -> Logits:
    """Zeros in place of D's logits of real images, for a loss of G that does not use them."""
    import torch

    return torch.zeros(len(x), device=x.device)


def logits_of(score: Score, x: Images, y: Labels | None) -> Logits:
    """D's logits of real images, for a loss of G that compares with them."""
    return score(x, y)


class Loss(NamedTuple):
    """The row of a loss. `d` and `g` take the logits of real and of generated images, (B,) each, and are minimised.

    They take pairs because the relativistic loss compares pair by pair. A loss with `smooths` takes one-sided label
    smoothing: `d` then has a third argument, and `equilibrium` depends on it (else on nothing).
    """

    d: Callable[..., Scalar]
    g: Callable[[Logits, Logits], Scalar]
    right: Callable[[Logits, Logits], Decision]
    equilibrium: Callable[[float], Equilibrium]
    probability: Callable[[Logits], Tensor] | None = None  # of being real; None if the logits mean none
    real_logits_for_g: Callable[[Score, Images, Labels | None], Logits] = no_logits
    smooths: bool = False

"""The report of a step, still on the device, and the scalars of a block of steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_core.numerics.shapes import Logits, Scalar
from gan_core.objective.loss import Loss


@dataclass(frozen=True, kw_only=True, slots=True)
class StepReport:
    """One step: d_steps updates of D and one of G."""

    step: int
    images_seen: int
    measured: dict[str, Scalar]  # losses, penalty, gradient norms; means over the updates of D
    real: tuple[Logits, ...]  # D's logits of the real images, (B,) for each of its updates
    fake: tuple[Logits, ...]  # and of the generated ones


def scalars_of(reports: Sequence[StepReport], loss: Loss) -> dict[str, Tensor]:
    """Every scalar of N >= 1 steps by name, (N,) float32, computed for all steps in one batch."""
    steps, names = len(reports), list(reports[0].measured)
    measured = torch.stack([report.measured[name].float() for report in reports for name in names]).view(steps, -1)
    real = torch.stack([logits for report in reports for logits in report.real])  # (N * d_steps, B)
    fake = torch.stack([logits for report in reports for logits in report.fake])
    said = {name: values.view(steps, -1).mean(1) for name, values in opinions(loss, real, fake).items()}
    return {**dict(zip(names, measured.unbind(1), strict=True)), **said}


def opinions(loss: Loss, real: Logits, fake: Logits) -> dict[str, Tensor]:
    """Of D's logits of M batches (M, B), each (M,): mean logits, accuracies, mean probabilities."""
    right_real, right_fake = loss.right(real, fake)
    said = {
        "logit_real": real,
        "logit_fake": fake,
        "accuracy_real": right_real.float(),
        "accuracy_fake": right_fake.float(),
    }
    if loss.probability is not None:
        said["probability_real"] = loss.probability(real)
        said["probability_fake"] = loss.probability(fake)
    return {name: values.mean(-1) for name, values in said.items()}

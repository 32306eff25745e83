"""R1 and R2 together  (Huang et al. 2024, section 2.2)."""

import torch

from gan_core.numerics.shapes import Images, Labels, Scalar
from gan_core.objective.loss import Score
from gan_core.objective.penalties.r1 import r1
from gan_core.objective.penalties.r2 import r2
from gan_core.objective.penalty import Penalty


def r1_r2(score: Score, x: Images, x_fake: Images, y: Labels | None, draw: torch.Generator) -> Scalar:
    """R1 + R2."""
    return r1(score, x, x_fake, y, draw) + r2(score, x, x_fake, y, draw)


PENALTY: Penalty = r1_r2

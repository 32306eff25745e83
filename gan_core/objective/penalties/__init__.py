"""The gradient penalties, which keep D's gradient small. Each file is one: it defines `PENALTY`.

D includes the augmentation, and the gradient is taken in the image before it (Huang et al. 2024, code). Penalties are
applied at every step: applied lazily they fail with the relativistic loss (Huang et al. 2024, appendix E).
"""

from collections.abc import Mapping

from gan_core.config import PenaltyName, choices
from gan_core.objective.penalty import Penalty

PENALTIES: Mapping[PenaltyName, Penalty] = choices.PENALTIES.rows()

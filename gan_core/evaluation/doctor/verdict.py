"""What the doctor says."""

from dataclasses import dataclass
from typing import Literal

Code = Literal["not_finite", "diverging", "one_picture", "d_wins", "digits_missing", "stalled", "healthy", "too_early"]
Kind = Literal["good", "warning", "bad", "unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One line about a run, why, where to look, and what to do.

    `group` and `column` name the curve that shows it: a group of `gan_core.training.curve_columns`, or "quality" for a
    metric; both are empty where no curve does.
    """

    code: Code
    kind: Kind
    sentence: str
    why: str  # what was seen, in two sentences
    advice: str  # empty where there is nothing to do
    group: str = ""
    column: str = ""

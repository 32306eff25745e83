"""What a metric is. Imports no torch: pages read titles and units from here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from gan_core.config import RunConfig
from gan_core.evaluation.intervals import wilson

if TYPE_CHECKING:  # torch: slow to import
    from gan_core.evaluation.samples import Samples

Unit = Literal["share"]  # 0..1


class Estimate(NamedTuple):
    """A value with its 95 % confidence interval, from `n` images."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """The row of a metric: one number that is measured of a snapshot, from images of its generator.

    Its file's name is its name in the database, in CSV files and in URLs.
    """

    title: str  # of its curve
    unit: Unit
    help: str  # one sentence
    applies: Callable[[RunConfig], bool]
    compute: "Callable[[Samples], Estimate]"


def share(count: int, n: int) -> Estimate:
    """The estimate of a share from `count` of `n` images."""
    return Estimate(count / n, *wilson(count, n), n)

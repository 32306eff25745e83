"""The share of images that are clearly a digit."""

from gan_core.evaluation.digit_data import shows_digits
from gan_core.evaluation.metric import Metric, share

METRIC = Metric(
    title="Clear digits",
    unit="share",
    help="Share of the generator's images that the digit classifier is at least 90 % sure of.",
    applies=shows_digits,
    compute=lambda samples: share(sum(samples.digit_counts), len(samples)),
)

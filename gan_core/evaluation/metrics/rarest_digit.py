"""The share of the digit that a generator makes least often: 0 after a mode collapse, 0.1 at best."""

from gan_core.evaluation.digit_data import shows_digits
from gan_core.evaluation.metric import Metric, share

METRIC = Metric(
    title="Rarest digit",
    unit="share",
    help="Share of the digit that the generator makes least often, of images that the classifier is 90 % sure of.",
    applies=shows_digits,
    compute=lambda samples: share(min(samples.digit_counts), len(samples)),
)

"""Every metric by name: each file of this folder defines one, METRIC. Imports no torch."""

from collections.abc import Mapping

from gan_core.config import RunConfig
from gan_core.config.choices import Folder
from gan_core.evaluation.metric import Metric

METRICS: Mapping[str, Metric] = Folder("evaluation/metrics", "METRIC", first="sure_digits").rows()


def metrics_for(config: RunConfig) -> dict[str, Metric]:
    """The metrics that apply to a run with this configuration, by name."""
    return {name: metric for name, metric in METRICS.items() if metric.applies(config)}

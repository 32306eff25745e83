"""Measure the snapshots of a run with the metrics that apply to it."""

from gan_core.evaluation.metrics import metrics_for
from gan_core.evaluation.samples import OnBatch, Samples, continue_at_once
from gan_core.runs.history.measurements import Measurement
from gan_core.runs.networks import generator_at
from gan_core.runs.store import RunStore

SAMPLES = 1_000  # images of each snapshot


def evaluate_snapshot(
    store: RunStore, run: str, images_seen: int, *, count: int = SAMPLES, on_batch: OnBatch = continue_at_once
) -> list[Measurement]:
    """Measure one snapshot from the images of the seeds 0 to `count` - 1. Writes nothing.

    `on_batch` is called before each batch of images; an exception that it raises ends the work. Raises RunMissingError
    without such a snapshot, CheckpointError for a damaged one.
    """
    config = store.config(run)
    _, generator = generator_at(store, run, images_seen)
    samples = Samples(generator, config, count, on_batch)
    return [Measurement(name, *metric.compute(samples)) for name, metric in metrics_for(config).items()]

"""Which digits a generator makes, as the judge sees them: the summary of a run on grey digits."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from gan_core.config import RunConfig
from gan_core.data.registry import SOURCES, Report
from gan_core.evaluation.digit_classifier import CLASSES, SIZE, confident_counts, load_classifier
from gan_core.numerics.rng import latents_for_seeds
from gan_core.pictures.render import grid_labels, render
from gan_core.runs.snapshots import At, generator_at
from gan_core.runs.store import RunStore

SAMPLES = 1_000
BATCH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitCounts:
    """`counts[d]` of `samples` pictures are the digit d, the judge being at least 90 % sure of each."""

    images_seen: int
    samples: int
    counts: tuple[int, ...]

    @property
    def confident(self) -> float:
        """The share of the pictures that the judge is sure of."""
        return sum(self.counts) / self.samples


def applies(config: RunConfig) -> bool:
    """Whether the judge can say anything about this run's pictures."""
    data = config.data
    return SOURCES[data.name].placed_as_mnist and data.channels == 1 and data.image_size == SIZE


def count_digits(
    store: RunStore, run: str, at: At, report: Report, leave: Callable[[], bool], samples: int = SAMPLES
) -> DigitCounts | None:
    """Count the digits among the seeds 0 to `samples` - 1 at one snapshot; None where `leave()` became true meanwhile.

    `report` hears how far it is. Raises RunMissingError without a snapshot, CheckpointError for a damaged one.
    """
    config = store.config(run)
    images_seen, generator = generator_at(store, run, at)
    judge, counts = load_classifier(), torch.zeros(CLASSES, dtype=torch.int64)
    labels = grid_labels(samples, generator.inputs.classes)
    for first in range(0, samples, BATCH):
        if leave():
            return None
        report(first / samples, f"Judging {samples:,} pictures.")
        seeds = range(first, min(first + BATCH, samples))
        y = None if labels is None else labels[first : first + len(seeds)]
        pixels = render(generator, config, latents_for_seeds(seeds, config.model.latent), y)
        counts += confident_counts(judge.probabilities(pixels))
    return DigitCounts(images_seen=images_seen, samples=samples, counts=tuple(counts.tolist()))

"""Which digits a generator makes, according to the digit classifier."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from gan_core.data.registry import Report
from gan_core.evaluation.samples import BATCH, Samples
from gan_core.runs.networks import generator_at
from gan_core.runs.snapshots import At
from gan_core.runs.store import RunStore

SAMPLES = 1_000


class CancelledError(Exception):
    """The caller does not need the counts any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitCounts:
    """The classifier is at least 90 % sure that `counts[d]` of `samples` images show the digit d."""

    images_seen: int
    samples: int
    counts: tuple[int, ...]

    @property
    def confident(self) -> float:
        """The share of images that the classifier is sure of, 0..1."""
        return sum(self.counts) / self.samples


def count_digits(
    store: RunStore, run: str, at: At, report: Report, cancelled: Callable[[], bool], samples: int = SAMPLES
) -> DigitCounts | None:
    """Count the digits in the images of the seeds 0 to `samples` - 1; None if `cancelled()` became true.

    `report` is called with the share that is done. Raises RunMissingError without such a snapshot, CheckpointError for
    a damaged one.
    """
    batches = 2 * -(-samples // BATCH)  # each is rendered and classified
    done = count()

    def on_batch() -> None:
        if cancelled():
            raise CancelledError
        report(next(done) / batches, f"Classifying {samples:,} images.")

    images_seen, generator = generator_at(store, run, at)
    try:
        counts = Samples(generator, store.config(run), samples, on_batch).digit_counts
    except CancelledError:
        return None
    return DigitCounts(images_seen=images_seen, samples=samples, counts=counts)

"""The digits among the images of a generator are counted."""

from pathlib import Path

import pytest
import torch

from gan_core.data.registry import unreported
from gan_core.evaluation.digit_counts import DigitCounts, count_digits
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train

SAMPLES = 150


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """One finished run with the form of MNIST's digits, whose generator makes noise."""
    made = RunStore(tmp_path)
    made.create(tiny(data__image_size=28, train__images=32), "mine")
    train(made, "mine")
    return made


def never() -> bool:
    return False


def test_every_seed_is_counted_once_with_progress(store: RunStore) -> None:
    shares: list[float] = []

    counted = count_digits(store, "mine", "latest", lambda share, text: shares.append(share), never, SAMPLES)

    assert counted is not None
    assert (counted.images_seen, counted.samples, len(counted.counts)) == (32, SAMPLES, 10)
    assert 0 <= sum(counted.counts) <= SAMPLES
    assert shares == [0, 1 / 4, 2 / 4, 3 / 4]


def test_the_counts_are_a_function_of_the_snapshot(store: RunStore) -> None:
    torch.manual_seed(1)
    once = count_digits(store, "mine", 0, unreported, never, SAMPLES)
    torch.manual_seed(2)

    assert count_digits(store, "mine", 0, unreported, never, SAMPLES) == once


def test_counting_ends_as_soon_as_it_is_cancelled(store: RunStore) -> None:
    assert count_digits(store, "mine", "latest", unreported, lambda: True) is None


def test_the_confident_share_is_of_all_samples() -> None:
    assert DigitCounts(images_seen=0, samples=200, counts=(10, 0, 0, 0, 0, 0, 0, 0, 0, 40)).confident == 0.25

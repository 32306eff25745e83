"""The census: real digits of a generator are counted, and only where the judge can tell."""

from pathlib import Path

import pytest
import torch

from gan_core.data.registry import unreported
from gan_core.evaluation.digit_counts import DigitCounts, applies, count_digits
from gan_core.runs.store import RunStore
from tests.runs_made_here import tiny, train

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


def test_every_seed_is_judged_once_with_progress(store: RunStore) -> None:
    shares: list[float] = []

    census = count_digits(store, "mine", "latest", lambda share, text: shares.append(share), never, SAMPLES)

    assert census is not None
    assert (census.images_seen, census.samples, len(census.counts)) == (32, SAMPLES, 10)
    assert 0 <= sum(census.counts) <= SAMPLES
    assert shares == [0, 100 / 150]


def test_a_census_is_a_function_of_the_snapshot(store: RunStore) -> None:
    torch.manual_seed(1)
    once = count_digits(store, "mine", 0, unreported, never, SAMPLES)
    torch.manual_seed(2)

    assert count_digits(store, "mine", 0, unreported, never, SAMPLES) == once


def test_a_census_is_left_as_soon_as_it_is_asked_to(store: RunStore) -> None:
    assert count_digits(store, "mine", "latest", unreported, lambda: True) is None


def test_the_confident_share_is_of_all_samples() -> None:
    assert DigitCounts(images_seen=0, samples=200, counts=(10, 0, 0, 0, 0, 0, 0, 0, 0, 40)).confident == 0.25


def test_the_judge_is_asked_about_grey_digits_of_its_size_only() -> None:
    assert applies(tiny(data__name="mnist-5k", data__image_size=28))
    assert not applies(tiny(data__name="mnist-5k", data__image_size=32))
    assert not applies(tiny(data__name="mnist-5k", data__image_size=28, data__channels=3))
    assert not applies(tiny(data__name="fashion-mnist", data__image_size=28))
    assert not applies(tiny())

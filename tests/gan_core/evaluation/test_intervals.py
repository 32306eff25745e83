"""Confidence intervals of shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_core.evaluation.intervals import wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_that_of_published_tables(successes: int, n: int, low: float, high: float) -> None:
    """The last row is the example of Newcombe 1998, table I, method 3."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=1e-4)


@given(st.data())
def test_the_interval_holds_the_share_and_lies_within_0_and_1(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 10**6))
    successes = data.draw(st.integers(0, n))

    low, high = wilson(successes, n)

    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1


def test_more_images_make_the_interval_narrower() -> None:
    widths = [high - low for low, high in (wilson(n // 2, n) for n in (10, 100, 1_000))]

    assert widths == sorted(widths, reverse=True)

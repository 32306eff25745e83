"""Names of runs, and the choice of the snapshots that are deleted."""

from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gan_core.runs.names import NAME, automatic_name, checked_name, numbered
from gan_core.runs.snapshots import too_many


def test_an_automatic_name_is_the_preset_and_the_time() -> None:
    assert automatic_name("studio", datetime(2025, 1, 2, 3, 4, 5)) == "studio-20250102-030405"


@given(base=st.from_regex(NAME, fullmatch=True), number=st.integers(1, 10**6))
def test_a_numbered_name_is_a_name(base: str, number: int) -> None:
    assert checked_name(numbered(base, number))


def test_a_few_snapshots_are_all_kept() -> None:
    assert too_many([0, 5, 6], limit=3) == []


def test_the_snapshot_in_the_narrowest_gap_is_deleted_first() -> None:
    assert too_many([0, 10, 12, 30], limit=3) == [10]


def thinned_as_they_come(count: int, limit: int) -> list[int]:
    kept: list[int] = []
    for snapshot in range(count):
        kept.append(snapshot)
        dropped = too_many(kept, limit)
        kept = [snapshot for snapshot in kept if snapshot not in dropped]
    return kept


@settings(deadline=None)
@given(count=st.integers(2, 300), limit=st.integers(4, 16))
def test_snapshots_stay_spread_over_the_whole_run(count: int, limit: int) -> None:
    kept = thinned_as_they_come(count, limit)

    gaps = [after - before for before, after in pairwise(kept)]
    assert len(kept) == min(count, limit)
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert max(gaps) <= 4 * count / len(kept)

"""The levels of a curve: each sums up exactly the visible steps, and no view reads more than 2,000 rows."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_core.runs.history import MOST_POINTS, SCALARS, History, Row, curve_levels
from tests.histories import BATCH, rows, trained


def test_a_fine_curve_has_all_rows(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 5) as history:
        curve = history.curves.frame(["loss_d"])

    assert list(curve.columns) == ["step", "images_seen", "seconds", "loss_d", "loss_d_min", "loss_d_max"]
    assert curve["step"].tolist() == [1, 2, 3, 4, 5]
    assert curve["images_seen"].tolist() == [64, 128, 192, 256, 320]
    assert curve["loss_d"].tolist() == curve["loss_d_min"].tolist() == curve["loss_d_max"].tolist() == [1, 2, 3, 4, 5]


def test_a_coarse_curve_has_minimum_mean_and_maximum(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 20) as history:
        curve = history.curves.frame(["loss_d"], points=3)

    assert curve["step"].tolist() == [7, 15, 20]
    assert curve["loss_d_min"].tolist() == [1, 8, 16]
    assert curve["loss_d"].tolist() == [4, 11.5, 18]
    assert curve["loss_d_max"].tolist() == [7, 15, 20]


def test_a_mean_is_weighted_by_its_number_of_steps(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 66) as history:
        curve = history.curves.frame(["loss_d"], points=1)

    assert curve["loss_d"].tolist() == [33.5]


def test_the_finest_level_that_fits_is_read(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 1000) as history:
        whole, part = history.curves.frame(["loss_d"]), history.curves.frame(["loss_d"], points=200)

    assert len(whole) == 1000
    assert len(part) == 126


def test_a_zoom_shows_every_step_of_its_range(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 1000) as history:
        curve = history.curves.frame(["loss_d"], 100 * BATCH, 109 * BATCH, points=10)

    assert curve["step"].tolist() == list(range(100, 110))


def test_a_range_has_the_steps_inside_it(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        curve = history.curves.frame(["loss_d"], 2 * BATCH + 1, 5 * BATCH - 1)

    assert curve["step"].tolist() == [3, 4]


def test_a_range_of_a_forked_run_is_in_its_own_images_seen(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history:
        attempt = history.begin_attempt(100, 5000, 10_000)
        history.append(attempt, [{"step": 100 + i, "images_seen": 5000 + 10 * i, "seconds": i} for i in range(1, 21)])

        curve = history.curves.frame(["loss_d"], 5050, 5100)

    assert curve["images_seen"].tolist() == [5050, 5060, 5070, 5080, 5090, 5100]


def test_no_view_reads_more_than_2000_rows(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 3000) as history:
        curve = history.curves.frame(["loss_d"], points=1_000_000)

    assert len(curve) <= MOST_POINTS
    assert curve["loss_d_max"].max() == 3000


def test_an_empty_history_has_an_empty_curve(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history:
        curve = history.curves.frame(["loss_d"])

    assert curve.empty
    assert "loss_d_min" in curve.columns


def test_a_scalar_that_a_loss_does_not_have_is_nan(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 100) as history:
        fine, coarse = history.curves.frame(["penalty"]), history.curves.frame(["penalty"], points=5)

    assert fine["penalty"].isna().all()
    assert coarse["penalty_max"].isna().all()


@pytest.mark.parametrize("name", ["loss", "step", "loss_d; DROP TABLE steps"])
def test_a_curve_of_an_unknown_scalar_is_refused_with_those_that_exist(tmp_path: Path, name: str) -> None:
    with trained(tmp_path / "h", 1) as history, pytest.raises(ValueError, match="there are loss_d, loss_g"):
        history.curves.frame([name])


def test_a_new_attempt_leaves_no_trace_of_the_hidden_rows_in_the_coarse_curve(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 100) as history:
        history.begin_attempt(60, 60 * BATCH, 10_000)

        curve = history.curves.frame(["loss_d"], points=1)

    assert curve["loss_d_max"].tolist() == [60]


Plan = list[tuple[bool, int]]  # (a new attempt?, rows to append or where to go back to, in permille)


@settings(max_examples=40, deadline=None)
@given(plan=st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), min_size=1, max_size=12))
def test_after_any_sequence_of_attempts_every_level_sums_up_exactly_the_visible_steps(plan: Plan) -> None:
    with TemporaryDirectory() as folder, History(Path(folder) / "h") as history:
        visible = play(history, plan)

        for points in (1, 3, 10, 50, 400, 2000):
            level = curve_levels.level_for(1, max(1, len(visible)), points)
            expected = summed_up(visible, 8**level)
            curve = history.curves.frame(["loss_d", "loss_g"], points=points)
            assert curve["step"].tolist() == expected["step", "max"].tolist()
            for name in ("loss_d", "loss_g"):
                np.testing.assert_allclose(curve[name], expected[name, "mean"], rtol=1e-12)
                assert curve[f"{name}_min"].tolist() == expected[name, "min"].tolist()
                assert curve[f"{name}_max"].tolist() == expected[name, "max"].tolist()


def play(history: History, plan: Plan) -> list[Row]:
    """Follow a plan; returns the rows that must be visible at its end."""
    attempt, visible = history.begin_attempt(0, 0, 10_000), list[Row]()
    for again, amount in plan:
        if again:
            del visible[len(visible) * amount // 1000 :]
            attempt = history.begin_attempt(len(visible), len(visible) * BATCH, 10_000)
        elif amount:
            new = rows(len(visible) + 1, len(visible) + amount, offset=attempt / 1024)
            history.append(attempt, new)
            visible += new
    return visible


def summed_up(visible: Sequence[Row], size: int) -> pandas.DataFrame:
    table = pandas.DataFrame(list(visible), columns=["step", "loss_d", "loss_g"], dtype=float)
    return table.groupby(table["step"] // size).agg(["min", "mean", "max"])


def test_no_two_curves_have_the_same_name() -> None:
    assert len(set(SCALARS)) == len(SCALARS)

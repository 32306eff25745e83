"""The doctor names what is wrong with runs that were really trained, and finds nothing wrong with healthy ones.

`tests/fixtures/verdicts.json` holds what it saw of them; `python -m benchmarks.verdicts --out` wrote it.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.verdicts import BROKEN, CASES, HEALTHY, recorded
from gan_core.evaluation.doctor import thresholds
from gan_core.evaluation.doctor.evidence import Evidence
from gan_core.evaluation.doctor.pictures import Spread
from gan_core.evaluation.doctor.rules import verdict_of
from gan_core.evaluation.doctor.thresholds import Threshold
from gan_core.evaluation.metrics import METRICS
from gan_core.runs.history.measurements import MeasurementRow
from gan_core.training.curve_columns import CURVE_COLUMNS

FIXTURE = Path(__file__).parents[3] / "fixtures" / "verdicts.json"


@cache
def seen() -> dict[str, list[Evidence]]:
    return recorded(FIXTURE)


@pytest.mark.parametrize("name", [name for name in BROKEN if name in seen()])
def test_what_is_wrong_with_a_broken_run_is_named(name: str) -> None:
    assert verdict_of(seen()[name][-1]).code in CASES[name].expected


@pytest.mark.parametrize("name", [name for name in HEALTHY if name in seen()])
def test_no_healthy_run_is_called_broken_at_any_time(name: str) -> None:
    codes = [verdict_of(part).code for part in seen()[name]]

    assert codes[-1] == "healthy"
    assert set(codes) <= {"healthy", "too_early"}
    assert "bad" not in {verdict_of(part).kind for part in seen()[name]}


def test_every_verdict_is_a_sentence_with_figures_and_names_a_curve_that_exists() -> None:
    curves = {(column.group, column.name) for column in CURVE_COLUMNS} | {("quality", name) for name in METRICS}
    for parts in seen().values():
        for verdict in map(verdict_of, parts):
            assert verdict.sentence.endswith(".")
            assert any(letter.isdigit() for letter in verdict.why)
            assert (verdict.group, verdict.column) in curves | {("", "")}
            assert bool(verdict.advice) == (verdict.code not in ("healthy", "too_early"))


def test_a_run_that_has_not_begun_is_too_early() -> None:
    assert verdict_of(Evidence(status="queued")).code == "too_early"


def test_a_loss_that_became_nan_is_named_at_any_time() -> None:
    failed = Evidence(status="failed", code="non_finite", reason="the loss of D became NaN at step 7", step=7)

    verdict = verdict_of(failed)

    assert (verdict.code, verdict.sentence) == ("not_finite", "Diverged: the loss of D became NaN at step 7.")


def test_a_flat_picture_is_said_to_be_flat() -> None:
    last = seen()["studio"][-1]

    assert "a flat area" in verdict_of(replace(last, pictures=Spread(0.0, 0.0, 0.0))).sentence


def test_an_old_picture_does_not_make_a_run_collapsed() -> None:
    last = seen()["studio"][-1]

    assert verdict_of(replace(last, pictures=Spread(0.3, 0.0, 0.0), pictures_at=0)).code == "healthy"


def test_a_run_that_stopped_getting_better_is_stalled_unless_it_is_good() -> None:
    last = replace(seen()["studio"][-1], step=1_250)

    def measured(clear: float) -> Evidence:
        rows = [("rarest_digit", clear / 20), ("sure_digits", clear)]
        at = [last.images_seen * part // 10 for part in range(1, 11)]
        return replace(
            last,
            measurements=[MeasurementRow(images, name, share, share - 0.03, share + 0.03, 1_000)
                          for images in at for name, share in rows],
        )  # fmt: skip

    assert verdict_of(measured(0.4)).code == "stalled"
    assert verdict_of(measured(0.9)).code == "healthy"


def test_a_digit_that_is_never_made_is_missing_once_the_others_are_clear() -> None:
    last = seen()["studio"][-1]
    rows = [("rarest_digit", 0.0), ("sure_digits", 0.8)]
    measured = [MeasurementRow(last.images_seen, name, share, None, None, 1_000) for name, share in rows]

    verdict = verdict_of(replace(last, measurements=measured))

    assert (verdict.code, verdict.group, verdict.column) == ("digits_missing", "quality", "rarest_digit")
    assert "none of 1,000 pictures" in verdict.sentence


def test_a_d_that_only_guesses_is_stalled_unless_the_pictures_are_digits() -> None:
    last = seen()["mlp"][-1]
    guesses = [
        {**row, "accuracy_real": 0.51, "accuracy_fake": 0.5, "loss_d": last.loss_d_at_rest} for row in last.curves
    ]

    assert verdict_of(replace(last, curves=guesses, measurements=[])).code == "stalled"
    assert verdict_of(replace(seen()["conditional"][-1], curves=guesses, step=last.step)).code == "healthy"


def test_every_threshold_has_a_reason() -> None:
    table = {name: limit for name, limit in vars(thresholds).items() if isinstance(limit, Threshold)}

    assert len(table) > 10
    assert all(len(limit.reason.split()) > 4 for limit in table.values())

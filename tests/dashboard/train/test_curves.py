"""What the curves of the Train page are made of, without a browser."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pandas
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train import curve_groups, curves
from dashboard.train.curves import KEY, View
from gan_core.config import LossName, ObjectiveConfig, RunConfig
from gan_core.runs.history import SCALARS, Event
from gan_core.runs.store import RunStore
from tests.dashboard.train.test_page import opened
from tests.histories import BATCH, rows

STEPS = 5_000  # more than are drawn
LOSSES = curve_groups.GROUPS["losses"]


@pytest.fixture
def store(root: Any) -> Iterator[RunStore]:
    """One run, `long`, that has ended after more steps than are drawn."""
    store = RunStore(root)
    store.create(RunConfig(), "long", "studio")
    with store.history("long") as history:
        history.append(history.begin_attempt(0, 0, STEPS * BATCH), rows(1, STEPS))
        history.set_progress(status="stopped")
    yield store
    assert services.worker().shutdown(60.0)


def frame_of(store: RunStore, view: View) -> pandas.DataFrame:
    return curves.frame_of(store, store.summary("long"), LOSSES, view)


def test_the_whole_run_is_a_thousand_rows_at_most(store: RunStore) -> None:
    whole = frame_of(store, View())

    assert len(whole) <= curves.POINTS
    assert curves.coarse(whole)
    assert whole["step"].iloc[-1] == STEPS


def test_the_steps_of_the_part_that_is_looked_at_take_the_place_of_coarse_rows(store: RunStore) -> None:
    whole = frame_of(store, View())

    closer = frame_of(store, View(1, "long", "losses", 2000 * BATCH, 2500 * BATCH))

    assert set(range(2000, 2501)) <= set(closer["step"])
    assert closer["step"].is_monotonic_increasing
    assert closer["step"].is_unique
    assert set(whole["step"][(whole["step"] < 2000) | (whole["step"] > 2500)]) <= set(closer["step"])


def test_a_close_look_at_another_run_is_forgotten(store: RunStore) -> None:
    assert frame_of(store, View(1, "other", "losses", 0, 100 * BATCH)).equals(frame_of(store, View()))


@pytest.mark.parametrize(
    "said",
    [
        None,
        7,
        {},
        {"group": "no such"},
        {"group": ["losses"]},
        {"run": 3},
        {"number": "1"},
        {"start": "x"},
        {"start": 1e400},
        {"unknown": 1},
        {"run": "long", "start": 10**30, "stop": -5},
    ],
)
def test_whatever_a_browser_says_the_page_is_drawn(store: RunStore, said: object) -> None:
    page = opened("long")
    page.session_state[KEY] = {"view": said}

    page.run()

    assert not page.exception
    assert not page.error


def shown(page: AppTest) -> Mapping[str, Any]:
    [element] = [part for part in page.get("bidi_component") if "curves" in part.proto.component_name]
    data: Mapping[str, Any] = json.loads(element.proto.json)
    return data


@pytest.mark.parametrize(("group", "column"), [("losses", "loss_d"), ("accuracy", "accuracy_real")])
def test_only_the_chosen_group_travels(store: RunStore, group: str, column: str) -> None:
    page = opened("long")
    page.session_state[KEY] = {"view": {"number": 4, "group": group}}

    data = shown(page.run())

    assert (data["group"], data["answer"]) == (group, 4)
    assert len(data["lines"]) == 2
    assert column in curve_groups.columns_of(curve_groups.GROUPS[group])


def test_what_a_run_does_not_have_gets_no_tab() -> None:
    plain, punished = ObjectiveConfig(loss="hinge"), ObjectiveConfig(penalty="r1")

    assert set(curve_groups.GROUPS) - set(curve_groups.groups_of(plain)) == {"probabilities", "penalty"}
    assert set(curve_groups.groups_of(punished)) == set(curve_groups.GROUPS)
    assert [len(tab["kinds"]) for tab in curve_groups.tabs(curve_groups.groups_of(punished))] == [1, 2, 1, 1, 1, 1]


def test_every_scalar_of_the_history_is_in_a_group_and_no_other() -> None:
    assert {column for group in curve_groups.GROUPS.values() for column in curve_groups.columns_of(group)} == set(
        SCALARS
    )


@pytest.mark.parametrize("loss", get_args(LossName))
def test_every_loss_says_where_d_comes_to_rest(loss: LossName) -> None:
    lines = curve_groups.references("losses", ObjectiveConfig(loss=loss))

    assert lines[0].text.startswith("equilibrium")
    assert len({line.number for line in lines}) == len(lines)


def test_a_reference_is_a_number_with_a_word_and_its_formula() -> None:
    of_d, of_g = curve_groups.references("losses", ObjectiveConfig())

    assert of_d.text == "equilibrium: D cannot tell, ln 4 = 1.386"
    assert of_d.number == pytest.approx(math.log(4))
    assert of_g.text == "equilibrium of G: ln 2 = 0.6931"
    [both] = curve_groups.references("losses", ObjectiveConfig(loss="relativistic"))
    assert both.text == "equilibrium of both: ln 2 = 0.6931"
    [smooth, _] = curve_groups.references("losses", ObjectiveConfig(label_smoothing=0.1))
    assert smooth.text == "equilibrium: D cannot tell, 1.376"


def test_a_speed_is_taken_over_the_last_second_or_since_the_row_before() -> None:
    frame = pandas.DataFrame({"seconds": [0.5, 1.0, 1.5, 2.0, 4.0], "images_seen": [50, 100, 150, 250, 850]})

    speeds = curves.numbers(curves.speed(frame))

    # the last second of 1.5 begins at 0.5, that of 2.0 at 1.0; since 2.0 two seconds have passed
    assert speeds == [None, 100.0, 100.0, 150.0, 300.0]


def test_a_clock_that_stands_still_has_no_speed() -> None:
    frame = pandas.DataFrame({"seconds": [1.0, 1.0], "images_seen": [50, 100]})

    assert curves.numbers(curves.speed(frame)) == [None, None]


def test_a_number_that_is_none_is_a_gap() -> None:
    assert curves.numbers([1.234567, math.nan, math.inf, -math.inf, 0.0]) == [1.2346, None, None, None, 0.0]


def test_accuracies_are_percents() -> None:
    frame = pandas.DataFrame({f"accuracy_real{end}": [0.5, 1.0] for end in ("", "_min", "_max")})

    drawn = curves.line(frame, curve_groups.GROUPS["accuracy"].lines[0], curve_groups.PERCENT)

    assert drawn["mean"] == [50.0, 100.0]


def test_the_chart_says_in_a_sentence_what_it_is_and_its_newest_values(store: RunStore) -> None:
    drawn = curves.drawn("losses", LOSSES, frame_of(store, View()))

    assert drawn["description"] == (
        f"Losses over images seen, up to {STEPS * BATCH:,} images. Newest: Discriminator 5e+03 and Generator -5e+03."
    )
    assert curves.drawn("losses", LOSSES, None)["description"] == "Losses: no values yet."


def test_events_are_told_as_sentences_and_traces_are_for_the_log() -> None:
    events = [
        Event(id=1, time=0.0, images_seen=64, kind="resumed", text="resumed at 64 images"),
        Event(id=2, time=0.0, images_seen=64, kind="trace", text="Traceback"),
    ]

    assert curves.told(events) == [{"images_seen": 64, "text": "Resumed at 64 images."}]


def csv_of(store: RunStore, columns: list[str]) -> bytes:
    with store.history("long") as history:
        return history.curves_csv(columns)


def test_a_file_of_curves_has_every_step(store: RunStore) -> None:
    lines = list(csv.DictReader(io.StringIO(csv_of(store, ["loss_d"]).decode())))

    assert list(lines[0]) == ["step", "images_seen", "seconds", "loss_d", "loss_d_min", "loss_d_max"]
    assert [int(line["step"]) for line in lines] == list(range(1, STEPS + 1))
    assert float(lines[6]["loss_d"]) == 7.0


def test_a_file_of_a_run_too_long_for_it_has_the_finest_rows_that_fit(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_core.runs.history.MOST_LINES", 1000)

    lines = list(csv.DictReader(io.StringIO(csv_of(store, ["loss_d"]).decode())))

    assert len(lines) == STEPS // 8 + 1
    assert (lines[0]["step"], lines[0]["loss_d"], lines[-1]["step"]) == ("7", "4.0", str(STEPS))


def test_a_file_of_an_unknown_scalar_is_refused(store: RunStore) -> None:
    with pytest.raises(ValueError, match="no such curve: loss"):
        csv_of(store, ["loss"])

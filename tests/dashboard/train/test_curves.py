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
from dashboard.train import curve_groups, curves, live_data
from gan_core.config import LossName, ObjectiveConfig, RunConfig
from gan_core.runs.history import SCALARS, Event
from gan_core.runs.store import RunStore
from tests.dashboard.train.test_page import opened
from tests.histories import BATCH, rows

STEPS = 5_000  # more than are drawn
MOST_BYTES = 10_000


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


def shown(page: AppTest) -> Mapping[str, Any]:
    [element] = [part for part in page.get("bidi_component") if "run_view" in part.proto.component_name]
    data: Mapping[str, Any] = json.loads(element.proto.json)
    return data


def test_the_page_sends_what_is_known_of_the_groups_and_no_row(store: RunStore) -> None:
    data = shown(opened("long"))

    assert (data["run"], data["active"]) == ("long", False)
    assert set(data["groups"]) == {kind["key"] for tab in data["tabs"] for kind in tab["kinds"]}
    assert [line["title"] for line in data["groups"]["losses"]["lines"]] == ["Discriminator", "Generator"]
    assert len(json.dumps(data)) < MOST_BYTES


def test_the_page_sends_the_same_as_long_as_the_run_has_the_same_status(store: RunStore) -> None:
    with store.claim("long", "terminal"), store.history("long") as history:
        history.set_progress(status="running")
        before = shown(opened("long"))
        history.append(1, rows(STEPS + 1, STEPS + 100))

        assert shown(opened("long")) == before


def test_what_a_run_does_not_have_gets_no_tab() -> None:
    plain, punished = ObjectiveConfig(loss="hinge"), ObjectiveConfig(penalty="r1")

    assert set(curve_groups.GROUPS) - set(curve_groups.groups_of(plain)) == {"probabilities", "penalty", "quality"}
    assert set(curve_groups.groups_of(punished, is_measured=True)) == set(curve_groups.GROUPS)
    assert [len(tab["kinds"]) for tab in curve_groups.tabs(curve_groups.groups_of(punished))] == [1, 2, 1, 1, 1, 1]


def test_every_scalar_of_the_history_is_in_a_group_and_no_other() -> None:
    assert {column for group in curve_groups.GROUPS.values() for column in curve_groups.columns_of(group)} == set(
        SCALARS
    )


@pytest.mark.parametrize("loss", get_args(LossName))
def test_every_loss_says_where_d_comes_to_rest(loss: LossName) -> None:
    lines = curve_groups.references("losses", ObjectiveConfig(loss=loss))

    assert lines[0].text.startswith("D only guessing")
    assert len({line.number for line in lines}) == len(lines)


def test_a_reference_says_what_it_means_and_its_value() -> None:
    of_d, of_g = curve_groups.references("losses", ObjectiveConfig())

    assert of_d.text == "D only guessing (1.386)"
    assert of_d.number == pytest.approx(math.log(4))
    assert of_g.text == "G when D only guesses (0.6931)"
    [both] = curve_groups.references("losses", ObjectiveConfig(loss="relativistic"))
    assert both.text == "D only guessing (0.6931)"
    [smooth, _] = curve_groups.references("losses", ObjectiveConfig(label_smoothing=0.1))
    assert smooth.text == "D only guessing (1.376)"


def test_every_group_of_curves_explains_itself_and_every_line_has_its_value_in_a_phrase() -> None:
    for group in curve_groups.GROUPS.values():
        assert all(sentence.endswith(".") for sentence in group.explained)
        assert all(line.phrase.count("{}") == 1 for line in group.lines)


def test_a_number_that_is_none_is_a_gap() -> None:
    assert live_data.numbers([1.234567, math.nan, math.inf, -math.inf, 0.0]) == [1.2346, None, None, None, 0.0]


def test_accuracies_are_percents() -> None:
    frame = pandas.DataFrame({f"accuracy_real{end}": [0.5, 1.0] for end in ("", "_min", "_max")})

    group = curve_groups.GROUPS["accuracy"]
    drawn = live_data.line_values(frame, group.lines[0], group)

    assert drawn["mean"] == [50.0, 100.0]


def test_events_are_told_as_sentences_and_traces_are_for_the_log() -> None:
    events = [
        Event(id=1, time=0.0, images_seen=64, kind="resumed", text="resumed at 64 images"),
        Event(id=2, time=0.0, images_seen=64, kind="trace", text="Traceback"),
    ]

    assert curves.marks_of(events) == [{"images_seen": 64, "text": "Resumed at 64 images."}]


def csv_of(store: RunStore, columns: list[str]) -> bytes:
    with store.history("long") as history:
        return history.curves.csv(columns)


def test_a_file_of_curves_has_every_step(store: RunStore) -> None:
    lines = list(csv.DictReader(io.StringIO(csv_of(store, ["loss_d"]).decode())))

    assert list(lines[0]) == ["step", "images_seen", "seconds", "loss_d", "loss_d_min", "loss_d_max"]
    assert [int(line["step"]) for line in lines] == list(range(1, STEPS + 1))
    assert float(lines[6]["loss_d"]) == 7.0


def test_a_file_of_a_run_too_long_for_it_has_the_finest_rows_that_fit(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_core.runs.history.curves.MOST_LINES", 1000)

    lines = list(csv.DictReader(io.StringIO(csv_of(store, ["loss_d"]).decode())))

    assert len(lines) == STEPS // 8 + 1
    assert (lines[0]["step"], lines[0]["loss_d"], lines[-1]["step"]) == ("7", "4.0", str(STEPS))


def test_a_file_of_an_unknown_scalar_is_refused(store: RunStore) -> None:
    with pytest.raises(ValueError, match="no such curve: loss"):
        csv_of(store, ["loss"])

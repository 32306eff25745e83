"""Measurements of a snapshot: kept, replaced, deleted with an abandoned attempt, and packed."""

import csv
import io
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gan_core.runs.archive.manifest import ArchiveError
from gan_core.runs.archive.pack import pack, unpack
from gan_core.runs.history import History
from gan_core.runs.history.measurements import Measurement, MeasurementRow
from gan_core.runs.store import RunStore
from tests.histories import trained
from tests.tiny_runs import tiny

DISTANCE = Measurement("frechet_distance", 12.5, 11.0, 14.0, 1000)
SHARE = Measurement("sure_share", 0.75, None, None, 1000)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return trained(tmp_path / "history.sqlite", 10)


def test_measurements_come_back_by_images_then_by_name(history: History) -> None:
    history.measurements.add(640, [SHARE, DISTANCE])
    history.measurements.add(320, [SHARE])

    assert history.measurements.all() == [
        MeasurementRow(320, *SHARE),
        MeasurementRow(640, *DISTANCE),
        MeasurementRow(640, *SHARE),
    ]
    assert history.measurements.all(["frechet_distance"]) == [MeasurementRow(640, *DISTANCE)]
    assert history.measurements.all([]) == []


def test_a_measurement_replaces_the_one_of_the_same_moment_and_name(history: History) -> None:
    history.measurements.add(640, [DISTANCE])

    history.measurements.add(640, [DISTANCE._replace(value=13.0)])

    assert [row.value for row in history.measurements.all()] == [13.0]


def test_a_frame_has_a_column_for_each_field_and_nan_for_a_missing_bound(history: History) -> None:
    history.measurements.add(640, [SHARE])

    frame = history.measurements.frame()

    assert list(frame.columns) == ["images_seen", "name", "value", "low", "high", "n"]
    assert frame["value"].tolist() == [0.75]
    assert math.isnan(frame["low"][0])
    assert history.measurements.frame(["none"]).empty


def test_a_csv_file_has_a_title_and_a_line_for_each_measurement(history: History) -> None:
    history.measurements.add(640, [DISTANCE, SHARE])

    lines = list(csv.DictReader(io.StringIO(history.measurements.csv().decode())))

    assert [(line["name"], line["value"], line["low"]) for line in lines] == [
        ("frechet_distance", "12.5", "11.0"),
        ("sure_share", "0.75", ""),
    ]


def test_a_new_attempt_forgets_the_measurements_after_its_checkpoint(history: History) -> None:
    for images_seen in (128, 320, 640):
        history.measurements.add(images_seen, [SHARE])

    history.begin_attempt(5, 320, 10_000)

    assert [row.images_seen for row in history.measurements.all()] == [128, 320]


def with_measurement(store: RunStore, statement: str | None = None) -> str:
    run = store.create(tiny(), "run")
    with store.history(run) as history:
        history.measurements.add(0, [DISTANCE, SHARE])
    if statement:
        with closing(sqlite3.connect(store.folder(run) / "history.sqlite")) as database, database:
            database.execute(statement)
    return run


def test_measurements_travel_in_a_packed_run(tmp_path: Path) -> None:
    here, there = RunStore(tmp_path / "here"), RunStore(tmp_path / "there")
    pack(here, with_measurement(here), tmp_path / "run.zip")

    arrived = unpack(there, tmp_path / "run.zip").run

    with there.history(arrived) as history:
        assert history.measurements.all() == [MeasurementRow(0, *DISTANCE), MeasurementRow(0, *SHARE)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("value = 9e999", "has a measurement with a negative count or an infinite value"),
        ("high = -9e999", "has a measurement with a negative count or an infinite value"),
        ("n = -1", "has a measurement with a negative count or an infinite value"),
        ("value = 'much'", "has values of a wrong type in its table measurements"),
        ("name = char(7) WHERE name = 'sure_share'", "has a measurement with an invalid name"),
        ("name = '' WHERE name = 'sure_share'", "has a measurement with an invalid name"),
    ],
)
def test_a_packed_run_with_a_false_measurement_is_refused(tmp_path: Path, change: str, rule: str) -> None:
    here, there = RunStore(tmp_path / "here"), RunStore(tmp_path / "there")
    pack(here, with_measurement(here, f"UPDATE measurements SET {change}"), tmp_path / "run.zip")

    with pytest.raises(ArchiveError, match=rule):
        unpack(there, tmp_path / "run.zip")

    assert there.runs() == []

"""The verdict on a run in a folder: from its files, in few milliseconds, for page and terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from gan_core.cli import main
from gan_core.evaluation.doctor.evidence import as_json, from_json, gather
from gan_core.evaluation.doctor.examine import examine_by_name
from gan_core.runs.store import RunStore
from tests.histories import BATCH, rows
from tests.tiny_runs import tiny, train

STEPS = 5_000


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path / "runs")
    store.create(tiny(), "long")
    with store.history("long") as history:
        history.append(history.begin_attempt(0, 0, STEPS * BATCH), rows(1, STEPS))
        history.set_progress(status="stopped")
    return store


def test_at_most_a_hundred_rows_are_looked_at_and_they_reach_the_end(store: RunStore) -> None:
    with store.open("long") as run:
        seen = gather(run, run.progress())

    assert 10 < len(seen.curves) <= 100
    assert (seen.curves[-1]["step"], seen.step) == (STEPS, STEPS)


def test_evidence_survives_a_file(store: RunStore) -> None:
    train(store, store.create(tiny(), "short"))
    with store.open("short") as run:
        seen = gather(run, run.progress())

    again = from_json(json.loads(json.dumps(as_json(seen))))

    assert as_json(again) == as_json(seen)
    assert (again.pictures_at, again.pictures, again.step) == (seen.images_seen, seen.pictures, seen.step)


def test_a_run_that_has_not_begun_or_is_damaged_has_no_verdict(store: RunStore) -> None:
    store.create(tiny(), "waiting")
    (store.folder("long") / "config.json").write_text("{oops")

    assert examine_by_name(store, "waiting") is None
    assert examine_by_name(store, "long") is None
    assert examine_by_name(store, "missing") is None


def test_a_run_that_diverged_is_named_in_the_list_of_the_terminal(
    store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.history("long") as history:
        history.set_progress(status="failed", code="non_finite", reason="the loss of D became NaN at step 5,001")

    assert main(["runs", "--root", str(store.root)]) == 0
    assert "Diverged: the loss of D became NaN at step 5,001." in capsys.readouterr().out

    assert main(["runs", "--json", "--root", str(store.root)]) == 0
    listed: Any = json.loads(capsys.readouterr().out)
    assert listed["runs"][0]["verdict"]["code"] == "not_finite"

"""Databases of older versions: tables and curve columns that are missing are added when a run is opened."""

import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from gan_core.runs.archive.pack import pack
from gan_core.runs.history import History
from gan_core.runs.history.measurements import Measurement
from gan_core.runs.history.schema import SCHEMA
from gan_core.runs.store import RunStore
from tests.faults import killed, sudden_death
from tests.histories import BATCH, rows, trained
from tests.tiny_runs import tiny

FORMAT_1 = Path(__file__).parents[3] / "fixtures" / "format-1.zip"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of schema 2 with 600 steps, five samples and five snapshots."""
    path = tmp_path / "history.sqlite"
    with zipfile.ZipFile(FORMAT_1) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("history.sqlite")]
        path.write_bytes(archive.read(name))
    return path


def raw(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def contents(path: Path) -> list[list[tuple[object, ...]]]:
    """Every row of an old database, in the columns that it had."""
    status = "state, reason, heartbeat, step, images_seen, images_target, seconds, images_per_second, epoch, pace"
    queries = ["steps", "curve_1", "curve_8", "samples", "moments", "events", "requests", "attempts"]
    return [*(raw(path, f"SELECT * FROM {table}") for table in queries), raw(path, f"SELECT {status} FROM status")]


def test_a_database_of_schema_2_gets_the_new_tables_and_keeps_all_rows(old: Path) -> None:
    before = contents(old)
    assert raw(old, "PRAGMA user_version") == [(2,)]

    with History(old, create=False) as history:
        history.measurements.add(4800, [Measurement("distance", 1.0, None, None, 10)])
        assert history.progress().code == ""
        assert history.thread_choices.all() == []

    assert raw(old, "PRAGMA user_version") == [(SCHEMA,)]
    assert contents(old) == before


def test_a_process_killed_inside_a_migration_leaves_the_old_database_or_the_new_one(old: Path) -> None:
    before = contents(old)

    def announce(stage: str) -> None:
        if stage == "migrate":
            sudden_death()

    assert killed(lambda: History(old, create=False, announce=announce).close())

    assert raw(old, "PRAGMA user_version") == [(2,)]
    with History(old, create=False) as history:
        assert history.measurements.all() == []
    assert contents(old) == before


def test_a_trainer_that_has_the_database_open_goes_on_during_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    trained(path, 10).close()
    with History(path) as trainer:
        attempt = trainer.begin_attempt(10, 10 * BATCH, 10_000)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DROP TABLE measurements")
            database.execute("DROP TABLE thread_choices")
            database.execute("ALTER TABLE status DROP COLUMN code")
            database.execute("PRAGMA user_version = 2")
        with History(path) as page:
            assert page.measurements.all() == []
        trainer.append(attempt, rows(11, 12))

    with History(path) as history:
        assert history.progress().step == 12


def test_the_failure_of_an_old_run_gets_its_code_from_the_text(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 2) as history:
        history.set_progress(status="failed", reason="loss_d stopped being a finite number at step 3")
        assert history.progress().code == "non_finite"

        history.set_progress(status="failed", reason="no space left")
        assert history.progress().code == ""

        history.set_progress(status="failed", reason="the loss of D became NaN", code="non_finite")
        history.set_progress(status="running")
        assert history.progress().code == ""


# one more curve: what a later version of this program does

ADD_A_CURVE = """
    from gan_core.training import curve_columns
    first = curve_columns.CURVE_COLUMNS[0]
    curve_columns.CURVE_COLUMNS += (first._replace(name="extra", title="Extra"),)
    curve_columns.SCALARS += ("extra",)
"""


def in_a_later_version(code: str, *arguments: object) -> str:
    """Run Python code in a process whose table of curve columns has one row more; returns what it prints."""
    program = "\n".join(line.strip() for line in ADD_A_CURVE.splitlines()) + "\n" + code
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.strip()


LATER = """
import os, signal, sys
from pathlib import Path
from gan_core.runs.history import History
path, kill = Path(sys.argv[1]), len(sys.argv) > 2
def announce(stage):
    if kill and stage == "migrate":
        os.kill(os.getpid(), signal.SIGKILL)
with History(path, create=False, announce=announce) as history:
    step = history.progress().step
    attempt = history.begin_attempt(step, history.progress().images_seen, 10_000)
    history.append(attempt, [{"step": step + 1, "images_seen": 64 * (step + 1), "seconds": 2.0, "extra": 3.0}])
    title = history.curves.csv(["extra"]).decode().split()[0]
    print(history.curves.frame(["extra", "loss_d"])["extra"].tolist()[-1], title)
"""


def test_one_row_more_adds_a_curve_to_a_run_that_was_made_without_it(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    trained(path, 20).close()
    before = raw(path, "SELECT loss_d FROM steps")

    said = in_a_later_version(LATER, path)

    assert said == "3.0 step,images_seen,seconds,extra,extra_min,extra_max"
    assert raw(path, "SELECT loss_d FROM steps WHERE step <= 20") == before
    assert raw(path, "SELECT extra_max FROM curve_2") == [(3.0,)]
    with History(path) as history:  # this version goes on, without the curve that it does not know
        history.append(3, rows(22, 23))
        assert history.progress().step == 23


def test_a_kill_while_a_curve_is_added_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    trained(path, 20).close()

    assert in_a_later_version(LATER, path, "kill") == ""

    assert "extra" not in {name for _, name, *_ in raw(path, "PRAGMA table_info(steps)")}
    assert in_a_later_version(LATER, path).startswith("3.0")


UNPACK = """
import sys
from pathlib import Path
from gan_core.runs.archive.pack import unpack
from gan_core.runs.store import RunStore
store = RunStore(Path(sys.argv[1]))
run = unpack(store, Path(sys.argv[2])).run
with store.history(run) as history:
    print(run, history.curves.frame(["extra"])["extra"].isna().all())
"""


def test_a_later_version_unpacks_a_run_without_its_curve(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "here")
    pack(store, store.create(tiny(), "run"), tmp_path / "run.zip")

    assert in_a_later_version(UNPACK, tmp_path / "there", tmp_path / "run.zip") == "run True"

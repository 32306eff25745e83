"""The history: attempts do not mix, a kill tears no row, and others can read while one process writes."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from gan_core.runs.history import History, HistoryError
from tests.faults import killed, sudden_death
from tests.histories import BATCH, rows, trained


def query(path: Path, text: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(text).fetchall()
    finally:
        database.close()


def test_a_row_with_an_unknown_scalar_is_refused(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 1) as history, pytest.raises(ValueError, match="no such scalar: los_d"):
        history.append(1, [{**rows(2, 2)[0], "los_d": 1.0}])


def test_a_new_attempt_hides_the_rows_after_its_checkpoint(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        attempt = history.begin_attempt(6, 6 * BATCH, 10_000)
        history.append(attempt, rows(7, 8, offset=0.5))

        curve = history.curves.frame(["loss_d"])

    assert curve["loss_d"].tolist() == [1, 2, 3, 4, 5, 6, 7.5, 8.5]


def test_hidden_rows_are_kept(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        history.begin_attempt(6, 6 * BATCH, 10_000)

    assert query(tmp_path / "h", "SELECT count(*) FROM steps") == [(10,)]


def test_an_attempt_from_the_start_hides_everything(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 100) as history:
        history.begin_attempt(0, 0, 10_000)

        assert history.curves.frame(["loss_d"]).empty


def test_the_progress_goes_back_to_the_checkpoint_of_the_new_attempt(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 100) as history:
        history.begin_attempt(60, 60 * BATCH, 20_000)
        progress = history.progress()

    assert (progress.step, progress.images_seen, progress.images_target) == (60, 3840, 20_000)
    assert progress.seconds == pytest.approx(6.0)


def test_a_new_attempt_deletes_samples_and_unpinned_snapshots_after_its_checkpoint(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        for images_seen in (0, 320, 640):
            history.samples.add(images_seen, 0, 1, images_seen // BATCH)
            history.snapshots.add(images_seen, lambda unpinned: [])
        history.snapshots.add(576, lambda unpinned: [])
        history.snapshots.pin(576)

        history.begin_attempt(5, 320, 10_000)

        assert [sample.images_seen for sample in history.samples.all()] == [0, 320]
        assert history.snapshots.all() == {0: False, 320: False, 576: True}


# progress handlers of SQLite count instructions of its virtual machine: the kills fall anywhere inside the transaction
@pytest.mark.parametrize("instructions", [1, 30, 100, 300, 1000, 2000, 3000, 4000, 5000])
def test_a_kill_while_appending_leaves_all_rows_or_none(tmp_path: Path, instructions: int) -> None:
    path = tmp_path / "h"
    trained(path, 100).close()

    def append() -> None:
        with History(path) as history:
            history.database.connection.set_progress_handler(sudden_death, instructions)
            history.append(1, rows(101, 200))

    assert killed(append)

    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    with History(path) as history:
        steps = history.progress().step
        assert steps in (100, 200)
        assert history.curves.frame(["loss_d"])["step"].tolist() == list(range(1, steps + 1))
        assert history.curves.frame(["loss_d"], points=1)["loss_d_max"].tolist() == [steps]


def test_an_error_inside_a_transaction_undoes_all_of_it(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 5) as history:
        with pytest.raises(HistoryError, match="UNIQUE"):
            history.append(1, [*rows(6, 7), *rows(7, 7)])

        assert history.curves.frame(["loss_d"])["step"].tolist() == [1, 2, 3, 4, 5]
        assert history.progress().step == 5


def test_the_progress_follows_the_rows(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        history.append(1, rows(11, 12), epoch=3, images_per_second=9000.0, status="running")
        progress = history.progress()

    assert (progress.step, progress.images_seen, progress.seconds) == (12, 768, 1.2)
    assert (progress.epoch, progress.images_per_second, progress.status) == (3, 9000.0, "running")


def test_an_unchanged_status_still_updates_the_heartbeat(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history:
        history.set_progress(heartbeat=0.0)
        history.set_progress()

        assert history.progress().heartbeat > 0


def test_a_field_that_the_progress_does_not_have_is_refused(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history, pytest.raises(ValueError, match="the progress has no speed"):
        history.set_progress(speed=1.0)


def test_requests_are_read_once_and_in_order(tmp_path: Path) -> None:
    with History(tmp_path / "h") as history, History(tmp_path / "h") as other:
        first = other.requests.add("pause", "page")
        other.requests.add("resume", "terminal")

        assert [request.kind for request in history.requests.all(0)] == ["pause", "resume"]
        assert [(request.kind, request.who) for request in history.requests.all(first)] == [("resume", "terminal")]
        assert history.requests.all(history.requests.newest()) == []


def test_an_event_has_the_step_of_the_run(tmp_path: Path) -> None:
    with trained(tmp_path / "h", 10) as history:
        history.events.add("paused", "asked by page")
        history.events.add("saved", "a state", images_seen=64)

        first, second = history.events.all()
        assert (first.kind, first.text, first.images_seen) == ("paused", "asked by page", 640)
        assert history.events.all(after=first.id) == [second]


def test_a_reader_sees_complete_transactions_while_a_writer_writes(tmp_path: Path) -> None:
    path = tmp_path / "h"
    trained(path, 8).close()
    done = threading.Event()

    def write() -> None:
        with History(path) as history:
            for block in range(1, 41):
                history.append(1, rows(8 * block + 1, 8 * block + 8))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    lengths = []
    with History(path) as reader:
        while not done.is_set():
            lengths.append(len(reader.curves.frame(["loss_d"])))
    writer.join()

    assert all(length % 8 == 0 for length in lengths)
    assert lengths == sorted(lengths)


def test_a_history_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    History(tmp_path / "h").close()
    query(tmp_path / "h", "PRAGMA user_version = 5")

    with pytest.raises(HistoryError, match=r"newer GAN Studio \(schema 5, this one reads 4\); update"):
        History(tmp_path / "h")


def test_a_file_that_is_no_database_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "h").write_bytes(b"no database at all, but long enough to be looked at as one" * 20)

    with pytest.raises(HistoryError, match="file is not a database"):
        History(tmp_path / "h")


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_history_is_not_created_by_a_reader(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "h").write_bytes(content)

    with pytest.raises(HistoryError):
        History(tmp_path / "h", create=False)


def test_closing_merges_the_write_ahead_log_into_one_file(tmp_path: Path) -> None:
    trained(tmp_path / "h", 10).close()

    assert [path.name for path in tmp_path.iterdir()] == ["h"]

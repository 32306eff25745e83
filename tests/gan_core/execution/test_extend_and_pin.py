"""Requests to a running run: extend it, pin a snapshot. Its weights end as they would have without them."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_core.config import ConfigError
from gan_core.execution import control
from gan_core.execution.jobs import Job
from gan_core.execution.run_training import run_to_end
from gan_core.execution.worker import Worker
from gan_core.runs.history import History, schema
from gan_core.runs.store import RunMissingError, RunStore
from gan_core.training.state import fingerprint
from gan_core.training.step_report import StepReport
from tests.tiny_runs import tiny, train
from tests.waiting import DEADLINE_SECONDS, eventually

LENGTH, LONGER = 640, 960
OLD_REQUESTS = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop')), who TEXT NOT NULL)"""


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def trained(store: RunStore, run: str, images: int, ask: Callable[[StepReport], None] = lambda report: None) -> str:
    """Train a new run; `ask` is called between its steps. Returns its status."""
    store.create(tiny(train__images=images), run)
    return run_to_end(store, run, on_step=ask).status


def end_of(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def at(images_seen: int, ask: Callable[[], object]) -> Callable[[StepReport], None]:
    """Ask once, when so many images have been seen."""

    def watch(report: StepReport) -> None:
        if report.images_seen == images_seen:
            ask()

    return watch


def kinds(store: RunStore, run: str) -> list[str]:
    return [event.kind for event in store.events(run)]


@pytest.mark.parametrize("asked_at", [160, LENGTH])
def test_a_run_made_longer_while_it_trains_ends_bit_for_bit_like_a_longer_one(store: RunStore, asked_at: int) -> None:
    ask = at(asked_at, lambda: store.request("short", "extend", "page", LONGER))

    assert trained(store, "long", LONGER) == "finished"
    assert trained(store, "short", LENGTH, ask) == "finished"

    assert store.progress("short").images_target == store.progress("short").images_seen == LONGER
    assert end_of(store, "short") == end_of(store, "long")
    assert "extended" in kinds(store, "short")


def test_a_run_is_never_made_shorter(store: RunStore) -> None:
    trained(store, "mine", LENGTH, at(160, lambda: store.request("mine", "extend", "page", 320)))

    assert store.progress("mine").images_seen == LENGTH
    assert "extended" not in kinds(store, "mine")


def test_a_longer_run_stays_longer_when_it_is_stopped_and_resumed(store: RunStore) -> None:
    def ask() -> None:
        store.request("mine", "extend", "page", LONGER)
        store.request("mine", "stop", "page")

    assert trained(store, "mine", LENGTH, at(160, ask)) == "stopped"
    assert train(store, "mine") == "finished"

    assert store.progress("mine").images_seen == LONGER


def test_a_snapshot_is_pinned_between_two_steps_and_changes_nothing(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "POLL_SECONDS", 0.0)
    trained(store, "plain", LENGTH)
    trained(store, "mine", LENGTH, at(208, lambda: store.request("mine", "pin", "page")))

    pinned = [images for images, kept in store.snapshots("mine").all().items() if kept]
    assert pinned == [208]
    assert store.snapshots("mine").load(208).images_seen == 208
    [event] = [event for event in store.events("mine") if event.kind == "pinned"]
    assert (event.images_seen, event.text) == (208, "Pinned from page at 208 images.")
    assert end_of(store, "mine") == end_of(store, "plain")


def test_a_paused_run_is_pinned_and_made_longer_and_stays_paused(store: RunStore) -> None:
    worker = Worker(store)
    store.create(tiny(train__images=100_000_000), "mine")
    worker.resume("mine")
    eventually(lambda: store.progress("mine").images_seen > 0, "it trains")
    worker.pause("mine")
    eventually(lambda: store.progress("mine").status == "paused", "it pauses")

    worker.pin("mine")
    worker.extend("mine", 200_000_000)
    eventually(lambda: {"pinned", "extended"} <= set(kinds(store, "mine")), "both are granted")

    progress = store.progress("mine")
    assert (progress.status, progress.images_target) == ("paused", 200_000_000)
    assert store.snapshots("mine").all()[progress.images_seen]
    assert worker.shutdown(DEADLINE_SECONDS)


def test_the_newest_snapshot_of_an_ended_run_is_pinned_once(store: RunStore) -> None:
    trained(store, "mine", LENGTH)
    worker = Worker(store)

    worker.pin("mine")
    worker.pin("mine")

    assert store.snapshots("mine").all()[LENGTH]
    assert kinds(store, "mine").count("pinned") == 1


def test_a_run_without_a_snapshot_has_nothing_to_pin(store: RunStore) -> None:
    store.create(tiny(), "mine")

    with pytest.raises(RunMissingError, match="has no snapshot yet"):
        Worker(store).pin("mine")


@pytest.mark.parametrize("images", [0, LENGTH])
def test_no_more_images_than_before_is_no_extension(store: RunStore, images: int) -> None:
    trained(store, "mine", LENGTH)

    with pytest.raises(ConfigError, match="give a larger total"):
        Worker(store).extend("mine", images)


def test_an_ended_run_is_extended_when_its_turn_comes(store: RunStore) -> None:
    trained(store, "mine", LENGTH)
    worker = Worker(store)

    worker.extend("mine", LONGER)
    eventually(lambda: store.progress("mine").images_seen == LONGER, "it goes on")
    assert worker.shutdown(DEADLINE_SECONDS)


# databases written before there were wishes


def as_it_was_before_wishes(path: Path) -> None:
    """Turn a database back into one of schema 1, with two requests in it."""
    database = sqlite3.connect(path)
    database.execute("DROP TABLE requests")
    database.execute(OLD_REQUESTS)
    database.execute("INSERT INTO requests (time, kind, who) VALUES (1, 'pause', 'page'), (2, 'stop', 'a terminal')")
    database.execute("ALTER TABLE status DROP COLUMN pace")
    database.execute("ALTER TABLE status DROP COLUMN code")
    database.execute("DROP TABLE measurements")
    database.execute("DROP TABLE thread_choices")
    database.execute("PRAGMA user_version = 1")
    database.commit()
    database.close()


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_all_that_it_holds(store: RunStore) -> None:
    trained(store, "mine", LENGTH)
    as_it_was_before_wishes(store.folder("mine") / "history.sqlite")

    with store.history("mine") as history:
        assert [(request.id, request.kind, request.images) for request in history.requests.all(0)] == [
            (1, "pause", None),
            (2, "stop", None),
        ]
        assert history.requests.add("extend", "page", LONGER) == 3
        assert (history.progress().images_seen, history.progress().pace) == (LENGTH, 0.0)
        assert len(history.curves.frame(["loss_d"])) == LENGTH // 16


def test_two_readers_of_an_old_database_bring_it_up_to_date_once(store: RunStore) -> None:
    trained(store, "mine", LENGTH)
    path = store.folder("mine") / "history.sqlite"
    as_it_was_before_wishes(path)

    jobs = [Job(f"reader {number}", lambda job: History(path).close()).start() for number in range(4)]

    assert all(job.wait(DEADLINE_SECONDS) for job in jobs)
    assert [job.problem for job in jobs] == [None] * 4
    with History(path) as history:
        assert len(history.requests.all(0)) == 2


def test_every_older_schema_has_a_way_to_the_newest() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.SCHEMA))

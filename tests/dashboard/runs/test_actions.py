"""What the buttons of the Runs page do, also if Streamlit calls them twice for one click."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.runs import actions
from dashboard.ui.actions import DONE, REFUSED, Done, attempt
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny

RUNS = ("first", "second")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path)
    for run in RUNS:
        store.create(tiny(), run)
    return store


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session state of one visitor."""
    state: dict[str, Any] = {}
    monkeypatch.setattr("dashboard.ui.actions.st", SimpleNamespace(session_state=state))
    return state


def done(session: dict[str, Any]) -> Done:
    found: Done = session[DONE]
    return found


def test_two_calls_for_one_click_delete_once_and_can_be_undone(store: RunStore, session: dict[str, Any]) -> None:
    worker: Any = SimpleNamespace(store=store)
    for _ in range(2):
        attempt(actions.delete, worker, RUNS)

    assert store.runs() == []
    assert done(session).sentence == "In the trash: 2 runs."
    undo = done(session).undo
    assert undo is not None
    for _ in range(2):
        attempt(undo)
    assert {run.name for run in store.runs()} == set(RUNS)
    assert done(session).sentence == "Restored: 2 runs."
    assert REFUSED not in session


def test_a_call_that_was_cut_short_is_completed_by_the_second_one(store: RunStore, session: dict[str, Any]) -> None:
    store.delete("first")

    attempt(actions.delete, SimpleNamespace(store=store), RUNS)

    assert store.runs() == []
    assert done(session).sentence == "In the trash: 2 runs."


def test_a_run_that_was_erased_meanwhile_needs_no_undo(store: RunStore, session: dict[str, Any]) -> None:
    store.trash.erase(store.delete("first"))

    attempt(actions.delete, SimpleNamespace(store=store), ("first",))

    assert DONE not in session
    assert REFUSED not in session

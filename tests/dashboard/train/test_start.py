"""Start: one click is one run, even if Streamlit calls the callback twice at once."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.train import start
from dashboard.train.draft import Draft
from dashboard.train.kept_draft import DRAFT
from dashboard.ui.sidebar_fold import counts
from gan_core.execution.jobs import Event, Job

OVERTAKEN_SECONDS = 0.5


class SlowWorker:
    """Creates runs slowly enough that a second call can overtake the first one."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.second = Event()
        self.trains: str | None = None
        self.store = SimpleNamespace(progress=lambda _: SimpleNamespace(status="running"))

    def enqueue(self, config: object, *, preset: str, title: str) -> str:
        self.titles.append(title)
        if len(self.titles) > 1:
            self.second.set()
        self.second.wait(OVERTAKEN_SECONDS)
        return title

    def training(self) -> str | None:
        return self.trains


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session state and the address of one visitor, which all threads share."""
    state: dict[str, Any] = {DRAFT: Draft(name="mine")}
    shared = SimpleNamespace(session_state=state, query_params={})
    for module in ("train.start", "train.kept_draft", "ui.actions", "ui.run_picker", "ui.sidebar_fold"):
        monkeypatch.setattr(f"dashboard.{module}.st", shared)
    start.prepare()
    return state


def test_one_click_that_streamlit_reports_in_two_threads_starts_one_run(session: dict[str, Any]) -> None:
    worker: Any = SlowWorker()

    jobs = [Job(f"click-{number}", lambda _: start.start(worker)).start() for number in range(2)]

    assert all(job.wait(30) for job in jobs)
    assert worker.titles == ["mine"]


def test_a_second_click_with_another_name_starts_another_run(session: dict[str, Any]) -> None:
    worker: Any = SlowWorker()
    worker.second.set()

    start.start(worker)
    session[DRAFT].name = "another"
    start.start(worker)

    assert worker.titles == ["mine", "another"]


def test_a_start_leaves_the_window_to_its_run_unless_that_waits_for_another(session: dict[str, Any]) -> None:
    worker: Any = SlowWorker()
    worker.second.set()

    start.start(worker)
    assert counts() == {"folds": 1, "stays": 0}

    worker.trains, session[DRAFT].name = "mine", "another"
    start.start(worker)
    assert worker.titles == ["mine", "another"]
    assert counts() == {"folds": 1, "stays": 1}

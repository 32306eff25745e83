"""Control of a run that trains: what was requested, by whom, and when the training must end."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from gan_core.execution import control as control_module
from gan_core.execution.control import Control, ShutdownRequest
from gan_core.execution.jobs import Job
from gan_core.runs.history import History, RequestKind
from tests.waiting import DEADLINE_SECONDS, eventually


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.sqlite") as opened:
        yield opened


class FakeClock:
    """A clock that moves only when a test moves it, and by `tick` at each reading."""

    def __init__(self, tick: float = 0.0) -> None:
        self.seconds, self.tick, self.looks = 1_000.0, tick, 0

    def __call__(self) -> float:
        self.seconds, self.looks = self.seconds + self.tick, self.looks + 1
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    made = FakeClock()
    monkeypatch.setattr(control_module, "time", SimpleNamespace(monotonic=made))
    return made


@pytest.fixture
def control(history: History, monkeypatch: pytest.MonkeyPatch) -> Control:
    """A control that reads requests at every poll."""
    monkeypatch.setattr(control_module, "POLL_SECONDS", 0.0)
    return Control(history, ShutdownRequest())


def asked(control: Control, history: History, *kinds: RequestKind, who: str = "page") -> Control:
    for kind in kinds:
        history.requests.add(kind, who)
    control.poll()
    return control


def test_at_first_nothing_is_requested(control: Control) -> None:
    control.poll()

    assert (control.paused, control.stopped, control.must_end, control.who) == (False, False, False, "")


def test_requests_from_before_the_training_are_ignored(history: History) -> None:
    history.requests.add("stop", "page")
    control = Control(history, ShutdownRequest())

    control.poll()

    assert not control.must_end


def test_a_pause_is_noticed_with_who_asked(control: Control, history: History) -> None:
    asked(control, history, "pause", who="a terminal")

    assert (control.paused, control.must_end, control.who) == (True, False, "a terminal")


@pytest.mark.parametrize(
    ("kinds", "paused"),
    [(("pause", "resume"), False), (("resume", "pause"), True), (("pause", "pause", "resume", "pause"), True)],
)
def test_of_several_requests_the_last_one_counts(
    control: Control, history: History, kinds: tuple[RequestKind, ...], paused: bool
) -> None:
    assert asked(control, history, *kinds).paused == paused


@pytest.mark.parametrize("kinds", [("stop",), ("pause", "stop"), ("stop", "resume"), ("stop", "pause")])
def test_a_stop_is_never_taken_back(control: Control, history: History, kinds: tuple[RequestKind, ...]) -> None:
    asked(control, history, *kinds)

    assert control.stopped
    assert control.must_end


def test_a_request_is_obeyed_once(control: Control, history: History) -> None:
    asked(control, history, "pause", "resume")

    control.paused = True
    control.poll()

    assert control.paused


def test_the_database_is_asked_at_most_twenty_times_a_second(history: History, clock: FakeClock) -> None:
    control = Control(history, ShutdownRequest())
    control.poll()
    history.requests.add("pause", "page")

    clock.seconds += 0.049
    control.poll()
    assert not control.paused
    clock.seconds += 0.002
    control.poll()
    assert control.paused


def test_a_shutdown_request_ends_the_training(control: Control) -> None:
    control.shutdown.set("The server was shut down.")

    assert control.must_end
    assert not control.stopped
    assert (control.shutdown.reason, control.shutdown.status) == ("The server was shut down.", "interrupted")


def test_a_shutdown_request_can_name_another_status(control: Control) -> None:
    control.shutdown.set("Ended by SIGINT.", "stopped")

    assert control.shutdown.status == "stopped"


def test_without_a_pause_there_is_no_wait(control: Control, clock: FakeClock) -> None:
    control.wait_while_paused()

    assert clock.looks == 1


@pytest.mark.parametrize("kind", ["resume", "stop"])
def test_a_paused_training_wakes_at_a_request_from_another_process(tmp_path: Path, kind: RequestKind) -> None:
    def train(job: Job) -> None:
        with History(tmp_path / "history.sqlite") as own:  # a connection is for one thread
            control = asked(Control(own, ShutdownRequest()), own, "pause")
            own.set_progress(status="paused")
            control.wait_while_paused()
            own.set_progress(status="running" if not control.must_end else "stopping", reason=control.who)

    with History(tmp_path / "history.sqlite") as history:
        job = Job("trainer", train).start()
        eventually(lambda: history.progress().status == "paused", "the trainer pauses")
        history.requests.add(kind, "a terminal")

        assert job.wait(DEADLINE_SECONDS)
        assert job.problem is None
        assert history.progress().status == {"resume": "running", "stop": "stopping"}[kind]
        assert history.progress().reason == "a terminal"


def test_a_paused_training_wakes_when_its_process_shuts_down(tmp_path: Path) -> None:
    shutdown = ShutdownRequest()

    def train(job: Job) -> None:
        with History(tmp_path / "history.sqlite") as own:
            control = asked(Control(own, shutdown), own, "pause")
            own.set_progress(status="paused")
            control.wait_while_paused()

    with History(tmp_path / "history.sqlite") as history:
        job = Job("trainer", train).start()
        eventually(lambda: history.progress().status == "paused", "the trainer pauses")
        shutdown.set("The server was shut down.")

        assert job.wait(DEADLINE_SECONDS)
        assert job.problem is None


def test_a_paused_training_updates_the_heartbeat_every_second(
    control: Control, history: History, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(control, history, "pause")
    signs: list[float] = []
    monkeypatch.setattr(history, "set_progress", lambda: signs.append(clock.seconds))
    clock.tick = 0.1

    def five_seconds_later(seconds: float) -> None:
        if clock.seconds > 1_005:
            history.requests.add("resume", "page")

    monkeypatch.setattr(control.shutdown, "wait", five_seconds_later)
    control.wait_while_paused()

    gaps = [after - before for before, after in zip([1_000.0, *signs], signs, strict=False)]
    assert 4 <= len(signs) <= 5
    assert all(1 < gap < 1.5 for gap in gaps)

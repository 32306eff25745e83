"""The desk of a trainer: what was asked of the run, by whom, and when to leave."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from gan_core.execution import control as desks
from gan_core.execution.control import Control, Desk
from gan_core.execution.jobs import Job
from gan_core.runs.history import History, RequestKind
from tests.runs_made_here import DEADLINE_SECONDS, eventually


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "history.sqlite") as opened:
        yield opened


class Clock:
    """A clock that stands still until it is told to go on; `tick` is what each look at it takes."""

    def __init__(self, tick: float = 0.0) -> None:
        self.seconds, self.tick, self.looks = 1_000.0, tick, 0

    def __call__(self) -> float:
        self.seconds, self.looks = self.seconds + self.tick, self.looks + 1
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(desks, "time", SimpleNamespace(monotonic=made))
    return made


@pytest.fixture
def desk(history: History, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that looks for requests every time it is asked to."""
    monkeypatch.setattr(desks, "POLL_SECONDS", 0.0)
    return Desk(history, Control())


def asked(desk: Desk, history: History, *kinds: RequestKind, who: str = "page") -> Desk:
    for kind in kinds:
        history.request(kind, who)
    desk.poll()
    return desk


def test_at_first_nothing_is_wanted(desk: Desk) -> None:
    desk.poll()

    assert (desk.paused, desk.stop, desk.leave, desk.who) == (False, False, False, "")


def test_what_was_asked_before_the_trainer_came_is_over(history: History) -> None:
    history.request("stop", "page")
    desk = Desk(history, Control())

    desk.poll()

    assert not desk.leave


def test_a_pause_is_noticed_with_who_asked(desk: Desk, history: History) -> None:
    asked(desk, history, "pause", who="a terminal")

    assert (desk.paused, desk.leave, desk.who) == (True, False, "a terminal")


@pytest.mark.parametrize(
    ("kinds", "paused"),
    [(("pause", "resume"), False), (("resume", "pause"), True), (("pause", "pause", "resume", "pause"), True)],
)
def test_of_several_requests_the_last_one_counts(
    desk: Desk, history: History, kinds: tuple[RequestKind, ...], paused: bool
) -> None:
    assert asked(desk, history, *kinds).paused == paused


@pytest.mark.parametrize("kinds", [("stop",), ("pause", "stop"), ("stop", "resume"), ("stop", "pause")])
def test_a_stop_is_never_taken_back(desk: Desk, history: History, kinds: tuple[RequestKind, ...]) -> None:
    asked(desk, history, *kinds)

    assert desk.stop
    assert desk.leave


def test_a_request_is_followed_once(desk: Desk, history: History) -> None:
    asked(desk, history, "pause", "resume")

    desk.paused = True
    desk.poll()

    assert desk.paused


def test_the_database_is_asked_at_most_twenty_times_a_second(history: History, clock: Clock) -> None:
    desk = Desk(history, Control())
    desk.poll()
    history.request("pause", "page")

    clock.seconds += 0.049
    desk.poll()
    assert not desk.paused
    clock.seconds += 0.002
    desk.poll()
    assert desk.paused


def test_a_control_that_ends_makes_the_desk_leave(desk: Desk) -> None:
    desk.control.end("The server was shut down.")

    assert desk.leave
    assert not desk.stop
    assert (desk.control.reason, desk.control.state) == ("The server was shut down.", "interrupted")


def test_a_control_can_ask_for_another_ending(desk: Desk) -> None:
    assert desk.control.state == "interrupted"

    desk.control.end("Ended by SIGINT.", "stopped")

    assert desk.control.state == "stopped"


def test_nobody_waits_where_nothing_is_paused(desk: Desk, clock: Clock) -> None:
    desk.wait_while_paused()

    assert clock.looks == 1


@pytest.mark.parametrize("kind", ["resume", "stop"])
def test_a_paused_trainer_wakes_at_a_request_from_elsewhere(tmp_path: Path, kind: RequestKind) -> None:
    def train(job: Job) -> None:
        with History(tmp_path / "history.sqlite") as own:  # a connection is for one thread
            desk = asked(Desk(own, Control()), own, "pause")
            own.set_status(state="paused")
            desk.wait_while_paused()
            own.set_status(state="running" if not desk.leave else "stopping", reason=desk.who)

    with History(tmp_path / "history.sqlite") as history:
        job = Job("trainer", train).start()
        eventually(lambda: history.status().state == "paused", "the trainer pauses")
        history.request(kind, "a terminal")

        assert job.wait(DEADLINE_SECONDS)
        assert job.problem is None
        assert history.status().state == {"resume": "running", "stop": "stopping"}[kind]
        assert history.status().reason == "a terminal"


def test_a_paused_trainer_wakes_when_its_process_ends(tmp_path: Path) -> None:
    control = Control()

    def train(job: Job) -> None:
        with History(tmp_path / "history.sqlite") as own:
            desk = asked(Desk(own, control), own, "pause")
            own.set_status(state="paused")
            desk.wait_while_paused()

    with History(tmp_path / "history.sqlite") as history:
        job = Job("trainer", train).start()
        eventually(lambda: history.status().state == "paused", "the trainer pauses")
        control.end("The server was shut down.")

        assert job.wait(DEADLINE_SECONDS)
        assert job.problem is None


def test_a_paused_trainer_gives_a_sign_of_life_every_second(
    desk: Desk, history: History, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(desk, history, "pause")
    signs: list[float] = []
    monkeypatch.setattr(history, "set_status", lambda: signs.append(clock.seconds))
    clock.tick = 0.1

    def five_seconds_later(seconds: float) -> None:
        if clock.seconds > 1_005:
            history.request("resume", "page")

    monkeypatch.setattr(desk.control.ending, "wait", five_seconds_later)
    desk.wait_while_paused()

    gaps = [after - before for before, after in zip([1_000.0, *signs], signs, strict=False)]
    assert 4 <= len(signs) <= 5
    assert all(1 < gap < 1.5 for gap in gaps)

"""How the status of a run is called."""

import pytest

from dashboard.ui.run_status import look_of, ordinal
from gan_core.runs.history import Status
from gan_core.runs.status_sets import SET_ASIDE
from gan_core.runs.store import RunSummary


def run(status: Status, code: str = "") -> RunSummary:
    return RunSummary(name="mine", created="", status=status, code=code)


@pytest.mark.parametrize(
    ("shown", "waiting", "word"),
    [
        (run("queued"), ("mine",), "Waiting (1st)"),
        (run("queued"), ("a", "b", "mine"), "Waiting (3rd)"),
        (run("queued"), (), "Waiting"),
        (run("queued"), None, "Waiting"),
        (run("running"), ("mine",), "Running"),
        (run("stopped"), (), "Stopped"),
        (run("stopped", SET_ASIDE), (), "Paused"),
    ],
)
def test_a_status_is_called_by_its_name(shown: RunSummary, waiting: tuple[str, ...] | None, word: str) -> None:
    assert look_of(shown, waiting).word == word


def test_ordinal_numbers_have_their_endings() -> None:
    words = [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 113)]

    assert words == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "113th"]

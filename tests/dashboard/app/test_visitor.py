"""Who pressed a button: this computer, a user whom a proxy has let in, or an address."""

from types import SimpleNamespace

import pytest

from dashboard.app import visitor
from dashboard.train import status_text
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny


@pytest.mark.parametrize(
    ("headers", "address", "expected"),
    [
        ({}, None, "dashboard"),
        ({}, "127.0.0.1", "dashboard"),
        ({}, "::1", "dashboard"),
        ({}, "203.0.113.7", "dashboard (203.0.113.7)"),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", "dashboard"),
        ({"X-Forwarded-For": "203.0.113.7, 10.0.0.1"}, "127.0.0.1", "dashboard (203.0.113.7)"),
        ({"Remote-User": "anna", "X-Forwarded-For": "203.0.113.7"}, "127.0.0.1", "dashboard (anna)"),
        ({"X-Forwarded-User": "a)\n(b" + "x" * 100}, None, f"dashboard (ab{'x' * 58})"),
    ],
)
def test_who(headers: dict[str, str], address: str | None, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    context = SimpleNamespace(headers=headers, ip_address=address)
    monkeypatch.setattr(visitor, "st", SimpleNamespace(context=context))

    assert visitor.who() == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("dashboard", "Stopped by you."),
        ("dashboard (anna)", "Stopped by anna."),
        ("a terminal", "Stopped from a terminal."),
    ],
)
def test_the_page_says_who_stopped_a_run(who: str, expected: str, tmp_path: object) -> None:
    store = RunStore(str(tmp_path))
    run = store.create(tiny(), "mine")
    with store.history(run) as history:
        history.set_progress(status="stopped", reason=f"Stopped from {who}.")

    assert expected in status_text.sentence(store.summary(run), (), None)

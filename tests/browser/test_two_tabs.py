"""One run controlled from two tabs, the list of runs and a terminal: all show the same status soon."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server
from tests.terminals import ENDLESS, ended, started, tiny_settings, wait_for_steps
from tests.tiny_runs import tiny
from tests.waiting import DEADLINE_SECONDS

AGREE_MILLISECONDS = 2_000
MOVES_MILLISECONDS = 3_000  # a trainer writes its count once a second, and a page reads it once a second
PATIENCE_MILLISECONDS = 60_000
RUN = "shared"


def shown(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )
    return page


def train_page(open_page: OpenPage, server: Server, run: str) -> Page:
    return shown(open_page(), f"{server.url}/train?run={run}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(rf"^{name}\b")).click()  # its key stands behind the word


def agree(word: str, *pages: Page, milliseconds: float = AGREE_MILLISECONDS) -> None:
    """Wait until every page shows this status: a Train page in its status line, the Runs page in a row."""
    for page in pages:
        row = f'.runs-table tr[data-run="{RUN}"] [data-column="status"]'
        place = ".st-key-train-status" if "/train" in page.url else row
        expect(page.locator(place)).to_contain_text(re.compile(rf"\b{word}"), timeout=milliseconds)


def asked(folder: Path, *command: str) -> str:
    """What a terminal command prints; it must end well."""
    with started(*command, folder=folder) as process:
        printed, errors = process.communicate(timeout=DEADLINE_SECONDS)
        assert process.returncode == 0, errors
        return printed


def state_in_a_terminal(folder: Path, server: Server) -> str:
    (run,) = json.loads(asked(folder, "runs", "--json", "--root", str(server.root)))["runs"]
    return str(run["state"])


@pytest.mark.alone
def test_two_tabs_and_a_terminal_control_one_run(server: Server, open_page: OpenPage, tmp_path: Path) -> None:
    store = RunStore(server.root)
    store.create(tiny(train__images=ENDLESS), RUN, "mlp")
    first, second = everywhere = [train_page(open_page, server, RUN) for _ in range(2)]

    press(first, "Resume")
    agree("Running", *everywhere, milliseconds=PATIENCE_MILLISECONDS)  # the server imports what it trains with

    press(first, "Pause")
    agree("Paused", *everywhere)
    assert state_in_a_terminal(tmp_path, server) == "paused"

    press(second, "Resume")
    agree("Running", *everywhere)

    asked(tmp_path, "pause", RUN, "--root", str(server.root))
    agree("Paused", *everywhere)
    asked(tmp_path, "resume", RUN, "--root", str(server.root))
    agree("Running", *everywhere)

    asked(tmp_path, "stop", RUN, "--root", str(server.root))
    agree("Stopped", *everywhere)
    assert state_in_a_terminal(tmp_path, server) == "stopped"
    store.delete(RUN)


@pytest.mark.alone
def test_a_run_of_a_terminal_is_live_in_the_dashboard_names_its_owner_and_is_paused_from_there(
    server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    store = RunStore(server.root)
    command = ["train", "--preset", "mlp", "--run", RUN, *tiny_settings(train__images=ENDLESS)]
    with started(*command, "--root", str(server.root), folder=tmp_path) as terminal:
        wait_for_steps(store, RUN)
        page = train_page(open_page, server, RUN)
        listed = shown(open_page(), f"{server.url}/runs?run={RUN}")
        for place in (page.locator(".st-key-train-status"), listed.locator(".st-key-runs-details")):
            expect(place).to_contain_text(f"Trained by process {terminal.pid} on host")

        before = images_shown(page)
        expect(page.get_by_text(before)).to_have_count(0, timeout=MOVES_MILLISECONDS)  # it moves

        press(page, "Pause")
        agree("Paused", page, listed)
        assert store.progress(RUN).status == "paused"
        assert terminal.poll() is None
        press(page, "Resume")
        agree("Running", page, listed)

        press(page, "Stop")
        agree("Stopped", page, listed)
        assert ended(terminal)[0] == 0
    store.delete(RUN)


def images_shown(page: Page) -> str:
    """How many images the bar says now."""
    return page.get_by_text(re.compile(r"[\d,]+ of [\d,]+ images")).first.inner_text()

"""The Runs page in Chromium: find, rename, export, import, delete, undo; the queue after the server was killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunStore
from tests.browser.conftest import StartServer
from tests.browser.serving import Server
from tests.terminals import ENDLESS
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

PATIENCE_MILLISECONDS = 60_000
USUAL_MILLISECONDS = 5_000
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Nothing here has a time budget: the machine may be busy."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    yield
    expect.set_options(timeout=USUAL_MILLISECONDS)


def opened(page: Page, server: Server) -> Page:
    page.goto(f"{server.url}/runs")  # the first visit to a new server leads to this page directly
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page.locator(SETTLED)).to_be_visible()
    return page


def row(page: Page, run: str) -> Locator:
    return page.locator(f'.runs-table tr[data-run="{run}"]')


def details_by_a_slow_click(page: Page, run: str) -> Locator:
    """The run beside the table, after a click on its row during which the page was drawn anew for what was sought."""
    row(page, run).locator('[data-column="status"]').hover()
    page.mouse.down()
    page.wait_for_url("**q=keep**")
    expect(page.locator(SETTLED)).to_be_visible()
    page.mouse.up()
    beside = page.locator(".st-key-runs-details")
    expect(beside).to_contain_text(run)
    return beside


def test_a_run_is_found_renamed_exported_deleted_restored_and_imported(
    start_server: StartServer, page: Page, tmp_path: Path, console_errors: list[str]
) -> None:
    server = start_server()
    store = RunStore(server.root)
    for name in ("first", "second"):
        train(store, store.create(tiny(), name, "mlp"))
    store.write_notes("first", Notes(tags=("keep",)))
    opened(page, server)
    expect(page.get_by_alt_text("Pictures that the generator of run first made last")).to_be_visible()

    page.get_by_label("Search runs").fill("keep")
    expect(row(page, "second")).to_have_count(0)
    beside = details_by_a_slow_click(page, "first")
    beside.get_by_role("textbox", name="Title").fill("Round sixes")
    beside.get_by_role("textbox", name="Title").press("Enter")
    expect(row(page, "first")).to_contain_text("Round sixes · first")
    with page.expect_download(timeout=PATIENCE_MILLISECONDS) as download:
        beside.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "first.zip")

    beside.get_by_role("button", name="Delete").click()
    expect(row(page, "first")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "first")).to_contain_text("Round sixes")

    page.get_by_role("button", name="Import a run").click()
    page.locator('input[type="file"]').set_input_files(tmp_path / "first.zip")
    expect(page.get_by_text("Imported as first-2, because another run is called first.")).to_be_visible()
    expect(row(page, "first-2")).to_contain_text("Round sixes")
    assert store.progress("first-2") == store.progress("first")
    assert [error for error in console_errors if "404" not in error] == []


def test_a_killed_server_starts_again_with_the_runs_in_its_queue(start_server: StartServer, page: Page) -> None:
    server = start_server()
    store = RunStore(server.root)
    for name in ("first", "second", "third"):
        entry = QueueEntry(store.create(tiny(train__images=ENDLESS), name, "mlp"))
        store.queue.change(lambda queue, entry=entry: queue.added(entry))  # type: ignore[misc]
    opened(page, server)
    eventually(lambda: store.progress("first").status == "running", "the first one trains")

    server.kill9()
    server.start()
    opened(page, server)

    line = page.locator(".st-key-runs-queue")
    expect(line.get_by_role("link")).to_have_text(["second", "third"])
    expect(row(page, "first")).to_contain_text("Interrupted")
    eventually(lambda: store.progress("second").status == "running", "the second one trains")
    line.get_by_role("button", name="Remove").click()
    expect(line.get_by_role("link")).to_have_text(["second"])
    assert store.progress("third").status == "stopped"

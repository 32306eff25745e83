"""The queue in Chromium: a paused run leaves the machine, and every state is called by its name."""

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunStore
from tests.browser.serving import Server
from tests.browser.test_train_journey import PATIENCE_MILLISECONDS, button, says, standing
from tests.tiny_runs import tiny

ENDLESS = 10_000_000


def queued(store: RunStore, *runs: str) -> None:
    """Create runs that do not end by themselves, and queue them; the first page that is opened starts them."""
    for run in runs:
        store.create(tiny(train__images=ENDLESS), run)
        store.write_notes(run, Notes(title=f"Title of {run}"))
    store.queue.change(lambda queue: replace(queue, waiting=tuple(map(QueueEntry, runs))))


def show(page: Page, server: Server, run: str) -> None:
    page.goto(f"{server.url}/train?run={run}")


def test_a_paused_run_leaves_the_machine_and_can_have_it_back(server: Server, page: Page) -> None:
    store = RunStore(server.root)
    queued(store, "first", "second", "third")
    show(page, server, "third")
    says(page, "Waiting (2nd)")
    expect(page.get_by_role("link", name="Waiting (1st): second")).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    show(page, server, "first")
    says(page, "Running")
    button(page, "Pause").click()
    says(page, "Paused")
    expect(standing(page)).to_contain_text("second trains meanwhile", timeout=PATIENCE_MILLISECONDS)

    button(page, "Resume").click()
    says(page, "Waiting (1st)")
    expect(standing(page)).to_contain_text("It starts when second has ended or paused.")

    button(page, "Train now").click()
    says(page, "Running")
    show(page, server, "second")
    says(page, "Waiting (1st)")

    page.goto(f"{server.url}/runs")
    queue = page.locator(".st-key-runs-queue")
    expect(queue).to_contain_text(re.compile("Running.*Waiting \\(1st\\).*Waiting \\(2nd\\)", re.DOTALL))
    for run in ("second", "third", "first"):
        store.queue.leave(run)
        store.request(run, "stop", "test")

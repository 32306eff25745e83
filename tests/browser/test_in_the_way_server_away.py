"""A server that ends while a page is open: the page says so in its own words, and goes on when it is back."""

from playwright.sync_api import Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import StartServer
from tests.tiny_runs import tiny, train

PATIENCE_MILLISECONDS = 60_000
STREAMLITS_DIALOG = "document.body.textContent.includes('yourscript.py')"


def test_a_page_says_that_its_server_is_gone_shows_no_status_and_goes_on_when_it_is_back(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    store = RunStore(server.root)
    store.create(tiny(), "mine")
    assert train(store, "mine") == "finished"
    page.goto(f"{server.url}/train?run=mine")
    status = page.locator(".st-key-train-status").get_by_text("Finished", exact=True)
    expect(status).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    server.kill9()

    notice = page.get_by_text("The server does not answer.")
    expect(notice).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(status).to_be_hidden()
    page.wait_for_function(STREAMLITS_DIALOG, timeout=PATIENCE_MILLISECONDS)
    expect(page.get_by_role("dialog")).to_be_hidden()

    store.create(tiny(), "new")
    server.start()
    expect(notice).to_have_count(0, timeout=PATIENCE_MILLISECONDS)
    expect(status).to_be_visible(timeout=PATIENCE_MILLISECONDS)

"""The Train page around its curves, in Chromium: keyboard shortcuts, the network diagram, a narrow screen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from gan_core.runs.store import RunStore
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

PATIENCE_MILLISECONDS = 60_000
PHONE = {"width": 390, "height": 844}
TOO_WIDE = """() => [...document.querySelectorAll('.stMain *')]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.outerHTML.slice(0, 120))"""
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@pytest.fixture(scope="module")
def store(server: Server) -> RunStore:
    """Two runs: one that has finished, one that could go on for ever."""
    made = RunStore(server.root)
    made.create(tiny(), "done")
    assert train(made, "done") == "finished"
    made.create(tiny(train__images=10_000_000_000), "endless")
    return made


def opened(page: Page, server: Server, run: str) -> Page:
    page.goto(f"{server.url}/train?run={run}")
    expect(page.locator(".st-key-train-status")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(SETTLED)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    return page


def says(page: Page, word: str) -> None:
    expect(page.locator(".st-key-train-status").first).to_contain_text(word, timeout=PATIENCE_MILLISECONDS)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_keys_pause_resume_pin_and_stop_but_not_while_a_field_has_the_focus(
    store: RunStore, server: Server, page: Page
) -> None:
    opened(page, server, "endless")
    expect(button(page, "Resume")).to_be_enabled(timeout=PATIENCE_MILLISECONDS)  # it listens from then on
    page.keyboard.press("p")
    says(page, "Running")
    expect(button(page, "Pause")).to_be_enabled(timeout=PATIENCE_MILLISECONDS)  # the page is drawn again, too

    button(page, "More").click()
    page.get_by_role("tab", name="Notes").click()
    title = page.get_by_label("Title", exact=True)
    title.press_sequentially("Psjm?")
    eventually(lambda: store.notes("endless").title == "Psjm?", "the title is kept while it is typed")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Title", exact=True)).to_have_count(0)
    assert store.progress("endless").status == "running"

    page.keyboard.press("m")
    eventually(lambda: any(store.snapshots("endless").all().values()), "the snapshot is pinned")
    pin = page.get_by_role("button", name="Pinned at")
    expect(pin.first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    page.keyboard.press("p")
    says(page, "Paused")
    page.keyboard.press("s")
    says(page, "Stopped")
    page.keyboard.press("j")
    says(page, "Finished")
    page.keyboard.press("?")
    expect(page.get_by_text("The keys do nothing while you type in a field.")).to_be_visible()


def test_the_networks_are_drawn_and_also_given_as_a_table(
    store: RunStore, server: Server, page: Page, console_errors: list[str]
) -> None:
    opened(page, server, "done")
    button(page, "See the networks").click()
    blocks = page.locator(".blocks").first.locator("li")
    expect(blocks).to_have_count(6, timeout=PATIENCE_MILLISECONDS)
    boxes = [block.locator("i").bounding_box() for block in blocks.all()]
    heights = [box["height"] for box in boxes if box]
    assert heights[2] < heights[3] < heights[5]  # 7, 14 and 28 pixels

    page.get_by_text("Every layer as a table").click()
    expect(page.get_by_role("table").first).to_contain_text("Transposed convolution 4 \u00d7 4, stride 2")
    says(page, "Finished")
    assert [error for error in console_errors if "404" not in error] == []


def test_a_phone_shows_all_of_it_without_scrolling_sideways(store: RunStore, server: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # its own name for two integers
    opened(page, server, "done")
    expect(page.locator(".curves .main-svg").first).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    wide = page.evaluate(TOO_WIDE)

    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

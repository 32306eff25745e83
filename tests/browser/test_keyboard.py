"""The main path by keyboard alone: start, watch, pause, bend, delete, undo; and the keys that a visitor switches off.

Every stop of the focus on the way must be in view, have a box and have a plain name.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from gan_core.runs.store import RunStore
from tests.browser.serving import Server
from tests.browser.test_train_journey import PATIENCE_MILLISECONDS, run_of, says, settle
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

SMALL_WINDOW: ViewportSize = {"width": 1280, "height": 720}
MOST_STOPS = 150
SOON_MILLISECONDS = 1_000
MARKUP = re.compile(r":\w+\[|\*\*|^\s*$")
STOP = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!node || node === document.body) return null;
  const box = node.getBoundingClientRect();
  const root = node.getRootNode();
  const named = (node.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const texts = [
    node.getAttribute("aria-label"), ...named.map((id) => root.getElementById(id)?.textContent),
    node.labels?.[0]?.textContent, node.title, node.placeholder, node.textContent, node.alt,
  ];
  const seen = box.width > 0 && box.height > 0 && node.checkVisibility({ visibilityProperty: true });
  const scrolls = node.scrollHeight > node.clientHeight || node.scrollWidth > node.clientWidth;
  return {
    name: texts.find((text) => text?.trim()) ?? "", seen, scrolls, html: node.outerHTML.slice(0, 160),
    inView: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture
def store(server: Server) -> RunStore:
    """One finished run."""
    store = RunStore(server.root)
    if "done" not in [run.name for run in store.runs()]:
        store.create(tiny(), "done")
        assert train(store, "done") == "finished"
    return store


@pytest.fixture
def small(page: Page) -> Page:
    page.set_viewport_size(SMALL_WINDOW)
    return page


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is on an element, and look at every stop on the way."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None:
            continue
        assert stop["seen"], f"the focus is on something invisible: {stop['html']}"
        assert stop["inView"], f"the focus is out of view: {stop['html']}"
        assert stop["scrolls"] or not MARKUP.search(stop["name"]), f"no plain name: {stop['name']!r} {stop['html']}"
        if wanted.count() and wanted.first.evaluate("node => node.getRootNode().activeElement === node"):
            return
    raise AssertionError(f"{wanted} was not reached by {MOST_STOPS} stops of {key}")


def press_button(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("button", name=re.compile(f"^{name}\\b")))
    page.keyboard.press("Enter")


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Latent").first.wait_for(timeout=PATIENCE_MILLISECONDS)
    settle(page)


def go(page: Page, name: str) -> None:
    tab_to(page, page.locator(".st-key-header-pages").get_by_role("link", name=name), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{name.lower()}"), timeout=PATIENCE_MILLISECONDS)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_attached(timeout=PATIENCE_MILLISECONDS)
    settle(page)


def test_a_run_is_started_watched_paused_and_stopped_without_a_mouse(small: Page, server: Server, digits: str) -> None:
    opened(small, server.url)
    tab_to(small, small.get_by_role("textbox", name=re.compile("^Name of the run")))
    small.keyboard.type("by-keyboard")
    small.wait_for_function("document.cookie.includes('gan_studio_draft')", timeout=PATIENCE_MILLISECONDS)  # it is kept
    tab_to(small, small.get_by_role("button", name="Start training"), key="Shift+Tab")
    small.keyboard.press("Enter")
    says(small, "Running")
    assert run_of(small) == "by-keyboard"
    expect(small.get_by_test_id("stExpandSidebarButton")).to_be_visible(timeout=PATIENCE_MILLISECONDS)  # it has folded

    press_button(small, "Pause")
    says(small, "Paused")
    time_line = small.locator(".sample-player-scrubber")
    expect(time_line).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    tab_to(small, time_line)
    small.keyboard.press("Home")
    expect(small.get_by_text("Epoch 0, 0 images", exact=True)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    tab_to(small, small.get_by_role("tab", name="Losses"))
    small.keyboard.press("ArrowRight")
    expect(small.get_by_role("tab", name="Scores")).to_have_attribute("aria-selected", "true")
    press_button(small, "Stop")
    says(small, "Stopped")


def test_digits_are_bent_and_runs_are_deleted_and_restored_without_a_mouse(
    small: Page, server: Server, store: RunStore
) -> None:
    opened(small, f"{server.url}/latent?run=done")
    first = small.get_by_role("slider", name="Direction 1", exact=True)
    expect(first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    tab_to(small, first)
    small.keyboard.press("ArrowRight")
    expect(small).to_have_url(re.compile("bend="), timeout=PATIENCE_MILLISECONDS)
    settle(small)

    go(small, "Runs")
    tab_to(small, small.get_by_role("checkbox", name="Tick done"))
    small.keyboard.press("Space")
    bar = small.locator(".st-key-runs-actions")
    tab_to(small, bar.get_by_role("button", name="Delete"))
    small.keyboard.press("Enter")
    eventually(lambda: "done" not in [run.name for run in store.runs()], "the run is in the trash")
    tab_to(small, small.get_by_role("button", name="Undo"))
    small.keyboard.press("Enter")
    eventually(lambda: "done" in [run.name for run in store.runs()], "the run is back")


def opens(page: Page, key: str, shown: Locator) -> bool:
    """Press a key; whether this is shown soon."""
    page.keyboard.press(key)
    page.wait_for_timeout(SOON_MILLISECONDS)
    return shown.is_visible()


def test_single_keys_do_nothing_once_they_are_switched_off_also_after_a_reload(
    small: Page, server: Server, store: RunStore
) -> None:
    opened(small, f"{server.url}/train?run=done")
    shortcuts = small.get_by_text("The keys do nothing while you type in a field.")
    eventually(lambda: opens(small, "?", shortcuts), "the help opened")  # a page listens a moment after it is drawn
    switch = small.get_by_role("switch", name="Single keys press buttons")
    expect(switch).to_be_focused()
    small.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    small.wait_for_function("document.cookie.includes('gan_studio_single_keys')", timeout=PATIENCE_MILLISECONDS)

    for _ in range(2):
        small.reload()
        small.locator(".run-view-present").wait_for(timeout=PATIENCE_MILLISECONDS)
        settle(small)
        for key in "?fm":
            small.keyboard.press(key)
        expect(shortcuts).to_be_hidden()
        expect(small.locator(".run-view.presenting")).to_have_count(0)
    assert not any(store.snapshots("done").all().values())

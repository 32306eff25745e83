"""The run as the thread through all pages, in Chromium: navigation, the header, the settings of a run, many runs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import StartServer
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train

PATIENCE_MILLISECONDS = 60_000
USUAL_MILLISECONDS = 5_000
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAGES = ("Train", "Latent", "Runs")
MANY = 40
ROW_PIXELS = 36


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Nothing here has a time budget: the machine may be busy."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    yield
    expect.set_options(timeout=USUAL_MILLISECONDS)


@pytest.fixture(scope="module")
def studio(start_server: StartServer) -> Server:
    """Two runs that were trained, `first` and `second`; `second` is newer. MANY others never were."""
    server = start_server()
    store = RunStore(server.root)
    for number in range(MANY):
        store.create(tiny(train__seed=number), f"many-{number:02d}", "mlp")
        with store.history(f"many-{number:02d}") as history:
            history.set_progress(status="stopped")
    for name in ("first", "second"):
        train(store, store.create(tiny(optim__lr_g=0.005), name, "mlp"))
    return server


def opened(page: Page, server: Server, address: str) -> Page:
    page.goto(f"{server.url}/{address}", timeout=PATIENCE_MILLISECONDS)
    return settled(page)


def settled(page: Page) -> Page:
    expect(page.locator(SETTLED)).to_be_visible()
    return page


def go(page: Page, name: str) -> None:
    """Click a page in the navigation, and wait until it is there."""
    page.locator(".st-key-header-pages").get_by_role("link", name=name).click()
    there(page, name)


def there(page: Page, name: str, run: str = "first") -> None:
    """The page shows this run."""
    expect(page).to_have_url(re.compile(f"/{name.lower()}\\?.*run={run}(&|$)"))
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_attached()
    expect(page.get_by_role("combobox", name="Run", exact=True)).to_have_value(re.compile(f"^{run} "))
    settled(page)


def test_every_page_shows_the_same_run_and_back_leads_to_where_one_came_from(studio: Server, page: Page) -> None:
    opened(page, studio, "train?run=first")
    go(page, "Latent")
    go(page, "Runs")

    page.go_back()
    there(page, "Latent")
    page.go_back()
    there(page, "Train")
    page.go_forward()
    there(page, "Latent")
    page.reload()
    there(page, "Latent")


def test_another_run_is_a_new_entry_of_the_history(studio: Server, page: Page) -> None:
    opened(page, studio, "train?run=second")
    page.get_by_role("button", name="Older run").click()
    there(page, "Train", "first")
    go(page, "Latent")

    page.go_back()
    there(page, "Train", "first")
    page.go_back()
    there(page, "Train", "second")


def test_the_navigation_stays_where_it_is(studio: Server, page: Page) -> None:
    opened(page, studio, "train?run=first")
    places = [[link_place(page, name) for name in PAGES]]
    for name in ("Latent", "Runs"):
        go(page, name)
        places.append([link_place(page, each) for each in PAGES])
    go(page, "Train")
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    places.append([link_place(page, name) for name in PAGES])

    assert all(place == places[0] for place in places)


def link_place(page: Page, name: str) -> tuple[float, float]:
    """Left and top in whole pixels."""
    box = page.locator(".st-key-header-pages").get_by_role("link", name=name).bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"])


def test_the_header_fits_a_phone(studio: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, studio, "runs?run=first")

    header = page.locator(".st-key-header")
    for part in (*(header.get_by_role("link", name=name) for name in PAGES), header.get_by_role("combobox")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_settings_of_a_run_are_one_click_away_and_can_be_copied(studio: Server, page: Page) -> None:
    opened(page, studio, "latent?run=first")
    page.locator(".st-key-header-settings").get_by_role("button").click()

    table = page.locator(".run-settings").first
    expect(table).to_contain_text("0.005")
    page.get_by_role("button", name="Copy as command").click()
    expect(page.get_by_text("python -m gan_core train --preset mlp")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Duplicate").click()
    there(page, "Train")
    expect(page.get_by_role("textbox", name=re.compile("Learning rate of G"))).to_have_value("0.005")


def test_many_runs_are_dense_and_deleted_and_restored_together(studio: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, studio, "runs")
    rows = page.locator(".runs-table tbody tr")
    expect(rows).to_have_count(MANY + 2)
    box = rows.nth(3).bounding_box()
    assert box is not None
    assert round(box["height"]) == ROW_PIXELS

    page.get_by_label("Search runs").fill("many-1")
    expect(rows).to_have_count(10)
    page.get_by_role("checkbox", name="Tick all runs that are listed").check()
    bar = page.locator(".st-key-runs-actions")
    expect(bar).to_contain_text("10 ticked")
    bar.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(10)


def test_the_order_and_the_search_are_in_the_address(studio: Server, page: Page) -> None:
    opened(page, studio, "runs?run=first")
    rows = page.locator(".runs-table tbody tr")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_label("Search runs").fill("first")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("q=first"))
    expect(page).to_have_url(re.compile("sort=run"))

    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("Search runs")).to_have_value("first")
    expect(page.locator('.runs-table th[aria-sort="ascending"]')).to_have_count(1)


def test_a_run_at_the_lower_edge_can_be_deleted_as_well(studio: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, studio, "runs")
    page.get_by_role("checkbox", name="Tick many-00").check()

    bar = page.locator(".st-key-runs-actions")
    for word in ("Tag", "Archive", "Export", "Delete"):
        expect(bar.get_by_role("button", name=word)).to_be_enabled()
        expect(bar.get_by_role("button", name=word)).to_be_in_viewport(ratio=1)

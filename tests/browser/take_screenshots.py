"""Take the pictures of the Train page that docs/ shows: python -m tests.browser.take_screenshots

A dashboard of its own trains the default preset on real MNIST; each state is taken in light and in dark.
"""

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from gan_core.runs import RunStore
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import REPOSITORY, Server

DOCS = REPOSITORY / "docs"
WORTH_SEEING_IMAGES = 200_000
PATIENCE_MILLISECONDS = 60_000
THEMES = ("light", "dark")
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def visitor(browser: Browser, theme: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 860}, color_scheme="dark" if theme == "dark" else "light"
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context.new_page()


def take(browser: Browser, address: str, name: str) -> None:
    """docs/<name>-light.png and docs/<name>-dark.png."""
    for theme in THEMES:
        page = visitor(browser, theme)
        page.goto(address)
        page.wait_for_selector(SETTLED)
        page.wait_for_timeout(3_000)  # the chart draws itself after the script has run
        page.screenshot(path=DOCS / f"{name}-{theme}.png")
        page.context.close()


def press(browser: Browser, address: str, button: str) -> str:
    """Press a button as a visitor; the address of the page afterwards."""
    page = visitor(browser, "light")
    page.goto(address)
    page.wait_for_selector(SETTLED)
    page.get_by_role("button", name=button).click()
    page.wait_for_timeout(2_000)
    address = page.url
    page.context.close()
    return address


def train_until(store: RunStore, images: int) -> None:
    while store.runs()[0].images_seen < images:
        time.sleep(0.5)


def take_all(server: Server, browser: Browser) -> None:
    take(browser, server.url, "train-empty")
    address = press(browser, server.url, "Start training")
    train_until(RunStore(server.root), WORTH_SEEING_IMAGES)
    take(browser, address, "train-running")
    press(browser, address, "Pause")
    take(browser, address, "train-paused")
    server.kill9()
    server.start()
    take(browser, address, "train-interrupted")


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            take_all(server, browser)
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()

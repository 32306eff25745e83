"""How long a visitor waits at the start: python -m benchmarks.startup

From `streamlit run app.py` until the page can be used, and on a warm server from the click on `Start training` until
the first picture of the new run is on the screen. It uses a real server, Chromium and the MNIST data.
"""

import argparse
import re
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.report import Figure, report
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server

PATIENCE_MILLISECONDS = 60_000


def until_usable(server: Server, browser: Browser) -> tuple[float, Page]:
    """Start a new server; returns the seconds until its page shows the button, and that page."""
    began = time.perf_counter()
    server.start()
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.goto(server.url)
    expect(page.get_by_role("button", name="Start training")).to_be_enabled(timeout=PATIENCE_MILLISECONDS)
    return time.perf_counter() - began, page


def until_first_picture(page: Page) -> float:
    """Press start; returns the seconds until the first picture of the new run. Then stop the run."""
    before, began = page.url, time.perf_counter()
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(lambda url: url != before)
    run = page.url.partition("?run=")[2]
    page.get_by_alt_text(f"of run {run} makes").wait_for()
    seconds = time.perf_counter() - began
    page.get_by_role("button", name=re.compile("^Stop")).click()
    expect(page.locator(".st-key-train-status")).to_contain_text(re.compile("Stopped"), timeout=PATIENCE_MILLISECONDS)
    return seconds


def measure(server: Server, browser: Browser, rounds: int) -> list[dict[str, Figure]]:
    waits: dict[str, list[float]] = {"streamlit run -> page usable": [], "click -> first picture, warm": []}
    for _ in range(rounds):
        usable, page = until_usable(server, browser)
        until_first_picture(page)  # warms the server up
        pictures = until_first_picture(page)
        for kind, seconds in zip(waits.values(), (usable, pictures), strict=True):
            kind.append(seconds)
        page.close()
        server.terminate()
    return [{"wait": name, "seconds": median(found), "longest": max(found)} for name, found in waits.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            report("how long a visitor waits", measure(server, browser, rounds))
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()

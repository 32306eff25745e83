"""How much viewers slow the training: python -m benchmarks.viewers

A new dashboard trains the default preset on MNIST, started by a click in a browser. Then periods without and with
viewers alternate. The viewers are websocket clients on the live page and, for comparison, a Chromium on the same
processors.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.report import Figure, report
from benchmarks.viewer import Viewer
from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server

SETTLE_SECONDS = 5.0  # a page that has just been opened still loads
ENDLESS = 10_000_000_000  # images
Company = Callable[[], AbstractContextManager[object]]


def started(server: Server, browser: Browser) -> str:
    """Press start in a browser, then close it. Returns the name of the run once it trains."""
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_role("button", name="Start training").click(timeout=60_000)
    page.get_by_alt_text("64 pictures").wait_for(timeout=60_000)
    page.close()
    store = RunStore(server.root)
    run = store.runs()[0].name
    store.request(run, "extend", "a benchmark", ENDLESS)
    while store.progress(run).images_seen < 20_000:
        time.sleep(0.5)
    return run


def images_per_second(store: RunStore, run: str, seconds: float) -> float:
    """The speed of the run over the next seconds, from the progress that it writes."""
    time.sleep(SETTLE_SECONDS)
    before = store.progress(run)
    time.sleep(seconds)
    after = store.progress(run)
    return (after.images_seen - before.images_seen) / (after.heartbeat - before.heartbeat)


@contextmanager
def watched_by(count: int, server: Server, run: str) -> Iterator[None]:
    with ExitStack() as stack:
        viewers = [stack.enter_context(Viewer(server.port, f"run={run}")) for _ in range(count)]
        yield
        if not all(viewer.refreshes for viewer in viewers):
            raise RuntimeError("a viewer never refreshed anything, so nothing was measured")


@contextmanager
def watched_in_a_browser(browser: Browser, server: Server, run: str) -> Iterator[None]:
    page = browser.new_page()
    page.goto(f"{server.url}/train?run={run}")
    page.get_by_alt_text("64 pictures").wait_for(timeout=60_000)
    yield
    page.close()


def ratios(alone: Callable[[], float], together: Callable[[], float], rounds: int) -> list[float]:
    """Speed with viewers divided by speed without: each period with viewers by the mean of its neighbours."""
    pace, before = [], alone()
    for _ in range(rounds):
        with_company, after = together(), alone()
        pace.append(with_company / ((before + after) / 2))
        before = after
    return pace


def measure(server: Server, browser: Browser, rounds: int, seconds: float) -> None:
    run, store = started(server, browser), RunStore(server.root)

    def pace(company: Company) -> float:
        with company():
            return images_per_second(store, run, seconds)

    companies: dict[str, Company] = {
        "one websocket viewer": lambda: watched_by(1, server, run),
        "three websocket viewers": lambda: watched_by(3, server, run),
        "one Chromium": lambda: watched_in_a_browser(browser, server, run),
    }
    rows: list[dict[str, Figure]] = []
    for name, company in companies.items():
        found = ratios(partial(pace, nullcontext), partial(pace, company), rounds)
        rows.append({"viewers": name, "ratio": median(found), "least": min(found), "greatest": max(found)})
    resolved = store.record(run)["resolved"]
    note = f"{resolved['precision']}, {resolved['threads']} threads"
    report("training speed with viewers, divided by the speed without", rows, [note])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each period")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            measure(server, browser, chosen.rounds, chosen.seconds)
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()

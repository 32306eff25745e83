"""What a server holds after hours of mixed use: python -m benchmarks.soak [--minutes 120]

Three visitors in one Chromium use a new dashboard on real MNIST: one trains runs of 20,000 images one after the other
and looks at estimates, one bends digits, searches for drawings and downloads generators, one goes through the pages and
exports runs. Prints memory, threads, open files and the size of the databases every few minutes, and their growth from
the first third to the end.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server
from tests.browser.test_latent_journey import drag

IMAGES = 20_000  # of each run
LOOK_MILLISECONDS = 60_000
PRINT_SECONDS = 120.0
Act = Callable[[Page, Server, RunStore], None]


class Held(NamedTuple):
    """What the process of the server holds."""

    megabytes: float
    threads: int
    files: int
    database_megabytes: float


def held_by(server: Server) -> Held:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
    files = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
    databases = sum(path.stat().st_size for path in server.root.glob("*/history.sqlite*"))
    return Held(int(status["VmRSS"].split()[0]) / 1_000, int(status["Threads"]), files, databases / 1e6)


def train(page: Page, server: Server, store: RunStore) -> None:
    """Change a setting, look at the networks, start a short run, watch it to its end."""
    page.goto(f"{server.url}/train")
    start = page.get_by_role("button", name="Start training")
    if page.get_by_test_id("stExpandSidebarButton").is_visible():
        page.get_by_test_id("stExpandSidebarButton").click()
    start.wait_for(timeout=LOOK_MILLISECONDS)
    before = {run.name for run in store.runs()}
    start.click()
    expect(page.get_by_role("button", name="Stop")).to_be_enabled(timeout=LOOK_MILLISECONDS)
    page.wait_for_timeout(1_000)
    for run in {run.name for run in store.runs()} - before:
        while (progress := store.progress(run)).status == "running" and progress.images_seen < IMAGES:
            page.wait_for_timeout(500)
        if progress.status == "running":
            store.request(run, "stop", "a benchmark")
    page.wait_for_timeout(1_000)


def play(page: Page, server: Server, store: RunStore) -> None:
    """Bend a digit, search for a drawing, download a generator."""
    page.goto(f"{server.url}/latent?run={a_run(store)}")
    page.get_by_role("slider", name="Direction 1", exact=True).wait_for(timeout=LOOK_MILLISECONDS)
    drag(page, "Direction 1")
    page.mouse.up()
    page.get_by_role("tab", name="Find a picture").click()
    draw(page)
    page.get_by_role("button", name="Find its latent").click()
    page.wait_for_timeout(3_000)
    for name in ("D's opinion", "Interpolation", "Classes", "Through training"):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(500)
    page.get_by_role("tab", name="Download and code").click()
    with page.expect_download():
        page.get_by_role("button", name="Download safetensors").click()


def draw(page: Page) -> None:
    """A stroke on the pad."""
    box = page.get_by_label("Drawing pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=8)
    page.mouse.up()


def wander(page: Page, server: Server, store: RunStore) -> None:
    """Go through the pages, and export a run."""
    for name in ("train", "latent", "runs"):
        page.goto(f"{server.url}/{name}?run={a_run(store)}")
        page.wait_for_timeout(2_500)
    with page.expect_download():
        page.get_by_role("button", name="Export").last.click()
    if len(ended := [run.name for run in store.runs() if run.status in ("stopped", "finished")]) > 8:
        store.trash.erase(store.delete(ended[-1]))


def a_run(store: RunStore) -> str:
    """The newest run that has a snapshot."""
    return next(run.name for run in store.runs() if run.images_seen > 0)


def visits(browser: Browser, server: Server, minutes: float) -> Iterator[Held]:
    """Let three visitors act in turns; what the server holds, from time to time."""
    store, acts = RunStore(server.root), (train, play, wander)
    pages = [browser.new_context(viewport={"width": 1280, "height": 800}).new_page() for _ in acts]
    train(pages[0], server, store)
    began = printed = time.monotonic()
    while time.monotonic() - began < 60 * minutes:
        for act, page in zip(acts, pages, strict=True):
            try:
                act(page, server, store)
            except (Error, AssertionError) as problem:  # a visitor who is too slow, and tries again
                print(f"  {act.__name__}: {str(problem).splitlines()[0]}", flush=True)
        if time.monotonic() - printed > PRINT_SECONDS:
            printed = time.monotonic()
            yield held_by(server)
    yield held_by(server)


def soak(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            began, rows = time.monotonic(), [held_by(server)]
            show(0.0, rows[0])
            for held in visits(browser, server, minutes):
                rows.append(held)
                show(time.monotonic() - began, held)
            third = rows[max(1, len(rows) // 3)]
            print(f"growth of memory from {third.megabytes:,.0f} MB: {rows[-1].megabytes / third.megabytes - 1:.1%}")
        finally:
            browser.close()
            server.close()


def show(seconds: float, held: Held) -> None:
    print(
        f"{seconds / 60:5.0f} min: {held.megabytes:7,.0f} MB, {held.threads} threads, {held.files} open files, "
        f"databases {held.database_megabytes:,.1f} MB",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    soak(parser.parse_args().minutes)

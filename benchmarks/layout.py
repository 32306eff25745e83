"""Where film and curves are on the Train page, and when they are there: python -m benchmarks.layout

For five sizes of the window, with the sidebar open: the upper edge of film and plot, how much of each is visible
without scrolling, the share of the window that both take, the layout shift over the first minute of a run from the
press of Start on (the sum of the entries `layout-shift` of a PerformanceObserver, without those within 0.5 s of an
input), and the times from that press to the first kept and to the first live picture.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Figure, report
from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS, empty
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server

SIZES = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844))
PHONE_PIXELS = 640  # up to which the sidebar covers the page
PATIENCE_MILLISECONDS = 120_000
LOOK_MILLISECONDS = 3_000  # that a person looks at the page before pressing Start; its parts are loaded then
WATCH = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift" });
  window.seen = {};
  const moments = () => [...document.querySelectorAll(".sample-player-strip-item")];
  const before = new Set(moments());
  const look = () => {
    const live = document.querySelector(".sample-player-picture")?.dataset.mark?.startsWith("live");
    if (live) window.seen.live ??= performance.now();
    const kept = moments().some((item) => item.painted && !before.has(item)); // before: of another run
    if (kept && window.pressed) window.seen.kept ??= performance.now();
    requestAnimationFrame(look);
  };
  document.addEventListener("click", () => (window.pressed ??= performance.now()), true);
  look();
}"""
BOXES = """() => [".sample-player-stage", ".curves-stage"].map((name) => {
  const { top, left, width, height } = document.querySelector(name).getBoundingClientRect();
  const visible = Math.max(0, Math.min(innerHeight, top + height) - Math.max(0, top));
  return { top, left, width, height, visible };
})"""


def measure(browser: Browser, server: Server, size: tuple[int, int], seconds: float) -> dict[str, Figure]:
    """Start a run in a new tab with a window of this size and watch it."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    page.goto(server.url)
    start(page, width)
    page.wait_for_function("window.seen.kept !== undefined")
    page.wait_for_timeout(1000 * seconds)
    row = row_of(page, size)
    page.get_by_role("button", name="Stop").click()
    page.locator(".run-status-word", has_text="Stopped").wait_for()  # so that the next run need not wait for this one
    context.close()
    empty(RunStore(server.root))  # the next window begins without a run, too
    return row


def start(page: Page, width: int) -> None:
    """Press Start; on a phone, the sidebar is opened before, and folds by itself."""
    if width <= PHONE_PIXELS:
        page.get_by_test_id("stExpandSidebarButton").click()
    button = page.get_by_role("button", name="Start training")
    button.wait_for()
    page.wait_for_timeout(LOOK_MILLISECONDS)
    page.evaluate(WATCH)
    button.click()
    page.locator(".sample-player-stage").wait_for(state="attached")


def row_of(page: Page, size: tuple[int, int]) -> dict[str, Figure]:
    film, plot = boxes = page.evaluate(BOXES)
    seen: dict[str, Any] = page.evaluate("window.seen")
    pressed: float = page.evaluate("window.pressed")
    share = sum(box["width"] * box["visible"] for box in boxes) / (size[0] * size[1])
    return {
        "window": f"{size[0]} x {size[1]}",
        "y of film": round(film["top"]),
        "film visible": f"{film['width']:.0f} x {film['visible']:.0f}",
        "y of plot": round(plot["top"]),
        "plot visible": f"{plot['width']:.0f} x {plot['visible']:.0f}",
        "share of window": f"{share:.0%}",
        "layout shift": f"{page.evaluate('window.shift'):.4f}",
        "s to kept": f"{(seen['kept'] - pressed) / 1000:.2f}",
        "s to live": f"{(seen['live'] - pressed) / 1000:.2f}" if "live" in seen else "none",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each run is watched")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            rows = []
            for size in SIZES:
                rows.append(measure(browser, server, size, chosen.seconds))
                print(rows[-1], file=sys.stderr, flush=True)  # if a later one fails
        finally:
            browser.close()
            server.close()
    report("layout of the Train page", rows)


if __name__ == "__main__":
    main()

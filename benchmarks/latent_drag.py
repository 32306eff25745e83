"""How fast pictures follow a slider of the Latent page: one drag of 1.5 s in Chromium, idle and while a run trains.

`python -m benchmarks.latent_drag` trains a short run of the preset `studio` first; `--root DIR --run NAME` uses an
existing run. Browser, server and training share the processors of this machine. The delay of a picture is the time from
the newest slider movement that it shows until its pixels are drawn on the canvas.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.report import Figure, report
from gan_core.execution.run_training import run_to_end
from gan_core.presets import PRESETS
from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server

RUN = "drag"
IMAGES = 20_000
DRAG_SECONDS = 1.5
MOVES = 40  # from one end to the other
PATIENCE_MILLISECONDS = 120_000
BUDGETS = {"nothing training": (15, 40.0), "a run training": (8, 80.0)}
WATCH = """root => {
  const { live, stage } = root.view;
  const bench = (window.bench = { moved: 0, asked: 0, milliseconds: [], pictures: new Set() });
  root.addEventListener("input", () => (bench.moved = performance.now()), true);
  const ask = live.ask.bind(live), { show } = live;
  live.ask = () => { if (!live.busy) bench.asked = bench.moved; return ask(); };
  live.show = (made) => {
    show(made);
    bench.milliseconds.push(performance.now() - bench.asked);
    bench.pictures.add(stage.view.canvas.toDataURL());
  };
}"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="a folder of runs; without it a new run is trained")
    parser.add_argument("--run", default=RUN)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        if arguments.root is None:
            train_one(RunStore(server.root), arguments.run)
        else:  # copy it, because the server trains another run beside it
            shutil.copytree(arguments.root / arguments.run, server.root / arguments.run)
        server.start()
        try:
            rows = measured(server, arguments.run)
        finally:
            server.close()
    notes = ["Budgets: at least 15 pictures and a median of at most 40 ms; while a run trains 8 and 80 ms."]
    report("one drag of a slider for 1.5 s in Chromium", rows, notes)


def train_one(store: RunStore, run: str) -> None:
    """Train a short run of the preset `studio`; the speed depends on the size of its networks only."""
    store.create(PRESETS["studio"].config, run, "studio")
    data_root = Path(os.environ.get("GAN_STUDIO_DATA") or "data")
    run_to_end(store, run, images=IMAGES, data_root=data_root)


def measured(server: Server, run: str) -> list[Mapping[str, Figure]]:
    """One row while nothing trains, and one while the same server trains another run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        drag_once(page, server, run)  # fills caches; not measured
        idle = row("nothing training", drag_once(page, server, run))
        start_training(context.new_page(), server)
        busy = row("a run training", drag_once(page, server, run))
        browser.close()
    return [idle, busy]


def start_training(page: Page, server: Server) -> None:
    """Start a run on the Train page, and wait until it trains."""
    page.goto(f"{server.url}/train")
    page.get_by_role("button", name="Start training").wait_for()
    settle(page)
    page.get_by_role("button", name="Start training").click()
    store, deadline = RunStore(server.root), monotonic() + PATIENCE_MILLISECONDS / 1000
    while not any(run.status == "running" and run.images_seen for run in store.runs()):
        failed = [run.reason for run in store.runs() if run.status == "failed"]
        if failed or monotonic() > deadline:
            raise RuntimeError(f"no run trains: {failed or 'timeout'}")
        page.wait_for_timeout(200)
    page.close()


def settle(page: Page) -> None:
    """Wait until the page's script has finished."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def drag_once(page: Page, server: Server, run: str) -> tuple[int, list[float]]:
    """Drag once; returns the number of different pictures shown, and the delay of each in milliseconds."""
    page.goto(f"{server.url}/latent?run={run}")
    slider = page.get_by_role("slider", name="Direction 1", exact=True)
    slider.wait_for()
    settle(page)
    page.locator(".latent-editor").evaluate(WATCH)
    move_back_and_forth(page, slider)
    pictures: int = page.evaluate("window.bench.pictures.size")
    milliseconds: list[float] = page.evaluate("window.bench.milliseconds")
    page.mouse.up()
    return pictures, milliseconds


def move_back_and_forth(page: Page, slider: Locator) -> None:
    """Hold the slider and move it without pause for DRAG_SECONDS."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    left, middle = box["x"] + 10, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    began, move = monotonic(), 0
    while monotonic() - began < DRAG_SECONDS:
        move += 1
        share = abs((move / MOVES) % 2 - 1)
        page.mouse.move(left + share * (box["width"] - 20), middle)


def row(when: str, drag: tuple[int, list[float]]) -> Mapping[str, Figure]:
    """One row of the table."""
    pictures, milliseconds = drag
    least, most = BUDGETS[when]
    p50 = median(milliseconds)
    return {
        "while": when,
        "pictures": pictures,
        "p50 ms": p50,
        "p90 ms": quantiles(milliseconds, n=10)[-1],
        "within budget": "yes" if pictures >= least and p50 <= most else "no",
    }


if __name__ == "__main__":
    main()

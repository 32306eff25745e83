"""How live the sliders of the Latent page are: a drag of 1.5 seconds in a real Chromium, idle and while a run trains.

`python -m benchmarks.latent_drag` trains a short run of the studio preset first; `--root DIR --run NAME` takes one that
is there. Browser, server and training share the processors of this machine. A picture's time is counted from the newest
movement that it shows to the moment its pixels are in the page.
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
  const { editor: live } = root, bench = (window.bench = { moved: 0, asked: 0, milliseconds: [], pictures: new Set() });
  root.addEventListener("input", () => (bench.moved = performance.now()), true);
  const ask = live.ask.bind(live), paintPicture = live.paintPicture.bind(live);
  live.ask = () => { if (!live.busy) bench.asked = bench.moved; return ask(); };
  live.paintPicture = (picture) => {
    paintPicture(picture);
    bench.milliseconds.push(performance.now() - bench.asked);
    bench.pictures.add(live.canvas.toDataURL());
  };
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="a folder of runs; without it one is made and a run is trained")
    parser.add_argument("--run", default=RUN)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        if arguments.root is None:
            train_one(RunStore(server.root), arguments.run)
        else:  # a copy, beside which another run can be trained
            shutil.copytree(arguments.root / arguments.run, server.root / arguments.run)
        server.start()
        try:
            rows = measured(server, arguments.run)
        finally:
            server.close()
    notes = ["Budgets: 15 pictures and a p50 of 40 ms with nothing training, 8 and 80 ms while a run trains."]
    report("live sliders: one drag of 1.5 s in Chromium", rows, notes)


def train_one(store: RunStore, run: str) -> None:
    """A short run of the default preset: the size of its networks is what counts here."""
    store.create(PRESETS["studio"].config, run, "studio")
    data_root = Path(os.environ.get("GAN_STUDIO_DATA") or "data")
    run_to_end(store, run, images=IMAGES, data_root=data_root)


def measured(server: Server, run: str) -> list[Mapping[str, Figure]]:
    """One row with nothing training, one while the same server trains another run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        drag_once(page, server, run)  # imports and caches
        idle = row("nothing training", drag_once(page, server, run))
        start_training(context.new_page(), server)
        busy = row("a run training", drag_once(page, server, run))
        browser.close()
    return [idle, busy]


def start_training(page: Page, server: Server) -> None:
    """Start a run on the Train page as a person does, and wait until it learns."""
    page.goto(f"{server.url}/train")
    page.get_by_role("button", name="Start training").wait_for()
    settle(page)
    page.get_by_role("button", name="Start training").click()
    store, deadline = RunStore(server.root), monotonic() + PATIENCE_MILLISECONDS / 1000
    while not any(run.state == "running" and run.images_seen for run in store.runs()):
        failed = [run.reason for run in store.runs() if run.state == "failed"]
        if failed or monotonic() > deadline:
            raise RuntimeError(f"no run learns: {failed or 'it takes too long'}")
        page.wait_for_timeout(200)
    page.close()


def settle(page: Page) -> None:
    """Until the script has run."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def drag_once(page: Page, server: Server, run: str) -> tuple[int, list[float]]:
    """(different pictures shown, milliseconds of each) during one drag."""
    page.goto(f"{server.url}/latent?run={run}")
    slider = page.get_by_role("slider", name="Direction 1", exact=True)
    slider.wait_for()
    settle(page)
    page.locator(".latent-editor").evaluate(WATCH)
    move_to_and_fro(page, slider)
    pictures: int = page.evaluate("window.bench.pictures.size")
    milliseconds: list[float] = page.evaluate("window.bench.milliseconds")
    page.mouse.up()
    return pictures, milliseconds


def move_to_and_fro(page: Page, slider: Locator) -> None:
    """Hold the slider and move it without a pause for DRAG_SECONDS."""
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

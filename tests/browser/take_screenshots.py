"""Take the screenshots in docs/: python -m tests.browser.take_screenshots [FOLDER]

Every status is that of a real run: a run that a dashboard trains, a server that is killed, a process in a terminal, a
loss that becomes NaN. Each page is taken in the light and in the dark theme.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gan_core.config import with_overrides
from gan_core.execution import run_training
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Event, Job
from gan_core.execution.run_training import run_to_end
from gan_core.presets import DEFAULT, PRESETS
from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import REPOSITORY, Server
from tests.waiting import eventually

DOCS = REPOSITORY / "docs"
WORTH_SEEING_IMAGES, LENGTH = 25_000, 100_000
PICTURES = 500  # in the folder of pictures of the run `starting`
PATIENCE_MILLISECONDS = 120_000
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 255  # of a screenshot: more are not visible
WIDTH, HEIGHT, TALL = 1280, 1140, 1260  # pixels of the window
NOTHING: Mapping[str, str] = {}
SHELF = {"shelf": "A=seed:12~slanted;B=seed:7!;C=seed:3", "x": "A - B + 0.5*C", "bend": "ganspace:1=1.5"}
DRAWN = ".latent-picture canvas[data-shown]"
DIGITS = ".sample-player-strip-head button"  # the bars of the digits are counted
TRAINED = (".curves .main-svg", ".sample-player-picture[data-mark]")  # what a run with steps shows
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


class Studio:
    """The dashboard, its runs, a browser, and the folder for the screenshots."""

    def __init__(self, server: Server, browser: Browser, pictures: Path) -> None:
        self.server, self.browser, self.pictures = server, browser, pictures
        self.store = RunStore(server.root)

    def visitor(self, height: int) -> Page:
        context = self.browser.new_context(viewport={"width": WIDTH, "height": height}, color_scheme="light")
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        return context.new_page()

    def take(
        self,
        state: str,
        run: str = "",
        height: int = HEIGHT,
        until: Sequence[str] = (),
        of: str = "train",
        seen: Mapping[str, str] = NOTHING,
    ) -> None:
        """Write <of>-<state>-light.png and -dark.png, once the page contains all selectors in `until`."""
        page = self.visitor(height)
        page.goto(self.address(run, of, seen))
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_selector(SETTLED)
            for selector in until:
                page.locator(selector).first.wait_for()
            page.wait_for_timeout(2_000)  # charts are drawn after the script has finished
            write(page.screenshot(timeout=PATIENCE_MILLISECONDS), self.pictures / f"{of}-{state}-{theme}.png")
        page.context.close()

    def address(self, run: str, of: str = "train", seen: Mapping[str, str] = NOTHING) -> str:
        query = {"run": run, **seen} if run else seen
        return f"{self.server.url}/{of}?{urlencode(query)}" if query else f"{self.server.url}/{of}"

    def press(self, run: str, button: str) -> None:
        """Press a button of the Train page in a tab of its own."""
        page = self.visitor(HEIGHT)
        page.goto(self.address(run))
        page.wait_for_selector(SETTLED)
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(1_000)
        page.context.close()

    def make(self, run: str, preset: str = DEFAULT, **changes: object) -> str:
        """Create a run; nothing trains it yet."""
        overrides = {name.replace("__", "."): value for name, value in changes.items()}
        return self.store.create(with_overrides(PRESETS[preset].config, overrides), run, preset)

    def wait_for(self, run: str, state: str, images: int = 0) -> None:
        """Wait until a run has this status and has seen so many images."""
        while (progress := self.store.progress(run)).status != state or progress.images_seen < images:
            Event().wait(0.1)


def write(png: bytes, path: Path) -> None:
    """Write a small PNG with a palette: a page has few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)


def take_a_life(studio: Studio) -> None:
    """Running, paused and finished: one run from start to end. Queued and stopped: another one behind it."""
    digits, waiting = studio.make("digits", train__images=LENGTH), studio.make("waiting")
    studio.press(digits, "Resume")
    studio.wait_for(digits, "running", images=WORTH_SEEING_IMAGES)
    studio.take("running", digits, until=TRAINED)
    studio.press(digits, "Pause")
    studio.take("paused", digits, until=TRAINED)
    studio.press(digits, "Resume")
    studio.wait_for(digits, "running")
    studio.press(waiting, "Resume")
    studio.take("queued", waiting)
    studio.wait_for(digits, "finished")
    studio.wait_for(waiting, "running", images=2_000)
    studio.press(waiting, "Stop")
    studio.wait_for(waiting, "stopped")
    studio.take("stopped", waiting, until=(*TRAINED, DIGITS))
    studio.take("finished", digits, height=TALL, until=(*TRAINED, DIGITS))


class Slow:
    """A slow disk: after `held` is set, writing waits until `gone_on` is set."""

    def __init__(self) -> None:
        self.held, self.gone_on = Event(), Event()

    def announce(self, stage: str) -> None:
        """The run store calls this before each stage of a write."""
        if self.held.is_set():
            self.gone_on.wait()

    def report(self, share: float, sentence: str) -> None:
        """The data set calls this with its progress; waits in the middle."""
        if share > 0.5:
            self.gone_on.wait()


@contextmanager
def trained_here(studio: Studio, run: str, slow: Slow) -> Iterator[None]:
    """Train a run in this process on a slow disk during the block; then stop it."""
    store, shutdown = RunStore(studio.server.root, slow.announce), ShutdownRequest()
    job = Job(run, lambda job: print(run_to_end(store, run, shutdown=shutdown, report=slow.report).status)).start()
    yield
    shutdown.set("The pictures are taken.", "stopped")
    slow.gone_on.set()
    job.wait()


def take_a_start(studio: Studio, folder: Path) -> None:
    """Starting: a run that reads a folder of pictures."""
    folder.mkdir()
    for number in range(PICTURES):
        Image.new("L", (28, 28), number % 256).save(folder / f"{number}.png")
    run = studio.make("starting", data__name="folder", data__folder=str(folder), data__labels=False)
    run_training.REPORT_SECONDS = 0.0  # each image is reported, so that half of them are
    with trained_here(studio, run, Slow()):
        eventually(lambda: "50%" in studio.store.progress(run).reason, "half of the folder is read")
        studio.take("starting", run)


def take_a_stop(studio: Studio) -> None:
    """Stopping: a run that writes its last checkpoint."""
    run, slow = studio.make("stopping"), Slow()
    with trained_here(studio, run, slow):
        studio.wait_for(run, "running", images=4_000)
        slow.held.set()
        studio.store.request(run, "stop", "dashboard")
        studio.wait_for(run, "stopping")
        studio.take("stopping", run, until=TRAINED)


def take_a_failure(studio: Studio) -> None:
    """Failed: a far too large learning rate for a deep network without normalisation."""
    run = studio.make(
        "failed",
        "mlp",
        model__discriminator__widths=[64] * 8,
        objective__loss="least_squares",
        optim__lr_d=1.0,
        train__precision="float32",
    )
    studio.press(run, "Resume")
    studio.wait_for(run, "failed")
    studio.take("failed", run, until=TRAINED)


def take_an_interruption(studio: Studio) -> None:
    """Interrupted: a server that is killed while it trains."""
    run = studio.make("interrupted")
    studio.press(run, "Resume")
    studio.wait_for(run, "running", images=4_000)
    studio.server.kill9()
    studio.server.start()
    studio.take("interrupted", run, until=TRAINED)


def take_a_terminal(studio: Studio) -> None:
    """Elsewhere: a run that a process in a terminal trains."""
    command = [sys.executable, "-m", "gan_core", "train", "--run", "in-a-terminal", "--root", str(studio.server.root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL) as terminal:
        eventually(lambda: studio.store.exists("in-a-terminal"), "the terminal makes its run")
        studio.wait_for("in-a-terminal", "running", images=4_000)
        studio.take("elsewhere", "in-a-terminal", until=TRAINED)
        terminal.terminate()


def take_latents(studio: Studio) -> None:
    """The Latent page with a changed digit: while the run trains, and after it has finished."""
    run = studio.make("bent", "studio", train__images=LENGTH)
    studio.press(run, "Resume")
    studio.wait_for(run, "running", images=WORTH_SEEING_IMAGES)
    studio.take("training", run, until=(DRAWN,), of="latent", seen=SHELF)
    studio.wait_for(run, "finished")
    studio.take("finished", run, until=(DRAWN,), of="latent", seen=SHELF)


def take_all(studio: Studio, folder: Path) -> None:
    studio.take("empty", height=TALL, until=(".blocks",))
    studio.take("empty", of="latent")
    studio.take("empty", of="runs")
    take_a_start(studio, folder / "pictures")
    take_a_failure(studio)
    take_a_terminal(studio)
    take_a_stop(studio)
    take_an_interruption(studio)
    take_a_life(studio)
    take_latents(studio)
    studio.take("many", of="runs")
    (studio.store.folder("stopping") / "config.json").write_text("{")
    studio.take("damaged", "stopping")


def main(pictures: Path = DOCS) -> None:
    pictures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            take_all(Studio(server, browser, pictures), Path(folder))
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

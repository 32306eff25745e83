"""The sample player in Chromium: every kept sample, keys, the cursor of the curves, one latent, downloads."""

import io
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import median

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Job
from gan_core.execution.run_training import run_to_end
from gan_core.runs.store import RunStore
from gan_core.training.step_report import StepReport
from tests.browser.conftest import DEADLINE_MILLISECONDS, VIEWPORT
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train

RUN = "mine"
LIVE = "living"
IMAGES = 3_200  # in epochs of 160
LOST = 6  # the sample whose file is not there
PATIENCE_MILLISECONDS = 60_000  # for what has no budget, on a busy machine
SECONDS_A_STEP = 0.25
NEW_EPOCHS = 4
APPEARS_SECONDS = 1.5
SHOWN = "img => img.complete && img.dataset.mark"
BYTES = "async img => [...new Uint8Array(await (await fetch(img.src)).arrayBuffer())]"
NOTE_ARRIVALS = """slider => {
  window.arrivals = [];
  let newest = Number(slider.max);
  const note = () => {
    if (Number(slider.max) <= newest) return;
    newest = Number(slider.max);
    window.arrivals.push([newest, Date.now() / 1000]);
  };
  new MutationObserver(note).observe(slider, { attributes: true, attributeFilter: ["max"] });
}"""
NOTE_FILM = """() => {
  window.film = [];
  window.addEventListener("gan-studio:sample", (event) => window.film.push(event.detail));
}"""
POINT = """([run, images]) => window.dispatchEvent(
  new CustomEvent("gan-studio:cursor", { detail: { run, images_seen: images } }))"""


@pytest.fixture(scope="module")
def store(server: Server) -> RunStore:
    """The server's runs: one, finished, of 8 x 8 digits and twenty epochs; the file of one picture is lost."""
    made = RunStore(server.root)
    made.create(tiny(train__images=IMAGES), RUN)
    assert train(made, RUN) == "finished"
    made.samples(RUN).all()[LOST][2].unlink()
    return made


@pytest.fixture(scope="module")
def film(store: RunStore, server: Server, chromium: Browser) -> Iterator[Page]:
    """The Train page with that run: one tab for all tests, without a complaint of the browser at the end."""
    context = chromium.new_context(viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
    context.set_default_timeout(DEADLINE_MILLISECONDS)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield opened(page, server, RUN)
    context.close()
    assert [error for error in errors if "404" not in error] == []


def opened(page: Page, server: Server, run: str) -> Page:
    page.goto(f"{server.url}/train?run={run}")
    expect(page.get_by_alt_text(f"of run {run} makes")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    return page


def marks(store: RunStore, run: str = RUN) -> list[int]:
    return [images_seen for images_seen, _, _ in store.samples(run).all()]


def picture(page: Page) -> Locator:
    return page.locator(".sample-player-picture")


def scrubber(page: Page) -> Locator:
    return page.get_by_role("slider", name="Shown sample")


def shows(page: Page, mark: int) -> None:
    """Wait until the sample with this number of images seen is on the screen."""
    expect(picture(page)).to_have_attribute("data-mark", str(mark))


def cell(page: Page, seed: int) -> Locator:
    return page.get_by_role("button", name=f"Seed {seed} through training", exact=True)


def life(page: Page) -> Locator:
    return page.locator(".sample-player-strip-item")


def test_the_player_has_every_kept_sample_and_shows_its_exact_bytes(film: Page, store: RunStore) -> None:
    every = marks(store)
    assert len(every) >= IMAGES // 160
    shows(film, every[-1])
    assert scrubber(film).get_attribute("max") == str(len(every) - 1)

    for index in (0, 3, len(every) - 1):
        scrubber(film).fill(str(index))
        shows(film, every[index])
        assert bytes(picture(film).evaluate(BYTES)) == store.samples(RUN).png(every[index])

    expect(film.locator(".sample-player-caption")).to_have_text(f"Epoch {IMAGES // 160}, {IMAGES:,} images")


def test_tabs_show_the_untrained_and_the_newest_sample(film: Page, store: RunStore) -> None:
    every = marks(store)
    scrubber(film).fill("3")
    shows(film, every[3])

    for name, mark in (("Untrained", every[0]), ("Newest", every[-1]), ("Real", "real")):
        film.get_by_role("tab", name=name).click()
        expect(picture(film)).to_have_attribute("data-mark", str(mark))

    scrubber(film).fill("3")
    shows(film, every[3])


def test_keys_step_jump_and_play_through_every_sample(film: Page, store: RunStore) -> None:
    every = marks(store)
    film.evaluate(NOTE_FILM)
    scrubber(film).focus()

    for key, mark in (("Home", every[0]), ("ArrowRight", every[1]), ("ArrowLeft", every[0]), ("End", every[-1])):
        film.keyboard.press(key)
        shows(film, mark)
    film.get_by_label("Pictures a second").select_option("20")
    film.evaluate("window.film = []")
    scrubber(film).focus()
    film.keyboard.press("Space")
    film.wait_for_function("last => window.film.at(-1)?.images_seen === last && window.film.length > 1", arg=every[-1])

    told = film.evaluate("window.film.map(({ images_seen }) => images_seen)")
    passed = [mark for mark, _ in groupby(told)]  # the shown sample is announced again when the server answers
    assert passed[passed.index(0) :] == every
    assert {entry["run"] for entry in film.evaluate("window.film")} == {RUN}


def test_the_cursor_of_the_curves_shows_its_sample_and_releases_the_player(film: Page, store: RunStore) -> None:
    every = marks(store)
    scrubber(film).fill("2")
    shows(film, every[2])

    film.evaluate(POINT, [RUN, every[7] + 1])
    shows(film, every[7])
    film.evaluate(POINT, ["another", every[9]])
    film.evaluate(POINT, [RUN, every[8] - 1])
    shows(film, every[7])
    film.evaluate(POINT, [RUN, None])

    shows(film, every[2])


def test_a_cell_shows_its_latent_at_every_sample(film: Page, store: RunStore) -> None:
    every = marks(store)
    cell(film, 0).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        film.keyboard.press(key)

    expect(film.get_by_text("Seed 10 through training")).to_be_visible()
    expect(life(film)).to_have_count(len(every))
    there = life(film).nth(4).locator("canvas")
    film.wait_for_function("canvas => canvas.width === 8", arg=there.element_handle())
    data = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, place) => place % 4 === 0)"
    grid = Image.open(io.BytesIO(store.samples(RUN).png(every[4]) or b""))
    assert there.evaluate(data) == list(grid.crop((16, 8, 24, 16)).tobytes())  # row 1, column 2

    life(film).nth(3).click()
    shows(film, every[3])
    film.keyboard.press("Escape")
    expect(film.get_by_text("Seed 10 through training")).to_be_hidden()
    expect(cell(film, 10)).to_be_focused()


def saved(page: Page, word: str, folder: Path) -> Path:
    """Press the button, wait for the file."""
    with page.expect_download(timeout=PATIENCE_MILLISECONDS) as found:
        page.get_by_role("button", name=word).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_grid_animation_and_the_strip_of_a_latent_can_be_saved(film: Page, store: RunStore, tmp_path: Path) -> None:
    every = marks(store)
    scrubber(film).fill("1")
    cell(film, 3).click()
    film.get_by_role("button", name="Save").click()

    expect(film.get_by_text(f"After {every[1]:,} images")).to_be_visible()
    still = saved(film, "Download PNG", tmp_path)
    assert still.name == f"{RUN}-{every[1]}.png"
    assert size_of(still) == (448, 448)

    film.get_by_role("radio", name="Animation").or_(film.get_by_role("button", name="Animation")).first.click()
    film.get_by_role("spinbutton", name="Frames at most").fill("5")
    film.get_by_role("spinbutton", name="Frames at most").press("Enter")
    expect(film.get_by_text("5 frames of")).to_be_visible()
    moving = saved(film, "Download animation", tmp_path)
    with Image.open(moving) as made:
        assert (moving.name, made.format, getattr(made, "n_frames", 1)) == (f"{RUN}.webp", "WEBP", 5)

    film.get_by_role("radio", name="Seed 3 through training").or_(
        film.get_by_role("button", name="Seed 3 through training")
    ).last.click()
    row = saved(film, "Download PNG", tmp_path)
    assert row.name == f"{RUN}-seed-3.png"
    assert size_of(row) == (112 * (len(every) - 1), 112)  # without the lost one


def test_a_sample_whose_file_is_missing_is_played_by_its_neighbour(film: Page, store: RunStore) -> None:
    every = marks(store)
    scrubber(film).fill(str(LOST))

    shows(film, every[LOST - 1])
    expect(film.locator(".sample-player-caption")).to_contain_text("Its file is missing: this is epoch")


@pytest.fixture
def trained(store: RunStore) -> Iterator[Job]:
    """A run that trains slowly, in epochs of two and a half seconds, as long as the test."""
    shutdown = ShutdownRequest()

    def pace(report: StepReport) -> None:
        shutdown.wait(SECONDS_A_STEP)

    def work(job: Job) -> None:
        run_to_end(store, LIVE, shutdown=shutdown, on_step=pace)

    store.create(tiny(train__images=1_000_000), LIVE)
    job = Job("slow training", work).start()
    yield job
    shutdown.set("The test is over.")
    assert job.wait(60)


@pytest.mark.alone
def test_a_new_epoch_is_shown_soon_after_its_end_unless_the_user_chose_another(
    trained: Job, store: RunStore, server: Server, page: Page, console_errors: list[str]
) -> None:
    opened(page, server, LIVE)
    scrubber(page).evaluate(NOTE_ARRIVALS)
    page.wait_for_function(f"window.arrivals.length >= {NEW_EPOCHS}", timeout=PATIENCE_MILLISECONDS)

    arrivals: list[tuple[int, float]] = page.evaluate("window.arrivals")
    written = [path.stat().st_mtime for _, _, path in store.samples(LIVE).all()]
    waits = [seconds - written[index] for index, seconds in arrivals]
    print("from the end of an epoch to its picture:", ", ".join(f"{wait:.2f} s" for wait in waits))
    assert median(waits) < APPEARS_SECONDS

    scrubber(page).fill("0")
    shows(page, 0)
    live = page.get_by_role("tab", name="Live")
    expect(live).to_have_attribute("aria-selected", "false")
    known = int(scrubber(page).get_attribute("max") or 0)
    expect(scrubber(page)).not_to_have_attribute("max", str(known), timeout=PATIENCE_MILLISECONDS)
    shows(page, 0)
    live.click()
    expect(picture(page)).to_have_attribute("data-mark", re.compile("[1-9]"))
    assert [error for error in console_errors if "404" not in error] == []

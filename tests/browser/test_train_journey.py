"""The Train page in Chromium on real digits: start, watch, pause, reload, resume, stop; a killed server."""

import re
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.serving import Server
from tests.waiting import eventually

NOISE_MILLISECONDS = 3_000
AGREE_MILLISECONDS = 2_000
PATIENCE_MILLISECONDS = 60_000  # for what has no budget, on a busy machine
POINTS = "chart => chart.data?.length ? chart.data[2].x.length : 0"
RANGE = "chart => chart.layout.xaxis.range.map(Math.round)"
SHUTDOWN_SECONDS = 10.0


@pytest.fixture
def train(server: Server, page: Page, digits: str) -> Page:
    """The Train page of a server that is warm, with a data set chosen that needs no network."""
    return opened(page, server, digits)


def opened(page: Page, server: Server, digits: str) -> Page:
    page.goto(server.url)
    start(page).wait_for(timeout=PATIENCE_MILLISECONDS)
    settle(page)
    if digits != "mnist":
        page.locator(".st-key-train-data-name input").click()
        page.get_by_role("option", name=digits, exact=True).click()
        settle(page)
    return page


def settle(page: Page) -> None:
    """Until the script has run."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()


def start(page: Page) -> Locator:
    return page.get_by_role("button", name="Start training")


def button(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("button", name=name)


def standing(page: Page) -> Locator:
    """The line with the status of the run."""
    return page.locator(".st-key-train-status")


def pictures(page: Page) -> Locator:
    return page.locator(".sample-player-picture")


def chart(page: Page) -> Locator:
    return page.locator(".curves")


def points(page: Page) -> int:
    """How many points the chart shows now."""
    return int(chart(page).evaluate(POINTS))


def grows(page: Page) -> None:
    """Wait until the chart shows more points than now."""
    script = f"before => ({POINTS})(document.querySelector('.curves')) > before"
    page.wait_for_function(script, arg=points(page), timeout=PATIENCE_MILLISECONDS)


def run_of(page: Page) -> str:
    """The run in the address."""
    expect(page).to_have_url(re.compile(r"/train\?run="))
    return page.url.partition("?run=")[2]


def says(page: Page, word: str, milliseconds: float = PATIENCE_MILLISECONDS) -> None:
    expect(standing(page)).to_contain_text(word, timeout=milliseconds)


def begin(page: Page, milliseconds: float = PATIENCE_MILLISECONDS) -> float:
    """Press start, wait for the first picture of the new run; the seconds in between."""
    unfold_sidebar(page)
    before, began = page.url, monotonic()
    start(page).click()
    page.wait_for_url(lambda url: url != before, timeout=milliseconds)
    expect(page.get_by_alt_text(f"of run {run_of(page)} makes")).to_be_visible(timeout=milliseconds)
    return monotonic() - began


def unfold_sidebar(page: Page) -> None:
    """Open the sidebar if it was folded when a run began to train."""
    button = page.get_by_test_id("stExpandSidebarButton")
    if button.is_visible():
        button.click()


def stop(page: Page) -> None:
    button(page, "Stop").click()
    says(page, "Stopped")


@pytest.mark.alone
def test_a_user_starts_watches_pauses_reloads_resumes_and_stops_while_a_second_tab_agrees(
    train: Page, open_page: OpenPage, console_errors: list[str]
) -> None:
    begin(train)  # the server is warm afterwards
    stop(train)

    seconds = begin(train, NOISE_MILLISECONDS)
    print(f"from the click to the picture of noise: {seconds:.2f} s")
    run = run_of(train)
    grows(train)
    grows(train)

    button(train, "Pause").click()
    says(train, "Paused")
    held = points(train)
    assert held > 0

    train.reload()
    says(train, "Paused")
    assert run_of(train) == run
    expect(pictures(train)).to_be_visible()

    second = open_page()
    second.goto(train.url)
    says(second, "Paused")

    button(train, "Resume").click()
    says(train, "Running")
    says(second, "Running", AGREE_MILLISECONDS)
    expect(button(second, "Pause")).to_be_visible(timeout=AGREE_MILLISECONDS)
    grows(second)

    button(second, "Stop").click()
    says(second, "Stopped")
    says(train, "Stopped", AGREE_MILLISECONDS)
    expect(button(train, "Resume")).to_be_enabled(timeout=AGREE_MILLISECONDS)
    assert [error for error in console_errors if "404" not in error] == []


def sound_state(root: Path, run: str) -> int:
    """The images seen by the newest checkpoint on the disk."""
    return RunStore(root).checkpoints(run).newest().counters["images_seen"]


def test_a_killed_server_leaves_an_interrupted_run_that_resumes_after_the_next_start(
    start_server: StartServer, page: Page, digits: str
) -> None:
    server = start_server()
    begin(opened(page, server, digits))
    run = run_of(page)
    grows(page)

    server.kill9()
    server.start()
    saved = sound_state(server.root, run)
    page.goto(f"{server.url}/train?run={run}")  # the first visit to a new server, and not to its front page

    says(page, "Interrupted")
    button(page, "Resume").click()
    says(page, "Running")
    grows(page)
    expect(page.get_by_text(f"Resumed at {saved:,} images.")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    stop(page)
    assert sound_state(server.root, run) > saved


@pytest.mark.alone
def test_a_server_that_is_asked_to_end_saves_first_and_ends_in_time(
    start_server: StartServer, page: Page, digits: str
) -> None:
    server = start_server()
    begin(opened(page, server, digits))
    run = run_of(page)
    grows(page)

    began = monotonic()
    server.terminate(SHUTDOWN_SECONDS)
    print(f"from SIGTERM to the end: {monotonic() - began:.2f} s")

    progress = RunStore(server.root).progress(run)
    assert (progress.status, progress.reason) == ("interrupted", "The server was shut down; a checkpoint is saved.")
    assert sound_state(server.root, run) == progress.images_seen


def test_training_goes_on_when_the_browser_is_closed(server: Server, open_page: OpenPage, digits: str) -> None:
    first = opened(open_page(), server, digits)
    begin(first)
    run = run_of(first)
    grows(first)
    seen = RunStore(server.root).progress(run).images_seen
    first.context.close()

    eventually(lambda: RunStore(server.root).progress(run).images_seen > seen, "the run trains without a viewer")

    again = open_page()
    again.goto(f"{server.url}/train?run={run}")
    says(again, "Running")
    stop(again)

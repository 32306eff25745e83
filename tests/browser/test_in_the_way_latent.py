"""The Latent page on one screen: where everything is, what it says at first sight, and what D says during a drag."""

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train

RUN = "classes"
PATIENCE_MILLISECONDS = 60_000  # for what has no budget, on a busy machine
WINDOWS = [(1440, 900), (1920, 1080)]
LEAST_PICTURE_PIXELS = 360
SHEET = "root => [...root.querySelectorAll('img')].map((image) => image.src)"


@pytest.fixture(scope="module")
def store(server: Server) -> RunStore:
    """The runs of the server: a finished one of 8 x 8 digits, with labels."""
    made = RunStore(server.root)
    made.create(tiny(data__labels=True, model__latent__size=8), RUN)
    assert train(made, RUN) == "finished"
    return made


def opened(open_page: OpenPage, server: Server, window: tuple[int, int], query: str = "") -> Page:
    """The page in a window of this size, once its picture is there and its script has run."""
    page = open_page()
    page.set_viewport_size(ViewportSize(width=window[0], height=window[1]))
    page.goto(f"{server.url}/latent?run={RUN}{query}")
    expect(picture(page)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    return page


def picture(page: Page) -> Locator:
    return page.locator(".latent-picture canvas[data-shown]")


def box_of(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box is not None
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    return {"x": x, "y": y, "width": width, "height": height, "right": x + width, "bottom": y + height}


@pytest.mark.parametrize("window", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_seeds_picture_opinion_sliders_and_tabs_are_on_one_screen(
    store: RunStore, server: Server, open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = opened(open_page, server, window)
    canvas, tabs = box_of(picture(page)), box_of(page.get_by_role("tab", name="Interpolation"))
    others = (
        page.get_by_role("button", name="Seed 39"),
        page.get_by_role("meter", name="D's opinion"),
        page.get_by_role("button", name="Show A + B"),
        page.get_by_role("slider", name="Weight of C"),
        page.get_by_role("slider", name="Direction 6", exact=True),
        page.get_by_role("link", name="Save this picture"),
        page.get_by_role("tab", name="Download and code"),
    )

    assert canvas["width"] >= LEAST_PICTURE_PIXELS
    assert tabs["x"] > canvas["right"]
    assert tabs["y"] < canvas["bottom"]
    assert [str(each) for each in others if box_of(each)["bottom"] > window[1]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= window[0]


def test_the_contact_sheet_of_a_run_with_classes_shows_different_ones(
    store: RunStore, server: Server, open_page: OpenPage
) -> None:
    own, fixed = (opened(open_page, server, WINDOWS[0], query) for query in ("", "&v=2&x=A&label=0"))
    sheets = [page.get_by_label("Numbered seeds").evaluate(SHEET) for page in (own, fixed)]

    differing = [seed for seed in range(40) if sheets[0][seed] != sheets[1][seed]]
    assert differing == [seed for seed in range(40) if seed % 10]


def test_the_opinion_of_d_follows_a_slider_while_it_is_held(
    store: RunStore, server: Server, open_page: OpenPage
) -> None:
    page = opened(open_page, server, WINDOWS[0])
    meter = page.get_by_role("meter", name="D's opinion")
    expect(meter).to_have_attribute("aria-valuetext", re.compile(r"D: \d+% chance of real"))
    before, address = page.locator(".opinion-detail").inner_text(), page.url
    slider = box_of(page.get_by_role("slider", name="Direction 1", exact=True))
    middle = slider["y"] + slider["height"] / 2
    page.mouse.move(slider["x"] + slider["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(slider["right"] - 10, middle, steps=5)

    expect(page.locator(".opinion-detail")).not_to_have_text(before)
    assert page.url == address  # the page has not been told yet
    page.mouse.up()


def test_at_first_only_a_few_sliders_are_there_and_all_are_one_click_away(
    store: RunStore, server: Server, open_page: OpenPage
) -> None:
    page = opened(open_page, server, WINDOWS[0])
    expect(page.get_by_role("slider", name="Clip")).to_be_hidden()

    page.get_by_role("button", name="All sliders").click()
    page.get_by_role("tab", name="Single numbers").click()
    expect(page.get_by_role("slider", name="Clip")).to_be_visible()
    page.get_by_role("slider", name="Number 2", exact=True).press("ArrowRight")
    page.get_by_role("button", name="Fewer sliders").click()
    expect(page.get_by_role("button", name="All sliders (1 moved)")).to_be_visible()


def test_words_that_nothing_explains_are_gone(store: RunStore, server: Server, open_page: OpenPage) -> None:
    page = opened(open_page, server, WINDOWS[0])
    page.get_by_role("button", name="All sliders").click()

    unexplained = re.compile("Threshold|Nudge|To shelf|Seeds from|Recipe|On the shell|Into the latent space|Take away")
    expect(page.get_by_role("button", name="Keep as D")).to_be_visible()
    expect(page.get_by_text(re.compile(r"length [\d.]+, typical [\d.]+"))).to_be_visible()
    expect(page.get_by_text(unexplained)).to_have_count(0)


@pytest.mark.parametrize("window", [(390, 844), (640, 360)], ids=["phone", "zoom of 200 %"])
def test_small_windows_scroll_down_and_never_sideways(
    store: RunStore, server: Server, open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = opened(open_page, server, window)

    assert page.evaluate("document.documentElement.scrollWidth") <= window[0]
    assert box_of(picture(page))["right"] <= window[0]
    page.get_by_role("slider", name="Direction 1", exact=True).press("ArrowRight")
    expect(page).to_have_url(re.compile(r"bend=ganspace%3A1%3D0\.05(&|$)"))

"""The presets in Chromium: their cards, a comparison of two, and a start of some."""

import re
from functools import partial
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.train.setting_field import name_of
from gan_core.notebook import configure
from gan_core.presets import PRESETS
from gan_core.presets.preset import sentence_of
from gan_core.runs.store import RunStore
from tests.browser.serving import Server
from tests.browser.test_train_journey import PATIENCE_MILLISECONDS, opened, settle, standing, start
from tests.waiting import eventually

STARTED = ("mlp", "wgan-gp", "udacity-linear")  # a page in AppTest starts all of them
SHORT = "128 images"  # one or a few steps
BACK = "Back to the preset (1 change)"
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def train(server: Server, page: Page, digits: str) -> Page:
    """The Train page of a server that is warm."""
    return opened(page, server, digits)


def choose(page: Page, name: str) -> None:
    """Choose a preset and wait until the form is that of the preset."""
    pick(page, name, "train-preset")
    waits = page.get_by_placeholder(f"{name}, day and time")
    expect(waits).to_be_visible(timeout=PATIENCE_MILLISECONDS)


def pick(page: Page, name: str, field: str) -> None:
    box = page.locator(f".st-key-{field} input")
    box.evaluate("node => node.scrollIntoView({ block: 'center' })")  # it may be replaced meanwhile
    page.evaluate(TWO_FRAMES)  # an open list closes when the page scrolls, and of a scroll one hears a frame later
    box.click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(PRESETS[name].title)} · ")).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Compare presets")


def test_a_card_describes_a_preset_and_two_can_be_compared(
    train: Page, server: Server, console_errors: list[str]
) -> None:
    chosen = PRESETS["colab-linear"]
    choose(train, chosen.name)
    train.get_by_role("button", name="About").click()
    for scheme in SCHEMES:
        train.emulate_media(color_scheme=scheme)
        for text in (f"From {chosen.source}.", chosen.repaired[0], chosen.unlike, sentence_of(chosen.reached)):
            expect(train.get_by_text(text)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    train.keyboard.press("Escape")

    choose(train, "non-saturating")
    train.get_by_role("button", name="Compare presets").click()
    expect(dialog(train)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    RunStore(server.root).create(configure("mlp"), "made-elsewhere")
    expect(standing(train)).to_be_attached(timeout=PATIENCE_MILLISECONDS)  # the page was drawn again behind it
    expect(dialog(train)).to_be_visible()
    pick(train, "minimax", "train-compare-right")
    rows = dialog(train).get_by_role("row")
    for scheme in SCHEMES:
        train.emulate_media(color_scheme=scheme)
        expect(rows).to_have_count(2, timeout=PATIENCE_MILLISECONDS)
        expect(rows.nth(1)).to_have_text(re.compile("Loss.*non saturating.*minimax", re.DOTALL))

    train.keyboard.press("Escape")
    expect(dialog(train)).to_be_hidden(timeout=PATIENCE_MILLISECONDS)
    assert console_errors == []


def has_started(store: RunStore, preset: str) -> bool:
    """Whether there is a run that was called after this preset and the time."""
    automatic = re.compile(rf"{preset}-\d{{8}}-\d{{6}}")
    return any(automatic.fullmatch(run.name) for run in store.runs())


def test_one_run_after_another_starts_from_a_preset(train: Page, server: Server, console_errors: list[str]) -> None:
    store = RunStore(server.root)
    for name in STARTED:
        train.goto(f"{server.url}/train")  # a new visit: the sidebar folds at some moment after a start
        settle(train)
        choose(train, name)
        field = name_of("train.images", name).replace(".", "-")  # this preset's own: the one before goes a moment later
        length = train.locator(f".st-key-{field}").get_by_role("textbox")
        length.fill(SHORT)
        length.press("Enter")
        expect(train.get_by_role("button", name=BACK)).to_be_visible(timeout=PATIENCE_MILLISECONDS)

        start(train).click()

        eventually(partial(has_started, store, name), f"{name} started")
    assert [error for error in console_errors if "404" not in error] == []  # the connection was never lost

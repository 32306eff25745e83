"""The presets in a real Chromium: their cards, two of them side by side, and a start from each by its real button."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from gan_core.preset_card import sentence_of
from gan_core.presets import PRESETS
from tests.browser.serving import Server
from tests.browser.test_train_journey import PATIENCE_MILLISECONDS, opened, settle, start

SHORT = "128"  # images: one or a few steps


@pytest.fixture
def train(server: Server, page: Page, digits: str) -> Page:
    """The Train page of a server that is warm."""
    return opened(page, server, digits)


def choose(page: Page, title: str, field: str = "train-preset") -> None:
    page.locator(f".st-key-{field} input").click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(title)} · ")).click()
    settle(page)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Compare presets")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_tells_where_a_preset_is_from_and_what_was_repaired(train: Page, scheme: str) -> None:
    train.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    chosen = PRESETS["colab-linear"]
    choose(train, chosen.title)

    train.get_by_role("button", name="About").click()

    for text in (f"From {chosen.source}.", chosen.repaired[0], chosen.unlike, sentence_of(chosen.reached)):
        expect(train.get_by_text(text)).to_be_visible()


def test_two_presets_stand_side_by_side(train: Page, console_errors: list[str]) -> None:
    choose(train, "Non-saturating")
    train.get_by_role("button", name="Compare").click()
    choose(train, "Minimax", "train-compare-right")

    rows = dialog(train).get_by_role("row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_have_text(re.compile("Loss.*non saturating.*minimax", re.DOTALL))

    train.keyboard.press("Escape")
    expect(dialog(train)).to_be_hidden()
    assert console_errors == []


def test_a_run_starts_from_every_preset(train: Page, server: Server) -> None:
    for name, chosen in PRESETS.items():
        choose(train, chosen.title)
        length = train.get_by_label("Run length")
        length.fill(SHORT)
        length.press("Enter")
        settle(train)
        before = train.url

        start(train).click()

        expect(train).not_to_have_url(before, timeout=PATIENCE_MILLISECONDS)
        expect(train).to_have_url(re.compile(rf"/train\?run={name}-\d{{8}}-\d{{6}}"))
        expect(train.locator(".st-key-train-standing")).to_contain_text(
            re.compile("Running|In line|Finished"), timeout=PATIENCE_MILLISECONDS
        )

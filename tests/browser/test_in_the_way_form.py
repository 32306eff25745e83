"""The form in Chromium: what is typed is kept, understood and in view; pictures of one's own are seen before a run."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.serving import Server
from tests.browser.test_preset_journey import TWO_FRAMES
from tests.browser.test_train_journey import PATIENCE_MILLISECONDS, settle, start

SMALL_WINDOW: ViewportSize = {"width": 1280, "height": 720}
RATE = "Learning rate of G"


@pytest.fixture
def form(server: Server, page: Page) -> Page:
    """The Train page in a small window."""
    page.set_viewport_size(SMALL_WINDOW)
    page.goto(server.url)
    start(page).wait_for(timeout=PATIENCE_MILLISECONDS)
    settle(page)
    return page


def field(page: Page, label: str) -> Locator:
    """The text field with this label, changed or not."""
    return page.get_by_role("textbox", name=re.compile(rf"^{re.escape(label)}( \(.*changed\))?$"))


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it with Tab."""
    box = field(page, label)
    expect(box).to_be_enabled(timeout=3 * PATIENCE_MILLISECONDS)  # Streamlit disables all fields while it reconnects
    box.fill(text)
    box.press("Tab")


def changes(page: Page) -> Locator:
    """The list of the settings that differ from the preset."""
    return page.locator(".st-key-train-changes")


def test_a_decimal_comma_is_one_and_a_rate_that_is_too_high_is_advised_against(form: Page) -> None:
    fill(form, RATE, "0,01")

    expect(changes(form)).to_contain_text(f"{RATE} 0.01", timeout=PATIENCE_MILLISECONDS)
    expect(form.get_by_text("with 0.01 or more a GAN rarely learns")).to_be_visible()
    expect(form.get_by_text(f"Advice on: {RATE}")).to_be_in_viewport()
    expect(start(form)).to_be_enabled()


def test_start_and_the_changes_are_in_view_beside_every_field(form: Page) -> None:
    fill(form, "Seed", "7")
    expect(changes(form)).to_contain_text("Seed 7", timeout=PATIENCE_MILLISECONDS)

    for label in ("Name of the run", RATE, "Seed"):
        field(form, label).scroll_into_view_if_needed()
        expect(field(form, label)).to_be_in_viewport(ratio=1)
        expect(start(form)).to_be_in_viewport(ratio=1)
        expect(changes(form)).to_be_in_viewport(ratio=1)


def test_a_reload_and_a_visit_to_another_page_keep_what_was_typed(form: Page, server: Server) -> None:
    fill(form, "Seed", "7")
    fill(form, "Name of the run", "Group B, first try")
    expect(form.get_by_text("Will be saved as Group-B-first-try, with the title")).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )
    form.wait_for_function("document.cookie.includes('gan_studio_draft')")

    form.reload()
    expect(field(form, "Name of the run")).to_have_value("Group B, first try", timeout=PATIENCE_MILLISECONDS)
    expect(field(form, "Seed")).to_have_value("7")

    field(form, RATE).fill("0.0005")  # and the field is not left
    expect(changes(form)).to_contain_text(f"{RATE} 0.0005", timeout=PATIENCE_MILLISECONDS)
    form.get_by_role("link", name="Runs").first.click()
    expect(form).to_have_url(re.compile("/runs"), timeout=PATIENCE_MILLISECONDS)
    form.get_by_role("link", name="Train").first.click()
    expect(field(form, RATE)).to_have_value("0.0005", timeout=PATIENCE_MILLISECONDS)
    expect(field(form, "Name of the run")).to_have_value("Group B, first try")

    form.goto(f"{server.url}/runs")  # a new page load, and only then the form
    form.get_by_role("link", name="Train").first.click()
    expect(field(form, RATE)).to_have_value("0.0005", timeout=PATIENCE_MILLISECONDS)


def test_the_length_is_given_in_epochs(form: Page) -> None:
    expect(field(form, "Train for")).to_have_value("10")
    expect(form.get_by_text("600,000 images shown")).to_be_attached()

    fill(form, "Train for", "2,5")

    expect(form.get_by_text("150,000 images shown")).to_be_attached(timeout=PATIENCE_MILLISECONDS)


def test_pictures_of_ones_own_are_seen_before_the_start(form: Page, tmp_path: Path) -> None:
    for number in range(12):
        folder = tmp_path / ("red" if number % 2 else "blue")
        folder.mkdir(exist_ok=True)
        pixels = np.full((28, 28, 3), 20 * number, dtype=np.uint8)
        pixels[8:20, 8:20, 0 if number % 2 else 2] = 255
        Image.fromarray(pixels).save(folder / f"{number}.png")

    box = form.locator(".st-key-train-data-name input")
    box.evaluate("node => node.scrollIntoView({ block: 'center' })")  # it may be replaced meanwhile
    form.evaluate(TWO_FRAMES)  # an open list closes when the page scrolls, and of a scroll one hears a frame later
    box.click()
    form.get_by_role("option", name="folder", exact=True).click()
    fill(form, "Folder", str(tmp_path))
    own = form.locator(".st-key-train-own-pictures")

    expect(own).to_contain_text("12 images; 2 classes: blue (6), red (6).", timeout=PATIENCE_MILLISECONDS)
    expect(own.get_by_alt_text("Some of the images")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(form.get_by_text("Advice on: Augmentation")).to_be_visible()
    expect(form.get_by_text(re.compile(r"e\+0\d"))).to_have_count(0)
    expect(form.get_by_text("50,000 epochs")).to_be_visible()

    own.get_by_role("button", name="Learn them in colour").click()
    expect(changes(form)).to_contain_text("Channels 3 (colour)", timeout=PATIENCE_MILLISECONDS)
    expect(own.get_by_role("button", name="Learn them in colour")).to_have_count(0)
    own.get_by_role("button", name="Vary them").click()
    expect(changes(form)).to_contain_text("Augmentation translation", timeout=PATIENCE_MILLISECONDS)
    expect(form.get_by_text("Advice on:")).to_have_count(0)

    fill(form, "Folder", str(tmp_path / "nowhere"))
    expect(start(form)).to_be_disabled(timeout=PATIENCE_MILLISECONDS)
    expect(form.get_by_text("does not exist").first).to_be_visible()

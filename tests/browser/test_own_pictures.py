"""Pictures of one's own, from a dropped zip file to the first grid, without a terminal."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import StartServer
from tests.browser.serving import Server
from tests.browser.test_in_the_way_form import changes, field, fill
from tests.browser.test_train_journey import (
    PATIENCE_MILLISECONDS,
    begin,
    pictures,
    says,
    settle,
    start,
    stop,
    unfold_sidebar,
)
from tests.tiny import digits

PICTURES = 300


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def studio(start_server: StartServer, data_root: Path) -> Server:
    """A dashboard with an empty folder of data sets."""
    return start_server({"GAN_STUDIO_DATA": str(data_root)})


def zip_of_digits() -> bytes:
    """Real digits in ten class folders, inside one folder, with a note and a torn picture beside them."""
    data = digits()
    assert data.labels is not None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(PICTURES):
            image = io.BytesIO()
            Image.fromarray(data.images[number, 0].numpy()).resize((28, 28)).save(image, "PNG")
            archive.writestr(f"my digits/{int(data.labels[number])}/{number:03}.png", image.getvalue())
        archive.writestr("my digits/0/notes.txt", "words")
        archive.writestr("my digits/1/000.png", image.getvalue()[:-40])
    return buffer.getvalue()


def popover(page: Page) -> Locator:
    return page.get_by_test_id("stPopoverBody")


def test_a_dropped_zip_file_becomes_a_run_without_a_terminal(studio: Server, page: Page, data_root: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{studio.url}/train")
    settle(page)
    expect(page.locator(".st-key-train-preview")).to_contain_text("On the disk", timeout=PATIENCE_MILLISECONDS)

    page.get_by_role("button", name="Own pictures").click()
    popover(page).locator("input[type=file]").set_input_files(
        {"name": "my digits.zip", "mimeType": "application/zip", "buffer": zip_of_digits()}
    )
    make = popover(page).get_by_role("button", name="Make a data set of them")
    expect(make).to_be_enabled(timeout=PATIENCE_MILLISECONDS)
    make.click()
    expect(page.get_by_text("The data set my-digits was made of 302 files.")).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )
    page.keyboard.press("Escape")
    expect(changes(page)).to_contain_text("Data set folder")

    own = page.locator(".st-key-train-own-pictures")
    expect(page.get_by_text(re.compile("000.png is damaged")).first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(start(page)).to_be_disabled()
    own.get_by_role("button", name="Leave damaged images out").click()
    expect(own).to_contain_text("301 images; 10 classes: 0 (31), 1 (", timeout=PATIENCE_MILLISECONDS)
    expect(own).to_contain_text("1 other file ignored; 1 damaged left out.")
    preview = own.get_by_alt_text("Some of the images")
    expect(preview).to_be_visible()
    assert preview.evaluate("image => image.naturalWidth") == 8 * 30 - 2

    begin(page)
    expect(page.get_by_text("The data set my-digits was made of")).to_have_count(0)
    expect(pictures(page)).not_to_have_count(0, timeout=PATIENCE_MILLISECONDS)
    stop(page)
    store = RunStore(studio.root)
    (run,) = store.runs()
    assert store.record(run.name)["resolved"]["classes"] == [str(digit) for digit in range(10)]
    assert store.config(run.name).data.folder == str(data_root / "own" / "my-digits")


def test_a_wrong_folder_is_said_beside_its_field_and_corrected_there(
    studio: Server, page: Page, data_root: Path
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{studio.url}/train")
    settle(page)
    unfold_sidebar(page)
    page.get_by_role("button", name="Own pictures").click()
    popover(page).get_by_role("button", name="my-digits", exact=True).click()
    page.keyboard.press("Escape")
    expect(field(page, "Folder")).to_have_value(str(data_root / "own" / "my-digits"))

    for typed, words in (
        (f"{data_root}/typo", "does not exist"),
        (f"{data_root}/own/my-digits/1/001.png", "does not exist"),
        ("x" * 300, "File name too long"),
    ):
        fill(page, "Folder", typed)
        beside = page.locator(".st-key-train-section-data").get_by_text(re.compile(words))
        expect(beside.first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    fill(page, "Folder", f'  "{data_root}/own/my-digits"  ')
    page.get_by_role("button", name="Leave damaged images out").click(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(".st-key-train-own-pictures")).to_contain_text("301 images", timeout=PATIENCE_MILLISECONDS)
    expect(start(page)).to_be_enabled()


def test_images_that_were_moved_are_found_again_from_the_page(studio: Server, page: Page, data_root: Path) -> None:
    store = RunStore(studio.root)
    (run,) = store.runs()
    moved = data_root / "another disk"
    shutil.move(data_root / "own" / "my-digits", moved)
    page.goto(f"{studio.url}/train?run={run.name}")
    page.get_by_role("button", name="Resume").click()
    says(page, "Failed")

    page.get_by_role("button", name="The images were moved").click()
    popover(page).get_by_role("textbox").fill(str(moved))
    popover(page).get_by_role("button", name="Look there and resume").click()
    says(page, "Running")
    stop(page)
    assert store.config(run.name).data.folder == str(moved)

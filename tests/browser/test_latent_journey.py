"""The Latent page in Chromium: live sliders, the same pixels as in the terminal, links, the latent of a drawing."""

import io
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from gan_core.cli.draw import draw_expression
from gan_core.runs.store import RunStore
from tests.browser.conftest import OpenPage
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train

RUN = "mine"
PATIENCE_MILLISECONDS = 60_000  # for steps without a time budget, on a busy machine
LIVE_PICTURES = 5  # during one drag; a slider that acts on release gives one
DRAG_MOVES = 40
PIXELS = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
COUNT_PICTURES = """canvas => {
  window.pictures = new Set();
  new MutationObserver(() => window.pictures.add(canvas.toDataURL()))
    .observe(canvas, { attributes: true, attributeFilter: ["data-shown"] });
}"""
MAKE_VALUES_INVALID = """root => {
  const { moves } = root.view, values = moves.send.bind(moves);
  moves.send = () => ({ ...values(), "dim:77": 3 });
}"""
SEND = "(root, values) => root.view.setTriggerValue('move', values)"


@pytest.fixture(scope="module")
def store(server: Server) -> RunStore:
    """The runs of the server: a finished one of 8 x 8 digits."""
    made = RunStore(server.root)
    made.create(tiny(), RUN)
    assert train(made, RUN) == "finished"
    return made


@pytest.fixture
def latent(store: RunStore, server: Server, page: Page) -> Page:
    """The page with that run."""
    return opened(page, f"{server.url}/latent?run={RUN}")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(slider(page, "Direction 1")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the script has run."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def canvas(page: Page) -> Locator:
    return page.locator(".latent-picture canvas")


def pixels(page: Page) -> np.ndarray[Any, Any]:
    """(S, S): the grey picture on the screen."""
    shown = np.array(canvas(page).evaluate(PIXELS), dtype=np.uint8)
    return shown.reshape(8, 8, 4)[:, :, 0]


def in_terminal(store: RunStore, folder: Path, expression: str) -> np.ndarray[Any, Any]:
    """(S, S): the picture that the command line makes."""
    draw_expression(store, RUN, expression, None, None, False, folder / "out.png")
    return np.asarray(Image.open(folder / "out.png"))


def drag(page: Page, name: str) -> None:
    """Press the mouse on a slider and move it, without releasing it."""
    slider(page, name).scroll_into_view_if_needed()
    box = slider(page, name).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for move in range(DRAG_MOVES):
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.4 * move / DRAG_MOVES), middle)
        page.wait_for_timeout(10)  # about as fast as a hand


@pytest.mark.alone
def test_a_slider_changes_the_picture_while_it_is_dragged_and_stays_where_it_is_released(
    latent: Page, console_errors: list[str]
) -> None:
    canvas(latent).evaluate(COUNT_PICTURES)
    drag(latent, "Direction 1")
    assert latent.evaluate("window.pictures.size") >= LIVE_PICTURES
    held = slider(latent, "Direction 1").input_value()

    latent.mouse.up()
    expect(latent).to_have_url(re.compile(rf"bend=ganspace%3A1%3D{held}(&|$)"))
    assert slider(latent, "Direction 1").input_value() == held
    still = pixels(latent)
    latent.reload()
    expect(slider(latent, "Direction 1")).to_have_value(held, timeout=PATIENCE_MILLISECONDS)
    assert (pixels(latent) == still).all()
    assert [error for error in console_errors if "404" not in error] == []


def test_keys_move_a_slider_step_by_step_and_the_focus_stays(latent: Page) -> None:
    slider(latent, "Direction 2").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        slider(latent, "Direction 2").press(key)

    expect(latent).to_have_url(re.compile(r"bend=ganspace%3A2%3D0\.1(&|$)"))
    expect(slider(latent, "Direction 2")).to_be_focused()
    expect(slider(latent, "Direction 2")).to_have_attribute("aria-valuetext", "0.10")


def test_weights_give_the_pixels_of_the_terminal_also_in_a_fresh_browser(
    latent: Page, store: RunStore, open_page: OpenPage, tmp_path: Path
) -> None:
    box = latent.get_by_label("Expression", exact=True)
    box.fill("A - B + 0.5*C")
    box.press("Enter")
    expect(slider(latent, "Weight of B")).to_have_value("-1")
    expected = in_terminal(store, tmp_path, "seed:12 - seed:7 + 0.5*seed:3")
    assert (pixels(latent) == expected).all()

    latent.get_by_role("button", name="Share").click()
    latent.get_by_role("button", name="Make the link").click()
    link = latent.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(link).to_contain_text("at=640")
    address = "".join(link.inner_text().split())
    assert (pixels(opened(open_page(), address)) == expected).all()


def test_a_seed_is_put_on_the_shelf_and_named_and_undo_removes_it(latent: Page) -> None:
    latent.get_by_role("button", name="Seed 20").click()
    expect(slider(latent, "Weight of D")).to_be_visible()

    latent.get_by_label("Name of D").fill("Twenty")
    latent.get_by_label("Name of D").press("Enter")
    expect(latent).to_have_url(re.compile("D%3Dseed%3A20~Twenty"))
    latent.get_by_role("button", name="Undo").click()
    latent.get_by_role("button", name="Undo").click()
    expect(slider(latent, "Weight of D")).to_have_count(0)


def test_the_tab_key_stops_once_at_the_seeds_and_the_arrow_keys_move_between_them(latent: Page) -> None:
    stop = latent.get_by_label("Numbered seeds").locator("button[tabindex='0']")
    expect(stop).to_have_count(1)  # the first on the shelf: seed 3

    stop.press("ArrowRight")
    stop.press("Enter")
    expect(latent).to_have_url(re.compile("D%3Dseed%3A4(&|$)"))
    expect(latent.get_by_role("button", name="Seed 4, on the shelf as D")).to_be_focused()


def test_the_route_of_live_pictures_answers_only_under_the_host_names_of_this_server(server: Server) -> None:
    answers = {host: live_answer(server, host) for host in ("localhost", "evil.example")}

    assert answers == {"localhost": "The address names no snapshot.", "evil.example": "Invalid host header"}


def live_answer(server: Server, host: str) -> str:
    """The answer of the server to a request without an address."""
    request = urllib.request.Request(f"{server.url}/live", headers={"Host": f"{host}:{server.port}"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    return refused.value.read().decode()


def test_invalid_values_of_sliders_are_refused_with_a_sentence_and_the_page_stays(latent: Page) -> None:
    latent.locator(".latent-editor").evaluate("node => { node.mark = 'the same node'; }")
    latent.locator(".latent-editor").evaluate(SEND, {"weight:A": 2, "dim:77": 3})

    expect(latent.get_by_test_id("stAlert")).to_contain_text("This run has no direction")
    assert latent.locator(".latent-editor").evaluate("node => node.mark") == "the same node"
    expect(slider(latent, "Weight of A")).to_have_value("1")
    latent.get_by_role("button", name="Show A + B").click()
    expect(slider(latent, "Weight of B")).to_have_value("1")
    expect(latent.get_by_test_id("stAlert")).to_have_count(0)


def test_a_refused_slider_returns_to_the_value_of_the_page(latent: Page) -> None:
    latent.locator(".latent-editor").evaluate(MAKE_VALUES_INVALID)
    slider(latent, "Direction 3").focus()
    slider(latent, "Direction 3").press("ArrowRight")
    expect(latent.get_by_test_id("stAlert")).to_contain_text("This run has no direction")

    expect(slider(latent, "Direction 3")).to_have_value("0")


def test_the_slider_of_the_timeline_leads_through_the_snapshots(latent: Page) -> None:
    latent.get_by_role("tab", name="Through training").click()
    scrubber = latent.get_by_role("slider", name="A through training")
    expect(scrubber).to_have_attribute("aria-valuetext", "after 640 images")

    scrubber.press("Home")
    expect(scrubber).to_have_attribute("aria-valuetext", "after 0 images")
    latent.get_by_role("button", name="After 160 images").click()
    expect(latent).to_have_url(re.compile(r"at=160(&|$)"))


def test_the_latent_of_a_drawing_is_found_and_put_on_the_shelf(latent: Page) -> None:
    latent.get_by_role("tab", name="Find a picture").click()
    pad = latent.get_by_label("Drawing pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    latent.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    latent.mouse.down()
    latent.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=5)
    latent.mouse.up()

    latent.get_by_role("button", name="Find its latent").click()
    shelve = latent.get_by_role("button", name="Put it on the shelf")
    shelve.click(timeout=PATIENCE_MILLISECONDS)
    expect(slider(latent, "Weight of D")).to_have_value("1")
    expect(latent).to_have_url(re.compile("x=D"))


def test_the_downloaded_picture_has_the_pixels_on_the_screen(latent: Page) -> None:
    with latent.expect_download() as download:
        latent.get_by_role("link", name="Save this picture").click()
    assert download.value.suggested_filename == "mine-640.png"
    saved = np.asarray(Image.open(io.BytesIO(Path(download.value.path()).read_bytes())))
    assert (saved == np.kron(pixels(latent), np.ones((8, 8), np.uint8))).all()

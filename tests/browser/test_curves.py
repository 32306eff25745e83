"""The curves in Chromium: a run that trains changes neither the zoom nor the lines that a user chose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gan_core.config import RunConfig
from gan_core.runs.history import Row
from gan_core.runs.store import RunStore
from tests.browser.serving import Server
from tests.terminals import started, tiny_settings, wait_for_steps

REFRESHES = 20
PATIENCE_MILLISECONDS = 180_000  # on a busy machine
BATCH = 16
LONG_STEPS = 5_000

# The page draws news every one to three seconds; here the browser's clock is quicker, so that twenty refreshes are soon
# over.
TIME_LAPSE = """
const later = window.setTimeout;
const quicker = (milliseconds) => (milliseconds > 500 && milliseconds <= 3000 ? milliseconds / 5 : milliseconds);
window.setTimeout = (act, milliseconds, ...rest) => later(act, quicker(milliseconds), ...rest);
"""

# Counts what is drawn, and looks at each frame of the browser whether all lines are there.
WATCH = """chart => {
  const lines = () => [...chart.querySelectorAll('.scatterlayer path.js-line')];
  const drawn = () => lines().filter((path) => path.getAttribute('d')).length;
  const watched = { refreshes: 0, frames: 0, least: Infinity, most: 0, removed: 0 };
  chart.watched = watched;
  chart.on('plotly_afterplot', () => { watched.refreshes += 1; });
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.removedNodes) {
      if (node.nodeType === 1 && node.matches('svg, path.js-line, .trace')) watched.removed += 1;
    }
  }).observe(chart, { childList: true, subtree: true });
  const look = () => {
    watched.frames += 1;
    watched.least = Math.min(watched.least, drawn());
    watched.most = Math.max(watched.most, drawn());
    requestAnimationFrame(look);
  };
  look();
}"""
FILM = """images => window.dispatchEvent(
  new CustomEvent('gan-studio:sample', { detail: { run: 'long', images_seen: images } })
)"""
RANGES = "chart => [chart.layout.xaxis.range, chart.layout.yaxis.range].flat()"
NEWEST = "chart => chart.data[0].x.at(-1)"


@pytest.fixture(scope="module")
def run(server: Server, digits: str, one_processor: None) -> Iterator[str]:
    """A run that a terminal trains as long as the tests last."""
    settings = tiny_settings(data__name=digits, data__limit=2000, train__images=10**9, train__sample_every=10**7)
    command = ("train", "--root", str(server.root), "--run", "mine", *settings)
    with started(*command, folder=server.root.parent):
        wait_for_steps(RunStore(server.root), "mine")
        yield "mine"


def chart(page: Page) -> Locator:
    """The node that Plotly draws in."""
    return page.locator(".curves")


def line(page: Page, title: str) -> Locator:
    """The button that shows or hides a line."""
    return page.locator(".curves-line", has_text=title)


def opened(page: Page, server: Server, run: str) -> Page:
    page.goto(f"{server.url}/train?run={run}", timeout=PATIENCE_MILLISECONDS)
    page.wait_for_function("document.querySelector('.curves')?.data?.[0]?.x?.length > 1", timeout=PATIENCE_MILLISECONDS)
    return page


def drag_across(page: Page, from_share: float, to_share: float, heights: tuple[float, float] = (0.5, 0.5)) -> None:
    """Drag over a part of the width of the plot, and of its height where the two differ."""
    box = page.locator(".curves .nsewdrag").bounding_box()
    assert box is not None
    across = [box["x"] + share * box["width"] for share in (from_share, to_share)]
    down = [box["y"] + share * box["height"] for share in heights]
    page.mouse.move(across[0], down[0])
    page.mouse.down()
    page.mouse.move(across[1], down[1], steps=4)
    page.mouse.up()


def sees(page: Page, condition: str) -> None:
    """Wait until the condition, JavaScript about `chart`, holds."""
    page.wait_for_function(f"(chart => {condition})(document.querySelector('.curves'))", timeout=PATIENCE_MILLISECONDS)


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name)


def gear(page: Page) -> Locator:
    """The button that opens how the curves are drawn, and their files."""
    return page.get_by_role("button", name="How the curves are drawn, and files")


def choose(page: Page, name: str, axis: str) -> None:
    """Open a tab of curves and wait until it is drawn."""
    tab(page, name).click()
    expect(tab(page, name)).to_have_attribute("aria-selected", "true")
    sees(page, f"chart.layout.yaxis.title.text === '{axis}'")


def test_twenty_refreshes_change_no_zoom_no_node_and_no_hidden_line_and_blank_no_frame(
    server: Server, page: Page, run: str, console_errors: list[str]
) -> None:
    page.add_init_script(TIME_LAPSE)
    opened(page, server, run)
    line(page, "Generator").click()
    drag_across(page, 0.3, 0.6, heights=(0.2, 0.8))
    page.wait_for_function("!document.querySelector('.curves-reset').hidden")
    before, newest = chart(page).evaluate(RANGES), chart(page).evaluate(NEWEST)
    chart(page).evaluate("chart => { chart.mark = 'the same node'; }")
    chart(page).evaluate(WATCH)

    sees(page, f"chart.watched.refreshes >= {REFRESHES}")

    watched = chart(page).evaluate("chart => chart.watched")
    print(f"{watched['refreshes']} refreshes over {watched['frames']} frames: {watched}")
    assert chart(page).evaluate(RANGES) == pytest.approx(before)
    assert chart(page).evaluate(NEWEST) > newest
    assert chart(page).evaluate("chart => chart.mark") == "the same node"
    assert watched["least"] == watched["most"] > 0
    assert watched["removed"] == 0
    assert chart(page).evaluate("chart => chart.data.at(-1).visible") is False
    expect(line(page, "Generator")).to_have_attribute("aria-pressed", "false")
    assert [error for error in console_errors if "404" not in error] == []

    page.locator(".curves .nsewdrag").dblclick()
    sees(page, "chart.layout.xaxis.range[0] <= 0 && chart.layout.xaxis.autorange === true")


def test_the_choices_of_a_user_are_drawn_at_once_and_remembered(
    server: Server, page: Page, run: str, console_errors: list[str]
) -> None:
    opened(page, server, run)
    sees(page, "chart.layout.shapes.some((shape) => Math.abs(shape.y0 - 1.3863) < 1e-3)")
    expect(page.get_by_text("D only guessing (1.386)")).to_be_visible()

    raw = chart(page).evaluate("chart => chart.data[2].opacity")
    gear(page).click()
    page.get_by_role("slider", name="Smooth").evaluate(
        "range => { range.value = 0; range.dispatchEvent(new Event('input')); }"
    )
    sees(page, "chart.data[2].opacity === 0")
    assert raw > 0
    page.get_by_label("Horizontal axis").select_option("epochs")
    sees(page, "chart.layout.xaxis.title.text === 'epochs'")
    page.get_by_label("Window").select_option("0.5")
    sees(page, "chart.layout.xaxis.range?.[0] > 0")
    page.get_by_label("Logarithmic axis").check()
    sees(page, "chart.layout.yaxis.type === 'log'")

    choose(page, "Scores", "score")
    page.get_by_role("button", name="Chance of real").click()
    sees(page, "chart.layout.yaxis.title.text === 'chance of being real'")
    assert chart(page).evaluate("chart => chart.layout.xaxis.title.text") == "images seen"
    choose(page, "Accuracy", "right, percent")
    choose(page, "Speed", "images per second")
    page.keyboard.press("ArrowLeft")
    sees(page, "chart.layout.yaxis.title.text === 'norm of the gradient'")
    expect(tab(page, "Gradients")).to_be_focused()

    page.reload()
    sees(page, "chart?.layout?.yaxis?.title?.text === 'norm of the gradient'")
    choose(page, "Losses", "loss")
    assert chart(page).evaluate("chart => chart.layout.yaxis.type") == "log"
    assert page.get_by_label("Horizontal axis").input_value() == "epochs"
    assert [error for error in console_errors if "404" not in error] == []


def rows(first: int, last: int) -> list[Row]:
    return [
        {"step": step, "images_seen": step * BATCH, "seconds": step / 100, "loss_d": 1 + step % 7 / 10, "loss_g": 0.7}
        for step in range(first, last + 1)
    ]


@pytest.fixture
def long_run(server: Server) -> str:
    """A run that has ended, of more steps than a chart shows, to which two things happened."""
    store = RunStore(server.root)
    store.create(RunConfig(), "long", "studio")
    with store.history("long") as history:
        attempt = history.begin_attempt(0, 0, LONG_STEPS * BATCH)
        history.append(attempt, rows(1, LONG_STEPS))
        history.set_progress(status="stopped")
        history.events.add("resumed", "Resumed at 40,000 images.", 40_000)
        history.events.add("trace", "for the log", 40_000)
        history.events.add("advice", "the gradient is large", 60_000)
    return "long"


def test_zooming_loads_single_steps_and_cursor_and_player_follow_each_other(
    server: Server, page: Page, long_run: str, console_errors: list[str]
) -> None:
    opened(page, server, long_run)
    page.evaluate("""() => {
      window.cursors = [];
      window.addEventListener('gan-studio:cursor', (event) => window.cursors.push(event.detail));
    }""")
    page.evaluate(FILM, 40_000)
    expect(page.locator(".curves-sample")).to_be_visible()

    drag_across(page, 0.45, 0.55)
    sees(page, f"chart.data[0].x.filter((x, at, xs) => xs[at + 1] - x === {BATCH}).length > 300")
    expect(page.locator(".curves-sample")).to_be_visible()  # in the middle of what is seen
    page.evaluate(FILM, 1000)
    expect(page.locator(".curves-sample")).to_be_hidden()

    page.get_by_role("button", name="Reset zoom").click()
    sees(page, f"chart.data[0].x.length === {LONG_STEPS // 8 + 1}")
    marks = page.locator(".curves-mark")
    expect(marks).to_have_count(2)
    marks.nth(1).focus()
    expect(page.locator(".curves-tip")).to_contain_text("60,000 images: The gradient is large.")

    chart(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".curves-where")).to_contain_text("images")
    page.keyboard.press("Escape")
    pointed = page.evaluate("window.cursors")
    assert pointed[-2]["run"] == "long"
    assert 0 < pointed[-2]["images_seen"] < LONG_STEPS * BATCH
    assert pointed[-1] == {"run": "long", "images_seen": None}

    gear(page).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="All curves (CSV)").click()
    assert download.value.suggested_filename == "long-curves.csv"
    assert len(Path(download.value.path()).read_text().splitlines()) == LONG_STEPS + 1
    assert [error for error in console_errors if "404" not in error] == []

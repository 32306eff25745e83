"""Facts of Plotly and of Streamlit's pages that no documentation promises and that the code relies on."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Server

DRAW = """x => Plotly.react(document.querySelector('div'), [{ x, y: x, mode: 'lines' }], {
  width: 400, height: 300, margin: { l: 50, r: 10, t: 20, b: 30 }, ...window.wanted,
})"""


@pytest.fixture
def plotly(page: Page) -> Page:
    """An empty page with the Plotly that the dashboard serves."""
    found = find_spec("plotly")
    assert found is not None
    assert found.origin is not None
    page.set_content("<div></div>")
    page.add_script_tag(path=Path(found.origin).parent / "package_data" / "plotly.min.js")
    return page


def chart(page: Page, script: str) -> Any:
    return page.evaluate(f"(chart => {script})(document.querySelector('div'))")


def test_the_plot_is_the_rectangle_on_which_one_drags(plotly: Page) -> None:
    """curves/marks.js places its lines by it."""
    plotly.evaluate(DRAW, [0, 10])

    names = ["x", "y", "width", "height"]
    rectangle = chart(plotly, f"{names}.map(name => chart.querySelector('.nsewdrag')[name].baseVal.value)")

    assert rectangle == [50, 20, 340, 250]


def test_the_range_that_an_axis_has_found_is_written_into_the_layout(plotly: Page) -> None:
    plotly.evaluate("window.wanted = { xaxis: { autorange: true } }")
    plotly.evaluate(DRAW, [0, 10])

    assert chart(plotly, "chart.layout.xaxis.range.map(Number)") == pytest.approx([0, 10])


def test_drawing_again_keeps_the_node_of_a_line_and_forgets_a_zoom_that_is_not_in_the_layout(plotly: Page) -> None:
    plotly.evaluate("window.wanted = { xaxis: { range: [2, 4], autorange: false } }")
    plotly.evaluate(DRAW, [0, 10])
    plotly.evaluate("document.querySelector('path.js-line').fact = 'the same'")

    plotly.evaluate(DRAW, [0, 20])
    assert chart(plotly, "chart.querySelector('path.js-line').fact") == "the same"
    assert chart(plotly, "chart.layout.xaxis.range.map(Number)") == [2, 4]

    plotly.evaluate("window.wanted = {}")
    plotly.evaluate(DRAW, [0, 20])
    assert chart(plotly, "chart.layout.xaxis.range.map(Number)") == pytest.approx([0, 20])


def test_a_key_is_a_class_and_a_page_says_whether_its_script_runs(server: Server, page: Page) -> None:
    """Style sheets, the shortcut ? and tests find containers by their keys."""
    page.goto(f"{server.url}/train")

    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator(".st-key-train-start")).to_be_visible()  # the key is train.start

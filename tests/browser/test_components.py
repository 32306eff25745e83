"""The modules of the components in a real Chromium: below a base path, over changes of the theme, after a failure."""

import re
import urllib.error
import urllib.request
from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.app import component_modules
from gan_core.runs.store import RunStore
from tests.browser.conftest import StartServer
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train

RUN = "mine"
BASE = "/some/studio"
PATIENCE_MILLISECONDS = 60_000  # for what has no budget, on a busy machine
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light", "dark", "light")
COUNT_LISTENERS = """() => {
  const listeners = new Set();
  Object.defineProperty(window, "keydowns", { get: () => listeners.size });
  for (const [name, change] of [["addEventListener", "add"], ["removeEventListener", "delete"]]) {
    const original = document[name].bind(document);
    document[name] = (type, listener, ...rest) => {
      if (type === "keydown" && /[/]components[/]/.test(new Error().stack)) listeners[change](listener);
      return original(type, listener, ...rest);
    };
  }
}"""


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    """A dashboard below a path of its host, with one finished run of 8 x 8 digits."""
    server = start_server(base_path=BASE)
    store = RunStore(server.root)
    store.create(tiny(), RUN)
    assert train(store, RUN) == "finished"
    return server


def open_train(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/train?run={RUN}")
    expect(page.locator(".sample-player-picture[data-mark]")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(".curves .main-svg").first).to_be_visible(timeout=PATIENCE_MILLISECONDS)


def test_every_component_and_live_pictures_work_below_a_base_path(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_train(page, server)
    page.goto(f"{server.url}/latent?run={RUN}")
    slider = page.get_by_role("slider", name="Direction 1", exact=True)
    expect(slider).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    with page.expect_response(re.compile("/live")) as live:
        slider.press("ArrowRight")

    assert live.value.ok
    ours = [url for url in asked if re.search("/components/|/live|plotly.min", url)]
    assert len(ours) > 10
    assert [url for url in ours if not url.startswith(f"{server.url}/")] == []


def test_a_change_of_the_theme_adds_no_listener_and_a_shortcut_works_once(page: Page, server: Server) -> None:
    page.add_init_script(f"({COUNT_LISTENERS})()")
    open_train(page, server)
    page.wait_for_function("window.keydowns === 1")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)

    assert page.evaluate("window.keydowns") == 1
    page.keyboard.press("?")
    expect(page.get_by_text("This list")).to_be_visible()


def test_a_module_that_could_not_be_loaded_is_asked_for_again(page: Page, server: Server) -> None:
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route("**/sample_player/index.js", fail_once)
    open_train(page, server)
    assert len(failed) == 1


def test_modules_are_given_only_under_the_names_of_this_server(server: Server) -> None:
    address = component_modules.addresses("gallery")[0]
    good, evil = (get(server, address, host) for host in ("localhost", "evil.example"))
    beside = get(server, f"{address.rsplit('/', 1)[0]}/..%2f..%2f..%2fapp.py", "localhost")

    assert (good, evil) == (200, 400)
    assert beside in (400, 404)


def get(server: Server, address: str, host: str) -> int:
    """The status of an answer."""
    request = urllib.request.Request(f"{server.url}/{address}", headers={"Host": f"{host}:{server.port}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code

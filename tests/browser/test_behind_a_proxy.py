"""The dashboard below a path of another host name, behind a real reverse proxy; and without the settings for that."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gan_core.runs.store import RunStore
from tests.browser.conftest import FLAGS, StartServer
from tests.browser.find_chromium import find_chromium
from tests.browser.serving import Server
from tests.browser.test_latent_journey import COUNT_PICTURES, canvas, drag
from tests.reverse_proxy import PROXIES
from tests.tiny_runs import tiny, train

NAME = "studio.test"
BASE = "/some/studio"
RUN = "mine"
PATIENCE_MILLISECONDS = 60_000
RESOLVE = "--host-resolver-rules=MAP studio.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for which the host name of the proxy is this machine."""
    flags = [flag for flag in FLAGS if not flag.startswith("--host-resolver-rules")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*flags, RESOLVE])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def behind(start_server: StartServer) -> Server:
    """A dashboard that answers to the name of the proxy, with one run."""
    names = ("--server.allowedHosts", "localhost", "--server.allowedHosts", NAME)
    server = start_server(base_path=BASE, options=[*names, "--server.corsAllowedOrigins", f"https://{NAME}"])
    store = RunStore(server.root)
    store.create(tiny(), RUN)
    assert train(store, RUN) == "finished"
    return server


@pytest.mark.parametrize("proxy", PROXIES)
def test_pages_live_sliders_and_downloads_work_behind_a_proxy_below_a_path(
    behind: Server, page: Page, tmp_path: Path, proxy: str, console_errors: list[str]
) -> None:
    with PROXIES[proxy](behind.port, tmp_path) as port:
        address = f"http://{NAME}:{port}{BASE}"
        page.goto(f"{address}/train?run={RUN}")
        expect(page.locator(".sample-player-picture[data-mark]")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        expect(page.locator(".curves .main-svg").first).to_be_visible(timeout=PATIENCE_MILLISECONDS)

        page.goto(f"{address}/latent?run={RUN}")
        expect(page.get_by_role("slider", name="Direction 1", exact=True)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        canvas(page).evaluate(COUNT_PICTURES)
        drag(page, "Direction 1")
        page.mouse.up()
        assert page.evaluate("window.pictures.size") > 1  # how many depends on what else the machine does
        expect(page).to_have_url(re.compile(r"bend=ganspace"))

        page.goto(f"{address}/runs")
        expect(page.locator(".runs-table tbody tr")).to_have_count(1, timeout=PATIENCE_MILLISECONDS)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").last.click()
        assert Path(download.value.path()).stat().st_size > 1_000
        assert [error for error in console_errors if "404" not in error] == []


def test_another_host_name_is_told_what_to_set(server: Server, page: Page, tmp_path: Path) -> None:
    with PROXIES["ours"](server.port, tmp_path) as port:
        page.goto(f"http://{NAME}:{port}/")

        expect(page.get_by_role("heading")).to_have_text("GAN Studio does not answer to this host name")
        expect(page.get_by_text(f"--server.allowedHosts {NAME}")).to_be_visible()


@pytest.mark.parametrize("host", ["example.com", "<b>x</b>", "localhost.example.com", "a@localhost", ""])
@pytest.mark.parametrize("path", ["/", "/train", "/live?run=x", "/components/x/y.js"])
def test_no_page_and_no_data_go_to_another_host_name(server: Server, host: str, path: str) -> None:
    for accepted in ("text/html", "*/*"):
        asked = Request(f"http://localhost:{server.port}{path}", headers={"Host": host, "Accept": accepted})
        with pytest.raises(HTTPError) as refused:
            urlopen(asked, timeout=10)
        assert refused.value.code == 400
        assert b"<b>x</b>" not in refused.value.read()


def test_the_health_of_the_server_can_be_asked_by_any_name(server: Server) -> None:
    asked = Request(f"http://localhost:{server.port}/_stcore/health", headers={"Host": "10.0.0.7"})
    with urlopen(asked, timeout=10) as answer:
        assert answer.status == 200

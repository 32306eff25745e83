"""Fixtures for tests with a real dashboard and a real Chromium.

`server` is a dashboard without runs, `start_server` starts more; `page` is a tab, `open_page` opens more.
`console_errors` holds the errors that any tab of the test wrote to its console, such as a request to another machine.
A test fails if one of its pages raises an uncaught JavaScript exception.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import OwnedError, RunStore
from tests.browser.find_chromium import NoBrowserError, find_chromium
from tests.browser.serving import Server
from tests.waiting import eventually

StartServer = Callable[..., Server]
OpenPage = Callable[[], Page]

FLAGS = [
    "--headless",
    "--no-sandbox",  # root in a container has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",  # /dev/shm of a container is too small
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # the page must work offline
]
VIEWPORT = {"width": 1440, "height": 1000}
DEADLINE_MILLISECONDS = 30_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module. Not for the session: while Playwright runs, no other test can run an event loop."""
    try:
        executable = find_chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    expect.set_options(timeout=DEADLINE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """`start_server(environment={...})` starts a dashboard with its own port and checkpoints folder."""
    servers: list[Server] = []

    def start(environment: dict[str, str] | None = None, base_path: str = "", options: Sequence[str] = ()) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), environment, base_path=base_path, options=options)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard that modules share: to start one and to import torch takes seconds."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def server(one_server: Server) -> Server:
    """The dashboard of a module, at first without any run."""
    empty(RunStore(one_server.root))
    return one_server


def empty(store: RunStore) -> None:
    """Delete what the tests before have left."""
    store.queue.change(lambda queue: replace(queue, waiting=()))
    for run in store.runs():
        if run.status in ACTIVE:
            store.request(run.name, "stop", "a test")
    eventually(lambda: all(is_deleted(store, run.name) for run in store.runs()), "all runs were deleted")
    for copy in store.trash.all():
        store.trash.erase(copy)


def is_deleted(store: RunStore, run: str) -> bool:
    """Delete a run; False while another process has it."""
    try:
        store.delete(run)
    except OwnedError:
        return False
    return True


@pytest.fixture
def console_errors() -> list[str]:
    """The errors that the tabs of this test wrote to their consoles, in order."""
    return []


@pytest.fixture
def open_page(chromium: Browser, console_errors: list[str]) -> Iterator[OpenPage]:
    """`open_page()` is a new tab with a browser context of its own: no cookies or storage are shared."""
    contexts = []
    thrown: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{message.text} {message.location.get('url', '')}".strip())

    def open_tab() -> Page:
        context = chromium.new_context(viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
        context.set_default_timeout(DEADLINE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: thrown.append(error.stack or str(error)))
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert not thrown, "\n".join(thrown)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One tab."""
    return open_page()

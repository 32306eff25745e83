"""axe-core checks the pages: none of our elements has a serious or critical violation."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from gan_core.runs.store import RunStore
from tests.browser.conftest import is_deleted
from tests.browser.serving import Server
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

GRAVE = ("serious", "critical")
PATIENCE_MILLISECONDS = 60_000
FADED_MILLISECONDS = 1_500  # Streamlit fades within one second


class Allowed(NamedTuple):
    """What Streamlit draws and we cannot change: one rule, in elements that a selector of ours names."""

    rule: str
    selector: str
    reason: str


ALLOWED: tuple[Allowed, ...] = ()


@pytest.fixture(scope="module")
def store(server: Server) -> RunStore:
    return RunStore(server.root)


def grave(page: Page) -> list[str]:
    """The violations that are there at two looks: what is about to be replaced fades, and has no contrast for once."""
    first = seen(page)
    if first:
        settle(page)
        page.wait_for_timeout(FADED_MILLISECONDS)
    return sorted(set(first) & set(seen(page))) if first else []


def seen(page: Page) -> list[str]:
    """The rule and the element of each grave violation that is not allowed."""
    found: list[dict[str, Any]] = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
        if violation["impact"] in GRAVE and not allowed(page, violation["id"], node["target"][-1])
    ]


def allowed(page: Page, rule: str, target: Any) -> bool:
    """Whether the element is one of those that Streamlit alone draws."""
    selectors = [entry.selector for entry in ALLOWED if entry.rule == rule]
    matches = "([target, selectors]) => selectors.some((one) => document.querySelector(target)?.matches(one))"
    return isinstance(target, str) and bool(page.evaluate(matches, [target, selectors]))


def opened(page: Page, address: str, text: str) -> Page:
    page.goto(address)
    expect(page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Until the script has run: what it is about to replace fades, and has no contrast then."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(
        timeout=PATIENCE_MILLISECONDS
    )


@pytest.fixture
def endless(store: RunStore) -> Iterator[str]:
    """A run that does not end by itself; gone after the test."""
    run = store.create(tiny(train__images=10_000_000_000), "endless")
    yield run
    store.request(run, "stop", "a terminal")
    eventually(lambda: store.progress(run).status == "stopped", "the run stops")
    eventually(lambda: is_deleted(store, run), "its trainer lets go of the run")


@pytest.fixture
def finished(store: RunStore) -> Iterator[str]:
    """A run of MNIST's digits that has ended; gone after the test."""
    run = store.create(tiny(data__name="mnist-5k", data__image_size=28, train__images=64), "done")
    assert train(store, run) == "finished"
    yield run
    store.delete(run)


def test_without_a_run_our_elements_have_no_serious_violation(page: Page, server: Server) -> None:
    opened(page, server.url, "Every layer as a table")

    assert grave(page) == []


def test_while_a_run_trains_our_elements_have_no_serious_violation(page: Page, server: Server, endless: str) -> None:
    page.goto(f"{server.url}/train?run={endless}")
    page.get_by_role("button", name="Resume").click(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(".st-key-train-status")).to_contain_text("Running", timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(".curves .main-svg").first).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    assert grave(page) == []


def test_when_a_run_has_finished_our_elements_have_no_serious_violation(
    page: Page, server: Server, finished: str
) -> None:
    opened(page, f"{server.url}/train?run={finished}", "Summary")
    page.locator(".sample-player-strip-head button").click(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator(".digit-bars .bar").first).to_be_attached(timeout=PATIENCE_MILLISECONDS)

    assert grave(page) == []


def test_on_the_latent_page_our_elements_have_no_serious_violation(page: Page, server: Server, finished: str) -> None:
    page.goto(f"{server.url}/latent?run={finished}")
    expect(page.get_by_role("slider", name="Direction 1", exact=True)).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    settle(page)

    assert grave(page) == []

"""The dashboard opens."""

from playwright.sync_api import Page, expect

from tests.browser.serving import Server

FIRST_PAINT_MILLISECONDS = 30_000


def test_the_front_page_opens_without_an_error(server: Server, page: Page, console_errors: list[str]) -> None:
    page.goto(server.url)

    settled = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(settled).to_be_visible(timeout=FIRST_PAINT_MILLISECONDS)
    expect(page.get_by_test_id("stMain")).not_to_be_empty()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert console_errors == []
    assert "Traceback" not in server.output()

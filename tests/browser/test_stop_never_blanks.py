"""Stop is pressed while both processors are busy: no part of the Train page goes away for a moment."""

from playwright.sync_api import Page

from benchmarks.dropped_elements import being_stopped, messages_of_a_full_run, polls
from benchmarks.stops import PARTS, SUMMARY, begin, press, says
from gan_core.runs.store import RunStore
from tests.browser.conftest import StartServer
from tests.browser.presence import busy_processors, record, recorded
from tests.browser.serving import Server

ROUNDS = 2  # benchmarks/stops.py does more of them
AFTERWARDS_MILLISECONDS = 1_500
FEWEST_LOOKS = 30
FEWEST_ELEMENTS = 60


def stopped(page: Page) -> None:
    press(page, "Stop")
    assert says(page, "Stopped")
    page.locator(SUMMARY).wait_for()
    page.wait_for_timeout(AFTERWARDS_MILLISECONDS)


def test_player_curves_status_and_summary_are_there_at_every_moment_of_a_stop(server: Server, page: Page) -> None:
    begin(page, server)
    with busy_processors():
        record(page, PARTS)
        for _ in range(ROUNDS):
            stopped(page)
            seen = recorded(page)
            assert seen.absences == []
            assert seen.looks > FEWEST_LOOKS

            record(page, {"summary": SUMMARY, **PARTS})
            page.wait_for_timeout(AFTERWARDS_MILLISECONDS)
            assert recorded(page).absences == []
            record(page, PARTS)
            press(page, "Resume")
            assert says(page, "Running")
        stopped(page)
        assert recorded(page).absences == []


def test_a_poll_can_take_nothing_from_the_page_but_the_empty_container_of_the_pulse(start_server: StartServer) -> None:
    server = start_server()
    with being_stopped(RunStore(server.root)):
        [poll] = polls(messages_of_a_full_run(server))

    assert poll.elements > FEWEST_ELEMENTS
    assert poll.removed <= 1

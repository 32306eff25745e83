"""Whether the Train page loses a part when a run is stopped: python -m benchmarks.stops

Two processes keep both processors busy. A browser starts a run, stops it, resumes it, stops it again, and so on. A
recorder in the page looks at every frame and at every change of the document whether the sample player, the curves, the
status line and the progress bar are there, and, from the first stop to the next start, the summary. With `--code`
another checkout of the program is served. With `--flush-seconds` Streamlit's server waits for a random time up to this
long between two sends, as on a busy machine. Then a poll of a fragment can begin while messages of a run of the whole
page are not sent yet.
"""

import argparse
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.report import Figure, report
from tests.browser.conftest import FLAGS, VIEWPORT
from tests.browser.find_chromium import find_chromium
from tests.browser.presence import PROCESSORS, Presence, busy_processors, record, recorded
from tests.browser.serving import REPOSITORY, Server

PATIENCE_MILLISECONDS = 120_000
STUCK_MILLISECONDS = 30_000  # a page that shows an old status for longer is stuck
TRAINS_MILLISECONDS = 1_500
AFTERWARDS_MILLISECONDS = 2_500
STATUS_LINE = ".st-key-train-status, .st-key-train-standing"
SUMMARY = ".st-key-train-after"
PARTS = {
    "sample player": ".sample-player-picture, .reel-picture",
    "curves": ".curves path.js-line",
    "status line": STATUS_LINE,
    "progress": "[role=progressbar]",
}
# Python runs this file at its start if the folder is in PYTHONPATH
SLOW_MESSAGES = """import random
from streamlit.runtime import runtime

class Irregular(float):
    def __radd__(self, now):  # asyncio adds the delay to the time
        return now + random.uniform(0, float(self))

runtime.MESSAGE_FLUSH_INTERVAL_SECS = Irregular({seconds})
"""


def slow_messages(folder: Path, seconds: float) -> dict[str, str]:
    """The environment of a server that sends its messages up to `seconds` late; 0 changes nothing."""
    if not seconds:
        return {}
    (folder / "sitecustomize.py").write_text(SLOW_MESSAGES.format(seconds=seconds))
    return {"PYTHONPATH": str(folder)}


def says(page: Page, word: str) -> bool:
    """Whether the status line shows this word in time."""
    try:
        expect(page.locator(STATUS_LINE).first).to_contain_text(re.compile(rf"\b{word}"), timeout=STUCK_MILLISECONDS)
    except AssertionError:
        return False
    return True


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(rf"^{name}\b")).click(timeout=PATIENCE_MILLISECONDS)


def begin(page: Page, server: Server) -> None:
    """Start a run on this page and wait until it has curves and a picture."""
    page.goto(server.url, timeout=PATIENCE_MILLISECONDS)
    press(page, "Start training")
    page.get_by_alt_text("64 pictures").first.wait_for(timeout=PATIENCE_MILLISECONDS)
    page.wait_for_function("document.querySelector('.curves')?.data?.[0]?.x?.length > 1", timeout=PATIENCE_MILLISECONDS)


def stops(page: Page, rounds: int) -> list[dict[str, Figure]]:
    """Stop and resume in turns, and watch the page all the time. Ends early if the page is stuck."""
    record(page, PARTS)
    rows: list[dict[str, Figure]] = []
    for number in range(1, rounds + 1):
        press(page, "Stop")
        goes_on = says(page, "Stopped")
        page.wait_for_timeout(AFTERWARDS_MILLISECONDS)
        if goes_on and number < rounds:
            press(page, "Resume")
            goes_on = says(page, "Running")
            page.wait_for_timeout(TRAINS_MILLISECONDS)
        rows.append(row(number, recorded(page), goes_on))
        if not goes_on:
            break
    return rows


def row(number: int, presence: Presence, goes_on: bool) -> dict[str, Figure]:
    lost = ", ".join(f"{absence.part} {absence.milliseconds:.0f} ms" for absence in presence.absences)
    return {
        "round": number,
        "looks": presence.looks,
        "longest gap ms": presence.longest_gap_milliseconds,
        "absent": lost or "nothing",
        "stuck": "no" if goes_on else "yes",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--code", type=Path, default=REPOSITORY, help="the checkout that is served")
    parser.add_argument("--flush-seconds", type=float, default=0.0)
    parser.add_argument("--idle", action="store_true", help="without the two busy processes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), slow_messages(Path(folder), chosen.flush_seconds), chosen.code)
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]})
            begin(page, server)
            with busy_processors(0 if chosen.idle else PROCESSORS):
                rows = stops(page, chosen.rounds)
        finally:
            browser.close()
            server.close()
    lost = sum(row["absent"] != "nothing" for row in rows)
    report(
        f"stops, messages sent up to {chosen.flush_seconds} s late", rows, [f"{lost} of {len(rows)} rounds lost a part"]
    )


if __name__ == "__main__":
    main()

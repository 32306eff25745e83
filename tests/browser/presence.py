"""Whether parts of a page are there at every moment: a recorder in the page looks at each frame and each change."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Page

PROCESSORS = 2
BUSY = "while True: pass"
# `deep` also finds nodes inside the shadow trees of components.
RECORDER = """parts => {
  const deep = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const host of root.querySelectorAll('*')) {
      const inside = host.shadowRoot && deep(selector, host.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  const shown = (node) => node && node.isConnected && node.getBoundingClientRect().height > 0;
  const kept = {};
  const record = { looks: 0, longest_gap: 0, absences: [] };
  window.presence?.stop();
  window.presence = record;
  let before = performance.now();
  const missing = {};
  const look = () => {
    const now = performance.now();
    record.looks += 1;
    record.longest_gap = Math.max(record.longest_gap, now - before);
    before = now;
    for (const [name, selector] of Object.entries(parts)) {
      if (!shown(kept[name])) kept[name] = deep(selector);
      if (shown(kept[name])) {
        if (missing[name]) {
          record.absences.push({ part: name, milliseconds: now - missing[name] });
          delete missing[name];
        }
      } else missing[name] ??= now;
    }
  };
  record.take = () => {
    for (const [name, since] of Object.entries(missing)) {
      record.absences.push({ part: name, milliseconds: performance.now() - since });
    }
    const seen = { ...record };
    Object.assign(record, { looks: 0, longest_gap: 0, absences: [] });
    return { looks: seen.looks, longest_gap: seen.longest_gap, absences: seen.absences };
  };
  const changes = new MutationObserver(look);
  changes.observe(document.body, { childList: true, subtree: true });
  let watches = true;
  record.stop = () => { watches = false; changes.disconnect(); };
  const frame = () => { if (watches) { look(); requestAnimationFrame(frame); } };
  frame();
}"""


class Absence(NamedTuple):
    """A part that was not on the page for a while."""

    part: str
    milliseconds: float


class Presence(NamedTuple):
    """What the recorder saw: how often it looked, the longest time between two looks, and each absence."""

    looks: int
    longest_gap_milliseconds: float
    absences: list[Absence]


def record(page: Page, parts: Mapping[str, str]) -> None:
    """Begin to watch parts of the page, given as CSS selectors by their names. All of them have to be there now."""
    page.evaluate(RECORDER, dict(parts))


def recorded(page: Page) -> Presence:
    """What was seen since `record` or since the last call. The page goes on being watched."""
    seen = page.evaluate("window.presence.take()")
    absences = [Absence(entry["part"], entry["milliseconds"]) for entry in seen["absences"]]
    return Presence(seen["looks"], seen["longest_gap"], absences)


@contextmanager
def busy_processors(count: int = PROCESSORS) -> Iterator[None]:
    """So many processes that compute without end, at normal priority."""
    processes = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()

"""How each status of a run looks on every page. Which statuses belong together: `gan_core.runs.status_sets`."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from gan_core.runs.history import Status
from gan_core.runs.status_sets import SET_ASIDE
from gan_core.runs.store import RunSummary

Colour: TypeAlias = Literal["red", "orange", "blue", "green", "violet", "gray"]


class Look(NamedTuple):
    """The badge of a status. The word and the icon say the same as the colour."""

    word: str
    icon: str
    colour: Colour


LOOKS: Mapping[Status, Look] = {  # in the order in which a list of runs sorts them
    "running": Look("Running", ":material/play_circle:", "green"),
    "stopping": Look("Stopping", ":material/pending:", "orange"),
    "paused": Look("Paused", ":material/pause_circle:", "orange"),
    "queued": Look("Waiting", ":material/hourglass_top:", "blue"),
    "failed": Look("Failed", ":material/error:", "red"),
    "damaged": Look("Damaged", ":material/broken_image:", "red"),
    "interrupted": Look("Interrupted", ":material/power_off:", "orange"),
    "stopped": Look("Stopped", ":material/stop_circle:", "gray"),
    "finished": Look("Finished", ":material/check_circle:", "violet"),
}
MOST_URGENT_FIRST: Sequence[Status] = tuple(LOOKS)
ENDINGS: Mapping[int, str] = {1: "st", 2: "nd", 3: "rd"}  # of ordinal numbers


def look_of(run: RunSummary, waiting: Sequence[str] | None = None) -> Look:
    """The badge of a run. `waiting`, the queue with the next run first, adds the place of a run that waits."""
    if run.status == "stopped" and run.code == SET_ASIDE:
        return LOOKS["paused"]
    look = LOOKS[run.status]
    if run.status == "queued" and waiting is not None and run.name in waiting:
        return look._replace(word=f"{look.word} ({ordinal(waiting.index(run.name) + 1)})")
    return look


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ... 11th, ... 21st."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ENDINGS.get(last, 'th')}"

"""How each status of a run looks on every page. Which statuses belong together: `gan_core.runs.status_sets`."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from gan_core.runs.history import Status

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

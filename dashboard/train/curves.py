"""What the curves of a run are drawn from, without their rows: groups, lines, references, explanations, events.

The component that draws them is a part of `run_view`. It is not `st.plotly_chart`, which is built again each time its
data change, and so loses the zoom.
"""

from collections.abc import Sequence
from typing import Any

from dashboard.train import curve_groups
from dashboard.train.curve_groups import Group
from dashboard.ui.text import amount, as_sentence
from gan_core.config import ObjectiveConfig, RunConfig
from gan_core.evaluation.metrics import metrics_for
from gan_core.runs.history import MOST_LINES, Event

MOST_EVENTS = 200
FILE_NOTE = f"Every step, or means of several steps where there are over {amount(MOST_LINES)}."


def drawing(config: RunConfig) -> dict[str, Any]:
    """The tabs, the groups of curves, and a note on their files."""
    offered = curve_groups.groups_of(config.objective, is_measured=bool(metrics_for(config)))
    return {
        "tabs": curve_groups.tabs(offered),
        "groups": {key: drawing_of(key, group, config.objective) for key, group in offered.items()},
        "file_note": FILE_NOTE,
    }


def drawing_of(key: str, group: Group, objective: ObjectiveConfig) -> dict[str, Any]:
    """What the component needs to draw a group, without the rows."""
    return {
        "title": group.title,
        "axis": group.axis,
        "logarithmic": group.logarithmic,
        "span": group.span,
        "measured": group.is_measured,
        "explained": group.explained._asdict(),
        "lines": [
            {
                "title": line.title,
                "phrase": line.phrase,
                "tone": line.tone,
                "speed": line.is_speed,
                "measured": group.is_measured,
            }
            for line in group.lines
        ],
        "references": [reference._asdict() for reference in curve_groups.references(key, objective)],
    }


def marks_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events, for the marks on the axis. Tracebacks are only in the log."""
    known = [event for event in events if event.kind != "trace"][-MOST_EVENTS:]
    return [{"images_seen": event.images_seen, "text": as_sentence(event.text)} for event in known]

"""The curves of a run: a component around Plotly that fetches its rows (see `live_data` and components/curves).

`st.plotly_chart` is built again each time its data change, so it loses the zoom. The component keeps its node, the zoom
and the hidden lines while numbers come in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.app import services
from dashboard.train import curve_groups, live_data, status_text
from dashboard.train.curve_groups import Group
from dashboard.ui.component import component
from dashboard.ui.text import amount, as_sentence
from gan_core.config import ObjectiveConfig
from gan_core.evaluation.metrics import metrics_for
from gan_core.runs.history import MOST_LINES, Event
from gan_core.runs.record import config_in
from gan_core.runs.store import RunSummary

KEY = "train.curves"
HEIGHT_PIXELS = 452
MOST_EVENTS = 200
FILE_NOTE = f"Every step, or means of several steps where there are over {amount(MOST_LINES)}."

_curves = component("curves", isolate_styles=False)  # Plotly writes its own styles into the document


def show_curves(run: RunSummary, record: Mapping[str, Any], events: Sequence[Event]) -> None:
    """The curves of one run. Another run starts without the zoom."""
    services.provide_plotly()
    config = config_in(record, run.name)
    objective = config.objective
    offered = curve_groups.groups_of(objective, is_measured=bool(metrics_for(config)))
    groups = {key: drawing_of(key, group, objective) for key, group in offered.items()}
    _curves(
        key=KEY,
        data={
            **live_data.followed(run),
            "tabs": curve_groups.tabs(offered),
            "groups": groups,
            "events": marks_of(events),
            "epoch_images": (record["resolved"] or {}).get("data_size"),
            "message": status_text.no_curve(run.status),
            "height": HEIGHT_PIXELS,
            "file_note": FILE_NOTE,
        },
    )


def drawing_of(key: str, group: Group, objective: ObjectiveConfig) -> dict[str, Any]:
    """What the component needs to draw a group, without the rows."""
    return {
        "title": group.title,
        "axis": group.axis,
        "logarithmic": group.logarithmic,
        "span": group.span,
        "measured": group.is_measured,
        "lines": [
            {"title": line.title, "tone": line.tone, "speed": line.is_speed, "measured": group.is_measured}
            for line in group.lines
        ],
        "references": [reference._asdict() for reference in curve_groups.references(key, objective)],
    }


def marks_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events, for the marks on the axis. Tracebacks are only in the log."""
    known = [event for event in events if event.kind != "trace"][-MOST_EVENTS:]
    return [{"images_seen": event.images_seen, "text": as_sentence(event.text)} for event in known]

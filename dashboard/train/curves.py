"""Curves that live on the page: a component around Plotly, because `st.plotly_chart` is made anew each time.

The component keeps its node, the zoom and the hidden lines while numbers come in. Only the chosen group travels; how it
is drawn (axis, smoothing, window) is the browser's. Where somebody looks closely at a part of a long run, it asks for
the steps of that part, and they take the place of the coarse ones.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.train import curve_groups
from dashboard.train.curve_groups import FIRST, SPEED, Group, Line
from dashboard.ui.component import component
from dashboard.ui.text import amount, as_sentence
from gan_core.config import ObjectiveConfig
from gan_core.runs.history import MOST_LINES, SCALARS, Event
from gan_core.runs.store import RunStore, RunSummary

if TYPE_CHECKING:  # heavy, and not needed to paint the page
    import pandas

KEY = "train.curves"
HEIGHT_PIXELS = 452
POINTS = 1000
SIGNIFICANT_DIGITS = 5
SPEED_SECONDS = 1.0  # training time over which a speed is taken
MOST_EVENTS = 200
MOST_IMAGES = 2**53  # to which a browser counts without an error
Numbers = list[float | None]

_curves = component("curves", isolate_styles=False)  # Plotly writes its own styles into the document


class View(NamedTuple):
    """What a browser asks for: a group, and a part of the run (in images) that it looks at closely."""

    number: int = 0
    run: str = ""
    group: str = FIRST
    start: int | None = None
    stop: int | None = None


def curves(store: RunStore, run: RunSummary, record: Mapping[str, Any], events: Sequence[Event], waiting: str) -> None:
    """The curves of one run. `waiting` is said where there is no row yet.

    A fragment of their own: who opens another group does not draw the rest of the page anew. The user's zoom belongs to
    the run: another run starts without.
    """
    services.provide_plotly()

    @st.fragment
    def draw() -> None:
        with error_boundary():
            show(store, run, record, events, waiting)

    draw()


def show(store: RunStore, run: RunSummary, record: Mapping[str, Any], events: Sequence[Event], waiting: str) -> None:
    """What the browser wants to see of the curves."""
    objective = ObjectiveConfig.model_validate(record["config"]["objective"])
    offered, view = curve_groups.groups_of(objective), wanted()
    key = view.group if view.group in offered else FIRST
    frame = frame_of(store, run, offered[key], view) if run.images_seen else None
    _curves(
        key=KEY,
        data={
            "run": run.name,
            "answer": view.number,
            "tabs": curve_groups.tabs(offered),
            "references": [reference._asdict() for reference in curve_groups.references(key, objective)],
            "events": told(events),
            "epoch_images": (record["resolved"] or {}).get("data_size"),
            "message": "" if frame is not None and len(frame) else waiting,
            "height": HEIGHT_PIXELS,
            **drawn(key, offered[key], frame),
        },
        on_view_change=lambda: None,
    )
    if run.images_seen:
        downloads(store, run.name, offered[key])


def downloads(store: RunStore, run: str, group: Group) -> None:
    """The curves to take away: those that are shown, and all there are. A file is made when its button is pressed."""
    with st.popover("CSV", icon=":material/download:"):
        give("shown", group.title, f"{run}-{group.tab.lower()}-curves.csv", store, run, curve_groups.columns_of(group))
        give("all", "All curves", f"{run}-curves.csv", store, run, SCALARS)
        st.caption(f"Every step, or means of more where there are over {amount(MOST_LINES)}.")


def curves_csv(store: RunStore, run: str, columns: Sequence[str]) -> bytes:
    """The curves of a run as a CSV file."""
    with store.history(run) as history:
        return history.curves_csv(columns)


def give(kind: str, word: str, file_name: str, store: RunStore, run: str, columns: Sequence[str]) -> None:
    st.download_button(
        word,
        lambda: curves_csv(store, run, columns),
        file_name=file_name,
        mime="text/csv",
        on_click="ignore",
        icon=":material/table:",
        key=f"{KEY}.{kind}",
        width="stretch",
    )


def wanted() -> View:
    """What the browser asked for last; it can say anything, and is taken at its word only where it makes sense."""
    said = (st.session_state.get(KEY) or {}).get("view")
    try:
        view = View(**said) if isinstance(said, Mapping) else View()
    except TypeError:  # something that is not asked for
        return View()
    texts, ends = (view.run, view.group), (end for end in (view.start, view.stop) if end is not None)
    sound = all(isinstance(text, str) for text in texts) and view.group in curve_groups.GROUPS
    counts = all(isinstance(number, int) and 0 <= number <= MOST_IMAGES for number in (view.number, *ends))
    return view if sound and counts else View()


def frame_of(store: RunStore, run: RunSummary, group: Group, view: View) -> "pandas.DataFrame":
    """The whole run in POINTS rows at most; of the part that is looked at closely as many again."""
    import pandas

    columns = curve_groups.columns_of(group)
    whole = store.curve(run.name, columns, points=POINTS)
    if view.run != run.name or (view.start is None and view.stop is None) or not coarse(whole):
        return whole
    part = store.curve(run.name, columns, view.start, view.stop, POINTS)
    if part.empty:
        return whole
    first, last = part["step"].iloc[0], part["step"].iloc[-1]
    closer: pandas.DataFrame = pandas.concat([whole[whole["step"] < first], part, whole[whole["step"] > last]])
    return closer


def coarse(frame: "pandas.DataFrame") -> bool:
    """Whether a row may stand for several steps."""
    return len(frame) > 0 and int(frame["step"].iloc[-1] - frame["step"].iloc[0]) >= len(frame)


def drawn(key: str, group: Group, frame: "pandas.DataFrame | None") -> dict[str, Any]:
    """The curves of one group as the component takes them."""
    known = frame is not None and len(frame) > 0
    lines = [line(frame, entry, group.scale) for entry in group.lines] if frame is not None and known else []
    images = frame["images_seen"].tolist() if frame is not None and known else []
    return {
        "group": key,
        "axis": group.axis,
        "logarithmic": group.logarithmic,
        "span": group.span,
        "coarse": frame is not None and coarse(frame),
        "images_seen": images,
        "seconds": numbers(frame["seconds"]) if frame is not None and known else [],
        "lines": lines,
        "description": description(group, images, lines),
    }


def line(frame: "pandas.DataFrame", entry: Line, scale: float) -> dict[str, Any]:
    """One scalar of the frame: its mean, and the least and greatest value that each point stands for."""
    about = {"title": entry.title, "tone": entry.tone}
    if entry.column == SPEED:
        values = numbers(speed(frame))
        return {**about, "mean": values, "low": values, "high": values}
    mean, low, high = (numbers(frame[f"{entry.column}{end}"] * scale) for end in ("", "_min", "_max"))
    return {**about, "mean": mean, "low": low, "high": high}


def speed(frame: "pandas.DataFrame") -> Sequence[float]:
    """Images per second of training over the last SPEED_SECONDS before each row, or since the row before it."""
    import numpy

    seconds, images = frame["seconds"].to_numpy(), frame["images_seen"].to_numpy()
    before = (numpy.searchsorted(seconds, seconds - SPEED_SECONDS, side="right") - 1).clip(0)
    passed = seconds - seconds[before]
    return [float(rate) for rate in (images - images[before]) / numpy.where(passed > 0, passed, numpy.nan)]


def numbers(values: "Sequence[float] | pandas.Series[float]") -> Numbers:
    """Numbers as JSON can say them: what is none becomes null, and a curve needs no more than five digits."""
    return [float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None for value in values]


def told(events: Sequence[Event]) -> list[dict[str, Any]]:
    """What happened, for the marks on the axis; traces are for the log."""
    known = [event for event in events if event.kind != "trace"][-MOST_EVENTS:]
    return [{"images_seen": event.images_seen, "text": as_sentence(event.text)} for event in known]


def description(group: Group, images: Sequence[int], lines: Sequence[Mapping[str, Any]]) -> str:
    """The chart in one sentence, for those who do not see it."""
    if not images:
        return f"{group.title}: no values yet."
    return (
        f"{group.title} over images seen, up to {amount(images[-1])} images. Newest: {curve_groups.newest_of(lines)}."
    )

"""Curves that live on the page: a component around Plotly, because `st.plotly_chart` is made anew each time.

The component keeps its node, the zoom and the hidden lines while numbers come in. Its colours are the theme's.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import session
from dashboard.words import amount

if TYPE_CHECKING:  # heavy, and not needed to paint the page
    import pandas

HEIGHT_PIXELS = 452
SIGNIFICANT_DIGITS = 5
LOSSES: Mapping[str, str] = {"loss_d": "Discriminator", "loss_g": "Generator"}
Numbers = list[float | None]

_curves = st.components.v2.component(
    "gan_studio_curves",
    html='<div class="curves" role="img"></div><p class="curves-message" role="status" hidden></p>',
    css=(Path(__file__).parents[1] / "components" / "curves.css").read_text(),
    js=(Path(__file__).parents[1] / "components" / "curves.js").read_text(),
    isolate_styles=False,  # Plotly writes its own styles into the document
)


def losses(run: str, frame: "pandas.DataFrame | None", waiting: str) -> None:
    """Both losses over the images seen; `waiting` is said where there is no row yet.

    `frame` is `RunStore.curve` of the two losses. The user's zoom belongs to the run: another run starts without.
    """
    session.provide_plotly()
    lines = [] if frame is None else [line(frame, column, title) for column, title in LOSSES.items()]
    images = [] if frame is None else frame["images_seen"].tolist()
    _curves(
        key="train.losses",
        data={
            "run": run,
            "images_seen": images,
            "lines": lines,
            "message": "" if images else waiting,
            "description": description(images, lines),
            "height": HEIGHT_PIXELS,
        },
        height=HEIGHT_PIXELS,
    )


def line(frame: "pandas.DataFrame", column: str, title: str) -> dict[str, object]:
    """One scalar of the frame: its mean, and the least and greatest value that each point stands for."""
    return {
        "title": title,
        "mean": numbers(frame[column]),
        "low": numbers(frame[f"{column}_min"]),
        "high": numbers(frame[f"{column}_max"]),
    }


def numbers(values: "Sequence[float] | pandas.Series[float]") -> Numbers:
    """Numbers as JSON can say them: what is none becomes null, and a curve needs no more than five digits."""
    return [float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None for value in values]


def description(images: Sequence[int], lines: Sequence[Mapping[str, object]]) -> str:
    """The chart in one sentence, for those who do not see it."""
    if not images:
        return "Losses of the discriminator and the generator: no values yet."
    newest = " and ".join(f"{entry['title']} {last(entry['mean'])}" for entry in lines)
    return f"Losses over images seen, up to {amount(images[-1])} images. Newest: {newest}."


def last(values: object) -> str:
    known = [value for value in values if value is not None] if isinstance(values, list) else []
    return f"{known[-1]:.3g}" if known else "not a number"

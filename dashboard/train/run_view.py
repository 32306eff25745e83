"""Film and curves of a run beside each other, one time line under both, and a strip of pictures below it.

One component, so that the height of everything is known before the first picture. It fetches samples, the live picture
and the rows of the curves (see `live_data` and components/run_view).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.app import services
from dashboard.train import curves, live_data, status_text, summary
from dashboard.ui.component import component
from gan_core.pictures.grid_layout import GRID_COLUMNS, GRID_SEEDS
from gan_core.runs.history import Event
from gan_core.runs.record import config_in
from gan_core.runs.store import RunSummary

KEY = "train.view"
_run_view = component("run_view", "sample_player", "curves", isolate_styles=False)  # for Plotly's styles


def show_view(run: RunSummary, record: Mapping[str, Any], events: Sequence[Event], pins: Sequence[int]) -> None:
    """The view of one run. Another run starts without the zoom and at its newest sample."""
    services.provide_plotly()
    config = config_in(record, run.name)
    _run_view(
        key=KEY,
        data={
            **live_data.followed(run),
            **curves.drawing(config),
            "events": curves.marks_of(events),
            "epoch_images": (record["resolved"] or {}).get("data_size"),
            "no_curve": status_text.no_curve(run.status),
            "no_picture": status_text.no_picture(run.status),
            "seeds": len(GRID_SEEDS),
            "columns": GRID_COLUMNS,
            "side": GRID_COLUMNS * config.data.image_size,
            "pins": sorted(pins),
            "digits": summary.digits_of(run),
        },
    )

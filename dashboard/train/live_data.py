"""What the components of the Train page fetch while a run goes on: its progress, its curves, its samples.

Every answer opens the database of the run once.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from dashboard.train import status_text
from dashboard.train.curve_groups import GROUPS, Group, Line, columns_of
from dashboard.ui.run_status import look_of
from dashboard.ui.text import amount, clock
from gan_core.evaluation.doctor.examine import examine
from gan_core.pictures.grid_layout import LIFE_PICTURES, MOMENTS, thinned
from gan_core.runs.history import SCALARS, Progress
from gan_core.runs.history.measurements import MeasurementRow
from gan_core.runs.live_picture import LiveMark
from gan_core.runs.status_sets import ACTIVE, NEED_A_TRAINER
from gan_core.runs.store import RunStore, RunSummary
from gan_core.runs.summary import summary_of

if TYPE_CHECKING:  # heavy, and not needed to paint the page
    import pandas

POINTS = 1000
SIGNIFICANT_DIGITS = 5
Numbers: TypeAlias = list[float | None]


class Known(NamedTuple):
    """The rows of a curve that a browser has: of one attempt, `bucket` steps each, up to the step `after`."""

    attempt: int = 0
    bucket: int = 0
    after: int = 0


NOTHING = Known()


def followed(run: RunSummary) -> dict[str, Any]:
    """What a component needs to follow a run. `version` changes when the page must draw the run again."""
    active = run.status in ACTIVE
    version = [run.status, run.images_target, 0 if active else run.images_seen]
    return {"run": run.name, "created": run.created, "active": active, "version": " ".join(map(str, version))}


def status(store: RunStore, run: str) -> dict[str, Any]:
    """The status and the progress of a run, and numbers that change when its curves or samples change.

    `standing` is what `standing_of` returns.

    `live` is `{"images": ..., "version": ...}` of the picture at `/live.png`, with another version for each picture;
    null where there is none: the run does not train, or its newest sample grid shows the same networks.

    `verdict` is `{"code", "kind", "sentence", "why", "advice", "group", "column"}`: see
    `gan_core.evaluation.doctor.verdict`. `kind` is good, warning, bad or unknown; `group` and `column` name the curve
    that shows it, and are empty where none does. It is null before the first step.
    """
    queue = store.queue.read()
    with store.open(run) as opened:
        progress, mark, live = opened.progress(), opened.samples.mark(), opened.live.mark()
        standing = standing_of(summary_of(opened, progress), queue.runs, queue.training)
        shown = progress_of(progress, opened.record["resolved"])
        measured = len(opened.history.measurements.all())
        verdict = asdict(examine(opened, progress)) if progress.step or progress.status == "failed" else None
    return {
        "step": progress.step,
        "samples": mark._asdict(),
        "live": live_of(live) if progress.status in NEED_A_TRAINER else None,  # a dead trainer leaves its file
        "measurements": measured,
        "verdict": verdict,
        "standing": standing,
        "progress": shown,
    }


def standing_of(run: RunSummary, waiting: Sequence[str], training: str | None) -> dict[str, str]:
    """The status of a run: a word, its colour, a sentence, and what of the sentence stands beside a verdict.

    `waiting` holds the names of the runs in the queue, the next one first; `training` is the run that the queue trains.
    """
    look, sentence = look_of(run, waiting), status_text.sentence(run, waiting, training)
    return {
        "word": look.word,
        "colour": look.colour,
        "sentence": sentence,
        "beside_verdict": status_text.beside_verdict(sentence),
    }


def live_of(mark: LiveMark | None) -> dict[str, int] | None:
    return None if mark is None else {"images": mark.images_seen, "version": mark.version}


def progress_of(run: Progress | RunSummary, resolved: Mapping[str, Any] | None) -> dict[str, Any]:
    """The progress bar and the figures of a run. `resolved` holds the size of its data set; None before it begins."""
    share = min(1.0, run.images_seen / max(1, run.images_target))
    text = f"{amount(run.images_seen)} of {amount(run.images_target)} images, {share:.0%}"
    rate = run.images_per_second if run.status == "running" else 0.0
    left = (run.images_target - run.images_seen) / run.pace if rate and run.pace else None
    figures = {
        "Images shown": f"{amount(run.images_seen)} of {amount(run.images_target)} images",
        "Epoch": epochs(run, resolved),
        "Images per second": f"{amount(rate)}/s" if rate else "",
        "Time trained": clock(run.seconds),
        "Time left": f"{clock(left)} left" if left is not None else "",
    }
    shown = [{"label": label, "value": value} for label, value in figures.items()]
    return {"share": round(share, 4), "text": text, "figures": shown}


def epochs(run: Progress | RunSummary, resolved: Mapping[str, Any] | None) -> str:
    """`epoch 3 of 10`: completed epochs, and those that the run will have at its end."""
    if resolved is None:
        return f"epoch {amount(run.epoch)}"
    return f"epoch {amount(run.epoch)} of {amount(-(-run.images_target // resolved['data_size']))}"


def samples(store: RunStore, run: str, after: int | None) -> dict[str, Any]:
    """Images seen and epoch of each sample grid after the one at `after` images, oldest first; of all by default.

    `life` and `moments` are images seen as well: of the grids from which one latent is shown through training, and of a
    dozen grids that sum the run up. Both are chosen from all grids.
    """
    with store.open(run) as opened:
        mark, clocks = opened.samples.mark(), opened.samples.clocks()
    every = [images_seen for images_seen, _ in clocks]
    newer = [(images_seen, epoch) for images_seen, epoch in clocks if after is None or images_seen > after]
    return {
        "mark": mark._asdict(),
        "images": [images_seen for images_seen, _ in newer],
        "epochs": [epoch for _, epoch in newer],
        "life": thinned(every, LIFE_PICTURES),
        "moments": thinned(every, MOMENTS),
    }


def curve(
    store: RunStore, run: str, group: str, part: tuple[int | None, int | None], known: Known = NOTHING
) -> dict[str, Any]:
    """The rows of a group of curves between two values of images_seen, without those that the browser has.

    A browser keeps its rows below the step `keep_below` and puts the new ones behind them.
    """
    shown = GROUPS[group]
    if shown.is_measured:
        return measured_curve(store, run, shown)
    with store.history(run) as history:
        attempt = history.samples.mark().attempt
        if known.attempt != attempt:
            known = NOTHING
        new = history.curves.new_rows(columns_of(shown), *part, POINTS, known.bucket, known.after)
    return {
        "attempt": attempt,
        "bucket": new.bucket,
        "keep_below": new.keep_below,
        "step": new.rows["step"].tolist(),
        "images_seen": new.rows["images_seen"].tolist(),
        "seconds": numbers(new.rows["seconds"].to_numpy()),
        "lines": [line_values(new.rows, line, shown) for line in shown.lines if not line.is_speed],
    }


def measured_curve(store: RunStore, run: str, group: Group) -> dict[str, Any]:
    """All measurements of a group of curves; each snapshot counts as one step."""
    import numpy

    with store.history(run) as history:
        attempt = history.samples.mark().attempt
        found = {
            (row.images_seen, row.name): row for row in history.measurements.all([line.column for line in group.lines])
        }
        clocks = history.curves.frame((), points=POINTS)
    images = sorted({images_seen for images_seen, _ in found})
    seconds = (
        numpy.interp(images, clocks["images_seen"], clocks["seconds"]).tolist() if len(clocks) else [0.0] * len(images)
    )
    lines = [[found.get((images_seen, line.column)) for images_seen in images] for line in group.lines]
    return {
        "attempt": attempt,
        "bucket": 1,
        "keep_below": 0,
        "step": images,
        "images_seen": images,
        "seconds": numbers(seconds),
        "lines": [measured_values(rows, group.scale) for rows in lines],
    }


def measured_values(rows: "Sequence[MeasurementRow | None]", scale: float) -> dict[str, Numbers]:
    """A metric at each snapshot, and its confidence interval; a gap where it was not measured."""
    ends = {
        "mean": [None if row is None else row.value for row in rows],
        "low": [None if row is None else row.low for row in rows],
        "high": [None if row is None else row.high for row in rows],
    }
    return {
        name: numbers([math.nan if value is None else value * scale for value in end]) for name, end in ends.items()
    }


def line_values(rows: "pandas.DataFrame", line: Line, group: Group) -> dict[str, Numbers]:
    """One scalar: its mean, minimum and maximum over the steps of each row."""
    ends = {"mean": "", "low": "_min", "high": "_max"}
    return {name: numbers(rows[f"{line.column}{end}"].to_numpy() * group.scale) for name, end in ends.items()}


def numbers(values: "Iterable[float]") -> Numbers:
    """Numbers for JSON, which has no NaN and no infinity: they become null. A curve needs no more than five digits."""
    return [float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None for value in values]


def curves_csv(store: RunStore, run: str, group: str | None) -> tuple[str, bytes]:
    """The name and the content of a file with a group of curves; with all of them by default."""
    with store.history(run) as history:
        if group is None:
            return f"{run}-curves.csv", history.curves.csv(SCALARS)
        shown = GROUPS[group]
        name = f"{run}-{shown.tab.lower()}-curves.csv"
        if shown.is_measured:
            return name, history.measurements.csv([line.column for line in shown.lines])
        return name, history.curves.csv(columns_of(shown))

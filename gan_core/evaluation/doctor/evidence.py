"""What is known about a run without computing anything: status, curves, measurements, newest picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gan_core.evaluation.doctor.pictures import Spread, spread_of
from gan_core.objective.equilibria import equilibrium
from gan_core.runs.history import Progress
from gan_core.runs.history.measurements import MeasurementRow
from gan_core.runs.open_run import OpenRun

COLUMNS = ("loss_d", "loss_g", "accuracy_real", "accuracy_fake", "grad_norm_d", "grad_norm_g")
MEASURED = ("sure_digits", "rarest_digit")
POINTS = 100  # rows of the curves

Means = Mapping[str, float]  # step, images_seen and the means of some scalars over the steps up to it


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the rules see. `curves` and `measurements` are in the order of time; without labels `classes` is 0."""

    status: str = "running"
    code: str = ""  # why it failed: see `gan_core.runs.history.Progress`
    reason: str = ""
    step: int = 0
    images_seen: int = 0
    classes: int = 0
    loss_d_at_rest: float = 0.0  # D's loss at equilibrium
    curves: Sequence[Means] = ()
    measurements: Sequence[MeasurementRow] = ()
    pictures: Spread | None = None  # of the newest sample grid
    pictures_at: int = 0  # the images seen when that was drawn


def gather(run: OpenRun, progress: Progress) -> Evidence:
    """The evidence about an open run. Reads at most 100 rows of its curves. Raises RunDamagedError, HistoryError."""
    newest, classes = run.samples.mark().newest, classes_of(run)
    return Evidence(
        status=progress.status,
        code=progress.code,
        reason=progress.reason,
        step=progress.step,
        images_seen=progress.images_seen,
        classes=classes,
        loss_d_at_rest=equilibrium(run.config.objective).loss_d.number,
        curves=run.history.curves.means(COLUMNS, POINTS),
        measurements=run.history.measurements.all(MEASURED),
        pictures=spread_of(run.samples.path(newest), classes) if newest >= 0 else None,
        pictures_at=max(0, newest),
    )


def classes_of(run: OpenRun) -> int:
    """The number of labels of a run that has begun; 0 without labels."""
    resolved = run.record["resolved"]
    return len(resolved["classes"]) if resolved else 0


def as_json(evidence: Evidence) -> dict[str, Any]:
    """Plain values, for a file: curves by column, numbers with five digits."""
    values = asdict(evidence)
    values["curves"] = {
        column: [rounded(row.get(column)) for row in evidence.curves] for column in ("step", "images_seen", *COLUMNS)
    }
    values["measurements"] = [list(row) for row in evidence.measurements]
    values["pictures"] = None if evidence.pictures is None else list(evidence.pictures)
    return values


def from_json(values: Mapping[str, Any]) -> Evidence:
    """What `as_json` made."""
    columns: Mapping[str, list[float | None]] = values["curves"]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return Evidence(
        **{
            **values,
            "curves": [{name: value for name, value in row.items() if value is not None} for row in rows],
            "measurements": [MeasurementRow(*row) for row in values["measurements"]],
            "pictures": None if values["pictures"] is None else Spread(*values["pictures"]),
        }
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")

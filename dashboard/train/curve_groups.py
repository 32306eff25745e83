"""The groups of curves, the lines of each group, and reference values such as the equilibrium."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from gan_core.config import ObjectiveConfig
from gan_core.evaluation.metrics import METRICS
from gan_core.objective.equilibria import Equilibrium, Value, equilibrium
from gan_core.training.curve_columns import CURVE_COLUMNS, Tone

PERCENT = 100.0


class Line(NamedTuple):
    """One curve. `column` is a scalar of the history, or SPEED."""

    column: str
    title: str
    tone: Tone

    @property
    def is_speed(self) -> bool:
        """Whether its values are computed from the clocks and not read."""
        return self.column == SPEED


class Group(NamedTuple):
    """Curves that share one axis. Groups with the same `tab` appear under one tab and differ by `kind`."""

    tab: str
    title: str
    axis: str
    lines: tuple[Line, ...]
    kind: str = ""
    scale: float = 1.0
    logarithmic: bool = True  # whether a logarithmic axis makes sense
    span: tuple[float, float] | None = None  # fixed ends of the axis; None: it follows the values
    is_measured: bool = False  # its values belong to snapshots and not to steps


SPEED = "images_per_second"
TONES: tuple[Tone, ...] = ("made", "discriminator", "generator", "real", "plain")


def lines_of(group: str) -> tuple[Line, ...]:
    """The lines of a group, from the engine's list of curves."""
    return tuple(Line(column.name, column.title, column.tone) for column in CURVE_COLUMNS if column.group == group)


def lines_of_metrics() -> tuple[Line, ...]:
    """A curve for each metric, in the colours of the theme."""
    return tuple(
        Line(name, metric.title, TONES[place % len(TONES)]) for place, (name, metric) in enumerate(METRICS.items())
    )


GROUPS: Mapping[str, Group] = {
    "losses": Group(
        "Losses",
        "Losses",
        "loss",
        lines_of("losses"),
    ),
    "logits": Group("Scores", "Mean logits of D", "logit", lines_of("logits"), "Logits", logarithmic=False),
    "probabilities": Group(
        "Scores",
        "Mean probabilities of D",
        "probability of being real",
        lines_of("probabilities"),
        "Probabilities",
        logarithmic=False,
        span=(-0.02, 1.02),
    ),
    "accuracy": Group(
        "Accuracy",
        "Accuracy of D",
        "right, percent",
        lines_of("accuracy"),
        scale=PERCENT,
        logarithmic=False,
        span=(-2.0, 102.0),
    ),
    "gradients": Group(
        "Gradients",
        "Gradient norms",
        "norm of the gradient",
        lines_of("gradients"),
    ),
    "penalty": Group("Penalty", "Penalty of D", "penalty", lines_of("penalty")),
    "quality": Group(
        "Quality",
        "Quality of the pictures",
        "of 100 pictures",
        lines_of_metrics(),
        scale=PERCENT,
        logarithmic=False,
        is_measured=True,
    ),
    "speed": Group("Speed", "Speed", "images per second", (Line(SPEED, "Images per second", "plain"),)),
}
FIRST = "losses"


class Reference(NamedTuple):
    """A reference value for the lines of a group, with a label and a shorter label for narrow screens."""

    number: float
    text: str
    short: str
    tone: Tone


def groups_of(objective: ObjectiveConfig, is_measured: bool = False) -> dict[str, Group]:
    """The groups that a run with this objective has; `is_measured` says whether any metric applies to it."""
    absent = set() if is_measured else {"quality"}
    if objective.penalty == "none":
        absent.add("penalty")
    if equilibrium(objective).probability is None:
        absent.add("probabilities")
    return {key: group for key, group in GROUPS.items() if key not in absent}


def tabs(groups: Mapping[str, Group]) -> list[dict[str, Any]]:
    """The groups by tab. A tab with several groups offers a choice between their kinds."""
    kinds: dict[str, list[dict[str, str]]] = {}
    for key, group in groups.items():
        kinds.setdefault(group.tab, []).append({"key": key, "title": group.kind})
    return [{"title": tab, "kinds": entries} for tab, entries in kinds.items()]


def references(key: str, objective: ObjectiveConfig) -> list[Reference]:
    """The values that the lines of a group have at equilibrium."""
    rest = equilibrium(objective)
    if key == "losses":
        return at_rest(rest)
    if key == "accuracy":
        return [Reference(PERCENT / 2, "D guesses: 50 %", "guess 50 %", "plain")]
    value = {"logits": rest.logit, "probabilities": rest.probability}.get(key)
    return [] if value is None else [Reference(value.number, f"equilibrium: {spelt(value)}", spelt(value), "plain")]


def at_rest(rest: Equilibrium) -> list[Reference]:
    """One line for each player's loss; one for both where they are the same."""
    loss_d, loss_g = rest.loss_d, rest.loss_g
    if loss_g is not None and loss_g.number == loss_d.number:
        return [Reference(loss_d.number, f"equilibrium of both: {spelt(loss_d)}", spelt(loss_d), "plain")]
    of_d = Reference(
        loss_d.number, f"equilibrium: D cannot tell, {spelt(loss_d)}", f"D {spelt(loss_d)}", "discriminator"
    )
    if loss_g is None:
        return [of_d]
    return [of_d, Reference(loss_g.number, f"equilibrium of G: {spelt(loss_g)}", f"G {spelt(loss_g)}", "generator")]


def spelt(value: Value) -> str:
    """`ln 4 = 1.386`, or the number alone."""
    number = f"{value.number:.4g}".replace("-", "\u2212")
    return f"{value.formula} = {number}" if value.formula else number


def columns_of(group: Group) -> tuple[str, ...]:
    """The columns of the curves that a group reads from the history."""
    return tuple(line.column for line in group.lines if not line.is_speed and not group.is_measured)

"""The groups of curves, the lines of each group, and reference values such as the equilibrium."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from gan_core.config import ObjectiveConfig
from gan_core.evaluation.metrics import METRICS
from gan_core.objective.equilibria import Equilibrium, Value, equilibrium
from gan_core.training.curve_columns import CURVE_COLUMNS, Tone

PERCENT = 100.0


class Line(NamedTuple):
    """One curve. `column` is a scalar of the history, or SPEED. `phrase` is the title, with {} for its value."""

    column: str
    title: str
    tone: Tone
    phrase: str

    @property
    def is_speed(self) -> bool:
        """Whether its values are computed from the clocks and not read."""
        return self.column == SPEED


class Explained(NamedTuple):
    """What a group of curves is, how it looks in a run that goes well, and what is a bad sign: sentences."""

    what: str
    normal: str
    bad: str


class Group(NamedTuple):
    """Curves that share one axis. Groups with the same `tab` appear under one tab and differ by `kind`."""

    tab: str
    title: str
    axis: str
    lines: tuple[Line, ...]
    explained: Explained
    kind: str = ""
    scale: float = 1.0
    logarithmic: bool = True  # whether a logarithmic axis makes sense
    span: tuple[float, float] | None = None  # fixed ends of the axis; None: it follows the values
    is_measured: bool = False  # its values belong to snapshots and not to steps


SPEED = "images_per_second"
TONES: tuple[Tone, ...] = ("made", "discriminator", "generator", "real", "plain")
PHRASES: Mapping[str, str] = {  # of the legend; a line that is not here has its title and then its value
    "accuracy_real": "D accepts {} % of the real ones",
    "accuracy_fake": "D spots {} % of the fakes",
    "sure_digits": "A digit classifier clearly recognises {} %",
    "rarest_digit": "Of the rarest digit {} %",
}


def line(column: str, title: str, tone: Tone) -> Line:
    return Line(column, title, tone, PHRASES.get(column, f"{title} {{}}"))


def lines_of(group: str) -> tuple[Line, ...]:
    """The lines of a group, from the engine's list of curves."""
    return tuple(line(column.name, column.title, column.tone) for column in CURVE_COLUMNS if column.group == group)


def lines_of_metrics() -> tuple[Line, ...]:
    """A curve for each metric, in the colours of the theme."""
    return tuple(
        line(name, metric.title, TONES[place % len(TONES)]) for place, (name, metric) in enumerate(METRICS.items())
    )


GROUPS: Mapping[str, Group] = {
    "losses": Group(
        "Losses",
        "Losses",
        "loss",
        lines_of("losses"),
        Explained(
            "What each network minimises. They play against each other, so a loss says who is winning, "
            "not how good the pictures are.",
            "Both move around a level for the whole run. The dashed lines show where D only guesses.",
            "The loss of D falls to 0 while that of G keeps rising: D wins and G learns nothing. A loss that jumps to "
            "huge values: the learning rate is too large.",
        ),
    ),
    "logits": Group(
        "Scores",
        "Scores of D",
        "score",
        lines_of("logits"),
        Explained(
            "The raw output of D for real images and for fakes, averaged: the higher, the more real D finds them.",
            "Real images are a little above the fakes, and both stay near the dashed line.",
            "The two move further and further apart: D is always right, and G gets hardly any gradient.",
        ),
        "Score",
        logarithmic=False,
    ),
    "probabilities": Group(
        "Scores",
        "Chance of being real, by D",
        "chance of being real",
        lines_of("probabilities"),
        Explained(
            "How likely D finds it that an image is real: for real images, and for fakes.",
            "Real images lie somewhat above 0.5 and fakes somewhat below it.",
            "Real images at 1 and fakes at 0 for long: D is always right, and G gets hardly any gradient.",
        ),
        "Chance of real",
        logarithmic=False,
        span=(-0.02, 1.02),
    ),
    "accuracy": Group(
        "Accuracy",
        "Accuracy of D",
        "right, percent",
        lines_of("accuracy"),
        Explained(
            "How often D is right: the share of fakes that it spots, and the share of real images that it accepts.",
            "Both between 50 and 80 %: D is a little better than guessing.",
            "Both at 100 % for long: D wins. Near 0 and 100 %: D gives the same answer to everything.",
        ),
        scale=PERCENT,
        logarithmic=False,
        span=(-2.0, 102.0),
    ),
    "gradients": Group(
        "Gradients",
        "Gradient norms",
        "norm of the gradient",
        lines_of("gradients"),
        Explained(
            "How strongly each network is pulled at a step: the length of the gradient of its loss.",
            "Both fluctuate within a factor of ten.",
            "That of G falls towards 0: it has stopped learning. Spikes that grow: the learning rate is too large.",
        ),
    ),
    "penalty": Group(
        "Penalty",
        "Penalty of D",
        "penalty",
        lines_of("penalty"),
        Explained(
            "What is added to the loss of D because its output changes too steeply from image to image.",
            "Small beside the loss of D, with single peaks.",
            "Larger than the loss of D for long: its weight, gamma, is too large and D hardly learns.",
        ),
    ),
    "quality": Group(
        "Quality",
        "Quality of the pictures",
        "of 100 pictures",
        lines_of_metrics(),
        Explained(
            "What a classifier of digits finds in new pictures of each snapshot: how many are clearly a digit, and how "
            "many show the digit that is made least often.",
            "Clear digits rise above 90 %, the rarest digit towards 10 %. The bands are 95 % confidence intervals.",
            "The rarest digit at 0: G makes only some of the digits (mode collapse). Both falling: training has become "
            "worse.",
        ),
        scale=PERCENT,
        logarithmic=False,
        is_measured=True,
    ),
    "speed": Group(
        "Speed",
        "Speed",
        "images per second",
        (line(SPEED, "Images per second", "plain"),),
        Explained(
            "Real images shown to D per second of training.",
            "A level line; short dips when something is saved or another program computes.",
            "It stays far below its start: another program keeps the machine busy, or the machine is too hot.",
        ),
    ),
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
        return [Reference(PERCENT / 2, "D only guessing (50 %)", "50 %", "plain")]
    value = {"logits": rest.logit, "probabilities": rest.probability}.get(key)
    return [] if value is None else [Reference(value.number, guessing(value), spelt(value), "plain")]


def at_rest(rest: Equilibrium) -> list[Reference]:
    """One line for each player's loss; one for both where they are the same."""
    loss_d, loss_g = rest.loss_d, rest.loss_g
    if loss_g is not None and loss_g.number == loss_d.number:
        return [Reference(loss_d.number, guessing(loss_d), spelt(loss_d), "plain")]
    of_d = Reference(loss_d.number, guessing(loss_d), f"D {spelt(loss_d)}", "discriminator")
    if loss_g is None:
        return [of_d]
    of_g = f"G when D only guesses ({spelt(loss_g)})"
    return [of_d, Reference(loss_g.number, of_g, f"G {spelt(loss_g)}", "generator")]


def guessing(value: Value) -> str:
    """The label of an equilibrium: there D cannot tell real images from fakes."""
    return f"D only guessing ({spelt(value)})"


def spelt(value: Value) -> str:
    """`1.386`, with a minus sign where one is due."""
    return f"{value.number:.4g}".replace("-", "\u2212")


def columns_of(group: Group) -> tuple[str, ...]:
    """The columns of the curves that a group reads from the history."""
    return tuple(line.column for line in group.lines if not line.is_speed and not group.is_measured)

"""The curves of a run: one row here for each value that is measured at every step.

The tables of the database, their roll-ups, the CSV files, the check of packed runs, the charts and the message of a run
that has diverged are made from these rows. To add a curve: add a row, and measure it in
`gan_core.training.step_report`. Runs that lack the column get it when they are opened.
"""

from typing import Literal, NamedTuple, get_args

Tone = Literal["discriminator", "generator", "real", "made", "plain"]  # what a curve is about; decides its colour
Stage = Literal["output of D", "loss of D", "gradient of D", "loss of G", "gradient of G"]  # of a step, in its order


class CurveColumn(NamedTuple):
    """One value per step. `name` is the column in the database and must never change."""

    name: str
    group: str  # curves of one group share a chart
    title: str  # in the legend of that chart
    tone: Tone
    help: str  # what it is, in one sentence
    subject: str  # how the reason of a failed run calls it: "the loss of D became NaN"
    stage: Stage  # when a step computes it: the first NaN is the cause of the later ones


CURVE_COLUMNS = (
    CurveColumn(
        name="loss_d",
        group="losses",
        title="Discriminator",
        tone="discriminator",
        help="Loss of D, without its penalty.",
        subject="the loss of D",
        stage="loss of D",
    ),
    CurveColumn(
        name="loss_g",
        group="losses",
        title="Generator",
        tone="generator",
        help="Loss of G.",
        subject="the loss of G",
        stage="loss of G",
    ),
    CurveColumn(
        name="logit_real",
        group="logits",
        title="Real images",
        tone="real",
        help="Mean logit of D for real images.",
        subject="the output of D for real images",
        stage="output of D",
    ),
    CurveColumn(
        name="logit_fake",
        group="logits",
        title="Made images",
        tone="made",
        help="Mean logit of D for made images.",
        subject="the output of D for generated images",
        stage="output of D",
    ),
    CurveColumn(
        name="accuracy_real",
        group="accuracy",
        title="Real images",
        tone="real",
        help="Share of real images that D takes for real.",
        subject="the accuracy of D for real images",
        stage="output of D",
    ),
    CurveColumn(
        name="accuracy_fake",
        group="accuracy",
        title="Made images",
        tone="made",
        help="Share of made images that D takes for made.",
        subject="the accuracy of D for generated images",
        stage="output of D",
    ),
    CurveColumn(
        name="grad_norm_d",
        group="gradients",
        title="Discriminator",
        tone="discriminator",
        help="Norm of the gradient of D's weights.",
        subject="the gradient of D",
        stage="gradient of D",
    ),
    CurveColumn(
        name="grad_norm_g",
        group="gradients",
        title="Generator",
        tone="generator",
        help="Norm of the gradient of G's weights.",
        subject="the gradient of G",
        stage="gradient of G",
    ),
    CurveColumn(
        name="penalty",
        group="penalty",
        title="Penalty",
        tone="discriminator",
        help="Penalty on D, with its weight.",
        subject="the penalty",
        stage="loss of D",
    ),
    CurveColumn(
        name="probability_real",
        group="probabilities",
        title="Real images",
        tone="real",
        help="Mean probability of real images by D.",
        subject="the probability of real images by D",
        stage="output of D",
    ),
    CurveColumn(
        name="probability_fake",
        group="probabilities",
        title="Made images",
        tone="made",
        help="Mean probability of made images by D.",
        subject="the probability of generated images by D",
        stage="output of D",
    ),
)
SCALARS = tuple(column.name for column in CURVE_COLUMNS)
IN_ORDER_OF_COMPUTATION = sorted(CURVE_COLUMNS, key=lambda column: get_args(Stage).index(column.stage))

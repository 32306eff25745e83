"""The curves of a run: one row here for each value that is measured at every step.

The tables of the database, their roll-ups, the CSV files, the check of packed runs and the charts are made from these
rows. To add a curve: add a row, and measure it in `gan_core.training.step_report`. Runs that lack the column get it
when they are opened.
"""

from typing import Literal, NamedTuple

Tone = Literal["discriminator", "generator", "real", "made", "plain"]  # what a curve is about; decides its colour


class CurveColumn(NamedTuple):
    """One value per step. `name` is the column in the database and must never change."""

    name: str
    group: str  # curves of one group share a chart
    title: str  # in the legend of that chart
    tone: Tone
    help: str  # what it is, in one sentence


CURVE_COLUMNS = (
    CurveColumn("loss_d", "losses", "Discriminator", "discriminator", "Loss of D, without its penalty."),
    CurveColumn("loss_g", "losses", "Generator", "generator", "Loss of G."),
    CurveColumn("logit_real", "logits", "Real images", "real", "Mean logit of D for real images."),
    CurveColumn("logit_fake", "logits", "Made images", "made", "Mean logit of D for made images."),
    CurveColumn("accuracy_real", "accuracy", "Real images", "real", "Share of real images that D takes for real."),
    CurveColumn("accuracy_fake", "accuracy", "Made images", "made", "Share of made images that D takes for made."),
    CurveColumn("grad_norm_d", "gradients", "Discriminator", "discriminator", "Norm of the gradient of D's weights."),
    CurveColumn("grad_norm_g", "gradients", "Generator", "generator", "Norm of the gradient of G's weights."),
    CurveColumn("penalty", "penalty", "Penalty", "discriminator", "Penalty on D, with its weight."),
    CurveColumn("probability_real", "probabilities", "Real images", "real", "Mean probability of real images by D."),
    CurveColumn("probability_fake", "probabilities", "Made images", "made", "Mean probability of made images by D."),
)
SCALARS = tuple(column.name for column in CURVE_COLUMNS)

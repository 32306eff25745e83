"""The scalars of a block of steps, against numbers worked by hand."""

import pytest
import torch
from torch import Tensor

from gan_core.config import LossName
from gan_core.objective.losses import LOSSES
from gan_core.training.step_report import StepReport, opinions, scalars_of
from tests.tiny import tiny, trainer_of


def report_of(step: int, real: list[list[float]], fake: list[list[float]], loss_d: float = 0.0) -> StepReport:
    """A step whose D gave these logits, one list for each of its updates."""
    return StepReport(
        step=step,
        images_seen=step * 2,
        measured={"loss_d": torch.tensor(loss_d)},
        real=tuple(map(torch.tensor, real)),
        fake=tuple(map(torch.tensor, fake)),
    )


TWO_STEPS = [
    report_of(1, [[1.0, 3.0], [-1.0, 5.0]], [[-2.0, 0.0], [2.0, -4.0]], 0.25),
    report_of(2, [[-1.0, -3.0], [0.5, 0.5]], [[1.0, 1.0], [-1.0, 3.0]], 0.5),
]


def numbers(values: Tensor) -> list[float]:
    return [round(value, 6) for value in values.tolist()]


def test_each_scalar_has_one_value_a_step_the_mean_over_the_updates_of_d() -> None:
    scalars = scalars_of(TWO_STEPS, LOSSES["non_saturating"])

    assert numbers(scalars["loss_d"]) == [0.25, 0.5]
    assert numbers(scalars["logit_real"]) == [2.0, -0.75]
    assert numbers(scalars["logit_fake"]) == [-1.0, 1.0]
    assert numbers(scalars["accuracy_real"]) == [0.75, 0.5]  # right above zero
    assert numbers(scalars["accuracy_fake"]) == [0.75, 0.25]  # right at or below it


def test_the_probability_is_the_mean_of_the_probabilities_not_that_of_the_mean_logit() -> None:
    said = opinions(LOSSES["minimax"], torch.tensor([[0.0, 100.0]]), torch.tensor([[0.0, -100.0]]))

    assert (said["probability_real"].item(), said["probability_fake"].item()) == pytest.approx((0.75, 0.25))


def test_the_accuracy_of_a_critic_is_relative_to_the_mean_of_its_update() -> None:
    # over both updates together the means would be 0 for both kinds, and every logit of the first on the wrong side
    said = opinions(
        LOSSES["wasserstein"], torch.tensor([[11.0, 9.0], [-9.0, -11.0]]), torch.tensor([[10.0, 10.0], [-10.0, -10.0]])
    )

    assert numbers(said["accuracy_real"]) == [0.5, 0.5]
    assert "probability_real" not in said


@pytest.mark.parametrize("loss", ["non_saturating", "least_squares", "wasserstein", "relativistic"])
def test_the_scalars_of_many_steps_equal_those_of_each_step_alone(loss: LossName) -> None:
    reports = list(trainer_of(tiny(objective__loss=loss, optim__d_steps=2)).steps(5 * 16))

    block = scalars_of(reports, LOSSES[loss])

    for index, report in enumerate(reports):
        for name, values in scalars_of([report], LOSSES[loss]).items():
            assert block[name][index].item() == pytest.approx(values.item())

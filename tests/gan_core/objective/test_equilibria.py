"""The equilibria: against numbers calculated by hand, and against the losses themselves."""

from math import log
from typing import get_args

import pytest
import torch

from gan_core.config import LossName, ObjectiveConfig
from gan_core.objective.equilibria import Equilibrium, Value, equilibrium
from gan_core.objective.losses import loss_for

NAMES: tuple[LossName, ...] = get_args(LossName)
OBJECTIVES = [
    *(ObjectiveConfig(loss=name) for name in NAMES),
    ObjectiveConfig(loss="non_saturating", label_smoothing=0.1),
    ObjectiveConfig(loss="minimax", label_smoothing=0.3),
]
IDS = [f"{objective.loss}-{objective.label_smoothing}" for objective in OBJECTIVES]


def numbers(found: Equilibrium) -> list[float | None]:
    return [None if value is None else value.number for value in found]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("non_saturating", [1.3863, 0.6931, 0.0, 0.5]),
        ("minimax", [1.3863, -0.6931, 0.0, 0.5]),
        ("least_squares", [0.25, 0.125, 0.5, None]),
        ("hinge", [2.0, 0.0, 0.0, None]),
        ("wasserstein", [0.0, None, None, None]),
        ("relativistic", [0.6931, 0.6931, None, None]),
    ],
)
def test_each_equilibrium_has_the_values_of_a_hand_calculation(loss: LossName, expected: list[float | None]) -> None:
    found = equilibrium(ObjectiveConfig(loss=loss))

    assert numbers(found) == pytest.approx(expected, abs=5e-4)


def test_with_smoothing_0_1_the_probability_is_45_percent_and_the_loss_a_little_less() -> None:
    found = equilibrium(ObjectiveConfig(label_smoothing=0.1))

    # -0.9 ln 0.45 - 1.1 ln 0.55 = 0.7187 + 0.6576;  -ln 0.45 = 0.7985;  ln(9 / 11) = -0.2007
    assert numbers(found) == pytest.approx([1.3763, 0.7985, -0.2007, 0.45], abs=5e-4)
    assert found.loss_d.formula == ""


@pytest.mark.parametrize("objective", OBJECTIVES, ids=IDS)
def test_at_the_equilibrium_the_losses_have_its_values_and_d_has_no_gradient(objective: ObjectiveConfig) -> None:
    found, loss = equilibrium(objective), loss_for(objective)
    t = torch.full((4,), found.logit.number if found.logit else 0.7, dtype=torch.float64, requires_grad=True)

    loss_d = loss.d(t, t)
    (slope,) = torch.autograd.grad(loss_d, t)

    assert loss_d.item() == pytest.approx(found.loss_d.number)
    assert slope.abs().max().item() == pytest.approx(0, abs=1e-9)
    if found.loss_g is not None:
        assert loss.g(t, t).item() == pytest.approx(found.loss_g.number)
    if found.probability is not None and loss.probability is not None:
        assert loss.probability(t)[0].item() == pytest.approx(found.probability.number)


@pytest.mark.parametrize("name", NAMES)
def test_an_equilibrium_has_a_probability_if_the_loss_has_one(name: LossName) -> None:
    objective = ObjectiveConfig(loss=name)

    assert (equilibrium(objective).probability is None) == (loss_for(objective).probability is None)


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_has_the_value_of_its_number(name: LossName) -> None:
    number_of = {"ln 2": log(2), "\u2212ln 2": -log(2), "ln 4": log(4), "1/2": 0.5, "1/4": 0.25, "1/8": 0.125}

    values = [value for value in equilibrium(ObjectiveConfig(loss=name)) if isinstance(value, Value) and value.formula]

    assert [number_of[value.formula] for value in values] == [pytest.approx(value.number) for value in values]

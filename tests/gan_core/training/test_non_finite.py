"""Training that has diverged says what became NaN or infinite, and at which step."""

import math

import pytest
import torch

from gan_core.training.non_finite import NonFiniteError, check_scalars
from gan_core.training.state import TrainState
from tests.tiny import CPU, tiny

FINE = {"step": 1_234.0, "loss_d": 1e30, "loss_g": -3.0, "penalty": 0.0, "grad_norm_d": 2.0, "grad_norm_g": 1.0}


def test_finite_numbers_of_any_size_are_accepted() -> None:
    check_scalars(FINE, 1_234)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"grad_norm_g": math.nan}, "the gradient of G became NaN at step 1,234"),
        ({"loss_d": math.inf}, "the loss of D became infinite at step 1,234"),
        ({"loss_d": -math.inf}, "the loss of D became infinite at step 1,234"),
        ({"penalty": math.nan}, "the penalty became NaN at step 1,234"),
        ({"probability_fake": math.nan}, "the probability of generated images by D became NaN at step 1,234"),
    ],
)
def test_the_message_names_the_scalar_and_the_step(bad: dict[str, float], sentence: str) -> None:
    with pytest.raises(NonFiniteError) as caught:
        check_scalars({**FINE, **bad}, 1_234)

    assert str(caught.value) == sentence
    assert caught.value.code == "non_finite"


def test_of_several_scalars_the_one_computed_first_is_named() -> None:
    with pytest.raises(NonFiniteError, match="the output of D for real images became infinite at step 7"):
        check_scalars({"grad_norm_g": math.nan, "loss_d": math.nan, "logit_real": math.inf}, 7)


@pytest.mark.parametrize(("value", "word"), [(torch.nan, "NaN"), (torch.inf, "infinite"), (-torch.inf, "infinite")])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("generator.layers.0.weight", "the weights of G"),
        ("discriminator.head.linear.bias", "the weights of D"),
        ("average.layers.0.weight", "the averaged weights of G"),
        ("optimizer_d.head.linear.bias.exp_avg_sq", "the state of Adam for D"),
    ],
)
def test_a_single_nan_in_the_training_state_is_found(name: str, words: str, value: float, word: str) -> None:
    state = TrainState(tiny(), 0, CPU)
    state.step = 1_234
    state.check_finite()

    with torch.no_grad():
        state.tensors()[name].view(-1)[-1] = value

    with pytest.raises(NonFiniteError) as caught:
        state.check_finite()
    assert str(caught.value) == f"{words} became {word} at step 1,234 or before"

"""Every equation of the adversarial losses, against a number calculated by hand or an identity."""

from math import exp, log
from typing import get_args

import pytest
import torch
from torch import Tensor

from gan_core.config import LossName, ObjectiveConfig
from gan_core.objective.cross_entropy import cross_entropy_d
from gan_core.objective.losses import LOSSES, loss_for

NAMES: tuple[LossName, ...] = get_args(LossName)
ZERO = torch.zeros(4)
HUGE = 1e4


def logits(*values: float) -> Tensor:
    return torch.tensor(values)


def slope(loss: Tensor, of: Tensor) -> float:
    (gradient,) = torch.autograd.grad(loss, of)
    return float(gradient)


def softplus(t: float) -> float:
    return log(1 + exp(t))


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_cross_entropy_of_an_undecided_discriminator_is_twice_log_two(name: LossName) -> None:
    assert LOSSES[name].d(ZERO, ZERO).item() == pytest.approx(2 * log(2))


def test_cross_entropy_is_minus_the_log_of_both_probabilities() -> None:
    real, fake = logits(log(3)), logits(-log(4))  # D(x) = 3/4, D(G(z)) = 1/5

    assert cross_entropy_d(real, fake).item() == pytest.approx(-log(3 / 4) - log(4 / 5))


def test_label_smoothing_mixes_both_answers_on_real_images() -> None:
    real, fake = logits(log(3)), logits(0.0)  # D(x) = 3/4

    expected = -(0.9 * log(3 / 4) + 0.1 * log(1 / 4)) + log(2)

    assert cross_entropy_d(real, fake, smoothing=0.1).item() == pytest.approx(expected)


def test_with_smoothing_0_1_the_best_probability_of_a_real_image_is_0_9() -> None:
    real = logits(log(9)).requires_grad_()  # D(x) = 0.9

    assert slope(cross_entropy_d(real, ZERO, smoothing=0.1), real) == pytest.approx(0, abs=1e-7)


def test_label_smoothing_is_one_sided() -> None:
    fake = logits(0.7).requires_grad_()

    slopes = [slope(cross_entropy_d(ZERO, fake, smoothing=s), fake) for s in (0.0, 0.3)]

    assert slopes[0] == slopes[1] == pytest.approx(1 / (1 + exp(-0.7)))


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_the_configured_smoothing_reaches_the_cross_entropy(name: LossName) -> None:
    loss = loss_for(ObjectiveConfig(loss=name, label_smoothing=0.2))

    assert loss.d(logits(2.0), ZERO[:1]) == cross_entropy_d(logits(2.0), ZERO[:1], smoothing=0.2)


@pytest.mark.parametrize("name", ["least_squares", "hinge", "wasserstein", "relativistic"])
def test_smoothing_leaves_every_other_loss_alone(name: LossName) -> None:
    assert loss_for(ObjectiveConfig(loss=name, label_smoothing=0.2)) is LOSSES[name]


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_label_smoothing_is_for_the_discriminator_only(name: LossName) -> None:
    assert loss_for(ObjectiveConfig(loss=name, label_smoothing=0.2)).g is LOSSES[name].g


def test_minimax_of_g_is_the_log_of_one_minus_d() -> None:
    assert LOSSES["minimax"].g(ZERO, logits(log(3))).item() == pytest.approx(log(1 / 4))


def test_non_saturating_of_g_is_minus_the_log_of_d() -> None:
    assert LOSSES["non_saturating"].g(ZERO, logits(log(3))).item() == pytest.approx(-log(3 / 4))


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_of_every_g_decreases_with_the_logits_of_its_images(name: LossName) -> None:
    fake = logits(-0.3).requires_grad_()

    assert slope(LOSSES[name].g(logits(0.2), fake), fake) < 0


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_of_every_d_decreases_with_real_logits_and_increases_with_fake_ones(name: LossName) -> None:
    real, fake = logits(0.2).requires_grad_(), logits(0.3).requires_grad_()

    assert slope(LOSSES[name].d(real, fake), real) < 0
    assert slope(LOSSES[name].d(real, fake), fake) > 0


def test_where_d_is_confident_minimax_has_no_gradient_and_non_saturating_has_one() -> None:
    fake = logits(-20.0).requires_grad_()

    assert slope(LOSSES["minimax"].g(ZERO[:1], fake), fake) == pytest.approx(0, abs=1e-8)
    assert slope(LOSSES["non_saturating"].g(ZERO[:1], fake), fake) == pytest.approx(-1)


def test_the_two_gs_of_goodfellow_agree_where_d_is_undecided() -> None:
    fake = logits(0.0).requires_grad_()

    assert slope(LOSSES["minimax"].g(ZERO[:1], fake), fake) == -0.5
    assert slope(LOSSES["non_saturating"].g(ZERO[:1], fake), fake) == -0.5


def test_minimax_is_a_zero_sum_game_in_the_generated_images() -> None:
    fake = logits(0.4, -1.3)
    of_real = softplus(-2.0)

    assert LOSSES["minimax"].d(logits(2.0, 2.0), fake).item() - of_real == pytest.approx(
        -LOSSES["minimax"].g(ZERO[:2], fake).item()
    )


def test_least_squares_are_half_the_squared_distances_to_one_and_zero() -> None:
    loss = LOSSES["least_squares"]

    assert loss.d(logits(3.0, 1.0), logits(2.0, 0.0)).item() == 0.5 * (4 + 0) / 2 + 0.5 * (4 + 0) / 2
    assert loss.g(ZERO[:2], logits(3.0, 0.0)).item() == 0.5 * (4 + 1) / 2
    assert loss.d(torch.ones(3), torch.zeros(3)).item() == loss.g(ZERO, torch.ones(3)).item() == 0


def test_the_hinge_is_zero_at_margin_one_and_beyond() -> None:
    assert LOSSES["hinge"].d(torch.ones(3), -torch.ones(3)).item() == 0
    assert LOSSES["hinge"].d(logits(5.0), logits(-7.0)).item() == 0


def test_the_hinge_grows_with_what_is_missing_to_the_margin() -> None:
    assert LOSSES["hinge"].d(logits(0.5, -1.0), logits(0.0, -0.75)).item() == (0.5 + 2) / 2 + (1 + 0.25) / 2


@pytest.mark.parametrize("name", ["hinge", "wasserstein"])
def test_the_g_of_hinge_and_wasserstein_is_minus_the_mean_score(name: LossName) -> None:
    assert LOSSES[name].g(ZERO, logits(1.0, 4.0)).item() == -2.5


def test_wasserstein_is_the_difference_of_the_mean_scores() -> None:
    assert LOSSES["wasserstein"].d(logits(3.0, 5.0), logits(1.0, 2.0)).item() == 1.5 - 4


def test_relativistic_is_log_two_at_equality() -> None:
    same = logits(0.3, -4.0, 11.0)

    assert (
        LOSSES["relativistic"].d(same, same).item()
        == LOSSES["relativistic"].g(same, same).item()
        == pytest.approx(log(2))
    )


def test_relativistic_compares_pair_by_pair() -> None:
    real, fake = logits(2.0, 0.0), logits(1.0, 5.0)

    assert LOSSES["relativistic"].d(real, fake).item() == pytest.approx((softplus(-1) + softplus(5)) / 2)
    assert LOSSES["relativistic"].g(real, fake).item() == pytest.approx((softplus(1) + softplus(-5)) / 2)


@pytest.mark.parametrize("name", ["relativistic", "wasserstein"])
def test_a_shift_of_all_scores_changes_nothing_in_a_loss_of_differences(name: LossName) -> None:
    real, fake = logits(2.0, 0.5), logits(-1.0, 0.25)
    loss = LOSSES[name]

    assert loss.d(real + 8, fake + 8).item() == pytest.approx(loss.d(real, fake).item())


def test_the_two_relativistic_players_swap_roles_when_the_images_do() -> None:
    real, fake = logits(2.0, 0.5), logits(-1.0, 0.25)

    assert LOSSES["relativistic"].d(real, fake) == LOSSES["relativistic"].g(fake, real)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("real", "fake"), [(HUGE, -HUGE), (-HUGE, HUGE), (HUGE, HUGE), (-HUGE, -HUGE)])
def test_huge_logits_give_finite_losses_and_gradients(name: LossName, real: float, fake: float) -> None:
    x, x_fake = logits(real).requires_grad_(), logits(fake).requires_grad_()
    players = [LOSSES[name].d(x, x_fake), LOSSES[name].g(x, x_fake)]

    gradients = [torch.autograd.grad(loss, x_fake, materialize_grads=True)[0] for loss in players]

    assert all(tensor.isfinite().all() for tensor in [*players, *gradients])


@pytest.mark.parametrize("name", ["non_saturating", "minimax", "hinge"])
def test_real_and_generated_images_are_separated_at_logit_zero(name: LossName) -> None:
    on_real, on_fake = LOSSES[name].right(logits(0.1, 0.0, -0.1), logits(0.1, 0.0, -0.1))

    assert on_real.tolist() == [True, False, False]
    assert on_fake.tolist() == [False, True, True]


def test_least_squares_separates_halfway_between_its_targets() -> None:
    on_real, on_fake = LOSSES["least_squares"].right(logits(0.6, 0.4), logits(0.6, 0.4))

    assert (on_real.tolist(), on_fake.tolist()) == ([True, False], [False, True])


def test_a_critic_is_right_where_an_image_is_on_its_side_of_the_others_mean() -> None:
    on_real, on_fake = LOSSES["wasserstein"].right(logits(10.0, 4.0), logits(3.0, 9.0))  # means 7 and 6

    assert (on_real.tolist(), on_fake.tolist()) == ([True, False], [True, False])


def test_a_relativistic_d_is_right_where_the_real_image_of_a_pair_scores_higher() -> None:
    on_real, on_fake = LOSSES["relativistic"].right(logits(2.0, 0.0, 1.0), logits(1.0, 5.0, 1.0))

    assert on_real.tolist() == on_fake.tolist() == [True, False, False]


def test_of_the_six_losses_the_cross_entropies_have_a_probability_and_it_is_the_sigmoid() -> None:
    having = {name: row.probability for name, row in LOSSES.items() if row.probability is not None}

    assert {"non_saturating", "minimax"} <= set(having)
    assert not {"least_squares", "hinge", "wasserstein", "relativistic"} & set(having)
    for probability in having.values():
        assert probability(logits(log(3))).item() == pytest.approx(0.75)


def test_the_relativistic_g_looks_at_real_images_and_the_five_others_do_not() -> None:
    x = torch.full((2, 1, 1, 1), 5.0)

    seen = {name: row.real_logits_for_g(lambda x, y: x.flatten(), x, None).tolist() for name, row in LOSSES.items()}

    assert seen.pop("relativistic") == [5, 5]
    assert all(seen[name] == [0, 0] for name in ("non_saturating", "minimax", "least_squares", "hinge", "wasserstein"))


@pytest.mark.parametrize("name", NAMES)
def test_every_loss_is_one_number(name: LossName) -> None:
    real, fake = logits(1.0, 2.0, 3.0), logits(0.0, -1.0, -2.0)

    assert LOSSES[name].d(real, fake).shape == LOSSES[name].g(real, fake).shape == ()

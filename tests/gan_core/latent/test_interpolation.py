"""Paths between latents, the shell around them, truncation: the identities that their formulas promise."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gan_core.config import LatentConfig
from gan_core.latent.interpolation import (
    NO_TRUNCATION,
    Truncation,
    lerp,
    on_shell,
    shell_radius,
    slerp,
    strip,
    truncate,
    truncated,
    walk,
    within,
)
from gan_core.numerics.rng import latents_for_seeds

NORMAL, UNIFORM = LatentConfig(size=64), LatentConfig(size=64, distribution="uniform")
numbers = st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda number: number == 0 or abs(number) > 1e-6)
shares = st.floats(0, 1)


def tensor(values: list[float] | list[list[float]]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Two latents of one size; now and then zero, equal or opposite."""
    size = draw(st.integers(1, 8))
    a = tensor(draw(st.lists(numbers, min_size=size, max_size=size)))
    other = tensor(draw(st.lists(numbers, min_size=size, max_size=size)))
    return a, draw(st.sampled_from([other, a, -a, 2 * a, torch.zeros(size, dtype=torch.float64)]))


def seeds(*numbers_of_seeds: int) -> Tensor:
    return latents_for_seeds(numbers_of_seeds, NORMAL).double()


@pytest.mark.parametrize("path", [lerp, slerp])
@given(pair=pairs())
def test_a_path_meets_its_ends_to_the_last_bit(path: object, pair: tuple[Tensor, Tensor]) -> None:
    assert callable(path)
    a, b = pair

    assert torch.equal(path(a, b, 0.0), a)
    assert torch.equal(path(a, b, 1.0), b)


@given(pair=pairs(), t=shares)
def test_slerp_keeps_the_norm_of_ends_of_equal_norm(pair: tuple[Tensor, Tensor], t: float) -> None:
    a, b = pair
    if len(a) == 1 or not (a.any() and b.any()):
        a, b = torch.eye(2, dtype=torch.float64)
    b = b / b.norm() * a.norm()

    assert math.isclose(slerp(a, b, t).norm().item(), a.norm().item(), rel_tol=1e-9)


@given(pair=pairs(), t=shares)
def test_every_path_stays_finite_and_between_the_norms_of_its_ends(pair: tuple[Tensor, Tensor], t: float) -> None:
    a, b = pair
    longest = max(a.norm().item(), b.norm().item())

    for z in (lerp(a, b, t), slerp(a, b, t)):
        assert torch.isfinite(z).all()
        assert z.norm().item() <= longest * (1 + 1e-9)


@pytest.mark.parametrize("t", [0.1, 0.5, 0.8])
def test_slerp_between_equal_norms_is_the_formula_of_white(t: float) -> None:
    a, b = on_shell(seeds(1, 2), NORMAL)
    w = torch.acos((a @ b) / (a.norm() * b.norm()))

    formula = torch.sin((1 - t) * w) / torch.sin(w) * a + torch.sin(t * w) / torch.sin(w) * b

    assert torch.allclose(slerp(a, b, t), formula, atol=1e-12)


def test_slerp_turns_at_an_even_pace_and_lets_the_norm_go_evenly() -> None:
    middle = slerp(tensor([1.0, 0.0]), tensor([0.0, 3.0]), 0.5)

    assert torch.allclose(middle, tensor([math.sqrt(2), math.sqrt(2)]))  # 45 degrees, norm 2


def test_opposite_ends_are_joined_around_zero_and_not_through_it() -> None:
    a = seeds(5)[0]

    norms = strip(a, -a, 9).norm(dim=1)

    assert torch.allclose(norms, a.norm().expand(9))
    assert lerp(a, -a, 0.5).norm() == 0


def test_the_middle_of_a_straight_path_is_too_short_and_that_of_a_great_circle_is_not() -> None:
    a, b = on_shell(seeds(1), NORMAL)[0], on_shell(seeds(2), NORMAL)[0]

    assert lerp(a, b, 0.5).norm() < 0.8 * shell_radius(NORMAL)
    assert math.isclose(slerp(a, b, 0.5).norm().item(), shell_radius(NORMAL))


def test_paths_take_many_ends_and_many_places_at_once() -> None:
    a, b, t = seeds(1, 2, 3), seeds(4, 5, 6), tensor([0.0, 0.25, 0.5, 1.0])

    batch = slerp(a[:, None], b[:, None], t)

    assert batch.shape == (3, 4, 64)
    assert torch.allclose(batch[2, 1], slerp(a[2], b[2], 0.25), atol=1e-14)
    assert torch.equal(slerp(a, b, tensor([0.0, 1.0, 0.0])), torch.stack([a[0], b[1], a[2]]))


def test_a_strip_holds_both_ends_and_even_steps_between() -> None:
    frames = strip(tensor([0.0, 0.0]), tensor([3.0, 6.0]), 4, "lerp")

    assert torch.allclose(frames, tensor([0.0, 1.0, 2.0, 3.0])[:, None] * tensor([1.0, 2.0]))


@pytest.mark.parametrize("path", ["lerp", "slerp"])
def test_a_walk_stops_everywhere_and_ends_one_step_before_its_start(path: str) -> None:
    stops = seeds(1, 2, 3)

    frames = walk(stops, 12, path)  # type: ignore[arg-type]  # the names of the table itself

    assert torch.equal(frames[::4], stops)
    back = slerp(stops[2], stops[0], 0.75) if path == "slerp" else lerp(stops[2], stops[0], 0.75)
    assert torch.allclose(frames[-1], back)


@given(st.integers(1, 5), st.integers(1, 40))
def test_a_walk_has_as_many_frames_as_were_asked_for(stops: int, frames: int) -> None:
    walked = walk(seeds(*range(stops)), frames)

    assert walked.shape == (frames, 64)
    assert torch.equal(walked[0], seeds(0)[0])


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_the_shell_is_where_the_latents_of_seeds_are(latent: LatentConfig) -> None:
    norms = latents_for_seeds(range(500), latent).norm(dim=1)

    assert abs(norms.mean().item() - shell_radius(latent)) < 0.1


def test_a_projected_latent_keeps_its_direction_and_gets_the_length_of_the_shell() -> None:
    z = torch.cat([seeds(1) - seeds(2), seeds(1, 2, 3).mean(0, keepdim=True)])

    projected = on_shell(z, NORMAL)

    assert torch.allclose(projected.norm(dim=1), tensor([8.0, 8.0]))
    assert torch.allclose(projected / 8, z / z.norm(dim=1, keepdim=True))


def test_zero_has_no_direction_and_stays_zero() -> None:
    assert torch.equal(on_shell(torch.zeros(1, 64), NORMAL), torch.zeros(1, 64))


def test_truncation_shrinks_towards_the_mean() -> None:
    z, mean = tensor([[2.0, -4.0]]), tensor([1.0, 0.0])

    assert torch.equal(truncate(z, 1.0), z)
    assert torch.equal(truncate(z, 0.5), tensor([[1.0, -2.0]]))
    assert torch.equal(truncate(z, 0.5, mean), tensor([[1.5, -2.0]]))
    assert torch.equal(truncate(z, 0.0, mean)[0], mean)


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
@pytest.mark.parametrize("tau", [0.05, 0.5, 0.9])
def test_numbers_within_tau_stay_and_the_others_come_inside(latent: LatentConfig, tau: float) -> None:
    z = latents_for_seeds(range(50), latent).double()

    inside = within(z, tau, latent)

    assert inside.abs().max() <= tau
    assert torch.equal(inside[z.abs() <= tau], z[z.abs() <= tau])
    assert torch.equal(inside.sign(), z.sign())


def test_resampled_numbers_have_the_distribution_of_those_that_were_within() -> None:
    z = latents_for_seeds(range(400), NORMAL).double()
    came_in, were_in = within(z, 0.8, NORMAL)[z.abs() > 0.8].abs(), z[z.abs() <= 0.8].abs()

    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        assert abs(came_in.quantile(share) - were_in.quantile(share)) < 0.02


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_truncation_resamples_first_and_scales_then_and_none_changes_no_bit(latent: LatentConfig) -> None:
    z = 20 * latents_for_seeds(range(5), latent).double()

    assert torch.equal(truncated(z, NO_TRUNCATION, latent), z)
    assert torch.equal(truncated(z, Truncation(psi=0.5), latent), 0.5 * z)
    assert torch.equal(truncated(z, Truncation(0.5, 0.8), latent), 0.5 * within(z, 0.8, latent))


@pytest.mark.parametrize("latent", [NORMAL, UNIFORM])
def test_numbers_far_outside_any_distribution_come_inside_as_well(latent: LatentConfig) -> None:
    z = tensor([[1e30, -9.0, 40.0]])

    for tau in (0.3, 1.0, 8.0):
        assert within(z, tau, latent).abs().max() <= tau


@pytest.mark.parametrize("tau", [0.0, -1.0, 11.0, math.nan])
def test_a_tau_that_holds_nothing_is_refused(tau: float) -> None:
    with pytest.raises(ValueError, match="tau must be above 0 and at most 10"):
        within(seeds(1), tau, NORMAL)

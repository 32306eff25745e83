"""Paths between latents: the identities of their formulas."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gan_core.config import LatentConfig
from gan_core.latent.interpolation import closed_path, interpolate, lerp, slerp
from gan_core.latent.prior import on_shell, shell_radius
from gan_core.numerics.rng import latents_for_seeds

NORMAL = LatentConfig(size=64)
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


def test_slerp_turns_evenly_and_changes_the_norm_evenly() -> None:
    middle = slerp(tensor([1.0, 0.0]), tensor([0.0, 3.0]), 0.5)

    assert torch.allclose(middle, tensor([math.sqrt(2), math.sqrt(2)]))  # 45 degrees, norm 2


def test_opposite_ends_are_joined_around_zero_and_not_through_it() -> None:
    a = seeds(5)[0]

    norms = interpolate(a, -a, 9).norm(dim=1)

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


def test_an_interpolation_holds_both_ends_and_even_steps_between() -> None:
    frames = interpolate(tensor([0.0, 0.0]), tensor([3.0, 6.0]), 4, "lerp")

    assert torch.allclose(frames, tensor([0.0, 1.0, 2.0, 3.0])[:, None] * tensor([1.0, 2.0]))


@pytest.mark.parametrize("path", ["lerp", "slerp"])
def test_a_closed_path_meets_every_stop_and_ends_one_step_before_its_start(path: str) -> None:
    stops = seeds(1, 2, 3)

    frames = closed_path(stops, 12, path)  # type: ignore[arg-type]  # the names of the table itself

    assert torch.equal(frames[::4], stops)
    back = slerp(stops[2], stops[0], 0.75) if path == "slerp" else lerp(stops[2], stops[0], 0.75)
    assert torch.allclose(frames[-1], back)


@given(st.integers(1, 5), st.integers(1, 40))
def test_a_closed_path_has_the_requested_number_of_frames(stops: int, frames: int) -> None:
    frames_made = closed_path(seeds(*range(stops)), frames)

    assert frames_made.shape == (frames, 64)
    assert torch.equal(frames_made[0], seeds(0)[0])

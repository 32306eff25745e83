"""The running average of G, and what changes over a run as a function of the images seen."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from gan_core.config import ObjectiveConfig, RunConfig
from gan_core.runs.disk_estimate import Schedule
from gan_core.training.ema import RunningAverage
from gan_core.training.schedules import ema_decay_at, ema_stride_at, gamma_at, next_sample_after, next_snapshot_after

LATE = 10**9  # images, long after the ramp


@pytest.mark.parametrize("images_per_step", [1, 64, 500])
def test_after_a_half_life_the_old_weights_count_one_half(images_per_step: int) -> None:
    halflife = 16_000
    decay = ema_decay_at(LATE, images_per_step, halflife)

    assert decay ** (halflife / images_per_step) == pytest.approx(0.5)


def test_early_in_a_run_the_half_life_is_a_twentieth_of_the_images_seen() -> None:
    assert ema_decay_at(1_000, 50, 10_000) == pytest.approx(0.5)


def test_the_ramp_ends_where_the_half_life_is_reached() -> None:
    assert ema_decay_at(200_000, 64, 10_000) == ema_decay_at(LATE, 64, 10_000)
    assert ema_decay_at(199_000, 64, 10_000) < ema_decay_at(LATE, 64, 10_000)


def test_a_half_life_of_zero_keeps_nothing_of_the_past() -> None:
    assert ema_decay_at(LATE, 64, 0) == 0


def test_the_decay_is_zero_before_any_image_was_seen() -> None:
    assert ema_decay_at(0, 64, 10_000) == 0


@pytest.mark.parametrize(
    ("images_seen", "images_per_step", "halflife", "stride"),
    [
        (LATE, 64, 10_000, 4),  # 256 images are a 39th of the half-life
        (LATE, 79, 10_000, 1),  # 316 are more than a 32nd
        (160_000, 64, 10_000, 1),  # the ramp has only come to 8,000
        (164_000, 64, 10_000, 4),
        (LATE, 64, 0, 1),
        (0, 64, 10_000, 1),
    ],
)
def test_the_average_is_updated_every_four_steps_if_they_are_short_against_its_half_life(
    images_seen: int, images_per_step: int, halflife: int, stride: int
) -> None:
    assert ema_stride_at(images_seen, images_per_step, halflife) == stride


def networks() -> tuple[nn.Module, nn.Module]:
    """Two batch norms: weight 0 and 1, running mean 2 and 10, counters 3 and 7."""
    pair = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    for network, weight, mean, count in zip(pair, (0.0, 1.0), (2.0, 10.0), (3, 7), strict=True):
        nn.init.constant_(network.weight, weight)
        assert network.running_mean is not None
        assert network.num_batches_tracked is not None
        network.running_mean.fill_(mean)
        network.num_batches_tracked.fill_(count)
    return pair


def test_the_average_takes_parameters_and_buffers_alike_and_copies_counters() -> None:
    average, network = networks()

    RunningAverage(average, network).update(0.75)

    kept = average.state_dict()
    assert kept["weight"].tolist() == [0.25, 0.25]
    assert kept["running_mean"].tolist() == [4.0, 4.0]
    assert kept["num_batches_tracked"].item() == 7


def test_a_decay_of_zero_copies_to_the_last_bit() -> None:
    average, network = networks()
    nn.init.constant_(network.get_parameter("weight"), 1 / 3)

    RunningAverage(average, network).update(0.0)

    assert all(torch.equal(kept, network.state_dict()[name]) for name, kept in average.state_dict().items())


def test_averaging_leaves_the_network_alone() -> None:
    average, network = networks()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    RunningAverage(average, network).update(0.5)

    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


COSINE = ObjectiveConfig(penalty="r1", gamma_start=10.0, gamma_end=2.0, gamma_images=1_000)


@pytest.mark.parametrize(("images_seen", "gamma"), [(0, 10.0), (500, 6.0), (1_000, 2.0), (LATE, 2.0)])
def test_gamma_goes_from_its_start_to_its_end_and_stays_there(images_seen: int, gamma: float) -> None:
    assert gamma_at(images_seen, COSINE) == pytest.approx(gamma)


def test_a_quarter_of_the_way_gamma_has_lost_a_seventh_of_its_fall() -> None:
    assert gamma_at(250, COSINE) == pytest.approx(2 + 8 * (1 + 0.5**0.5) / 2)


def test_without_a_schedule_gamma_is_its_end_from_the_first_step() -> None:
    assert gamma_at(0, ObjectiveConfig(gamma_start=10.0, gamma_end=2.0, gamma_images=0)) == 2


def marks(size: int, sample_every: int, count: int, schedule: Schedule = next_sample_after) -> list[int]:
    """When the first sample grids (or snapshots) after the start are due."""
    due = [0]
    for _ in range(count):
        due.append(schedule(due[-1], size, sample_every))
    return due


def test_pictures_are_kept_often_at_the_start_and_then_regularly() -> None:
    assert marks(60_000, 6_000, 8) == [0, 375, 750, 1_500, 3_000, 6_000, 7_500, 12_000, 15_000]
    assert marks(1_000, 2_000, 6) == [0, 250, 500, 1_000, 2_000, 4_000, 6_000]
    assert marks(150, 160, 3) == [0, 160, 320, 480]


def test_a_minute_of_the_default_preset_is_a_film() -> None:
    first_minute = 60 * 1_400  # images, on two processors

    assert sum(mark <= first_minute for mark in marks(60_000, RunConfig().train.sample_every, 40)) >= 20


def test_snapshots_of_mnist_are_kept_early_in_the_first_epoch_and_then_at_each_epoch() -> None:
    due = marks(60_000, 2_000, 7, next_snapshot_after)

    assert due == [0, 3_750, 7_500, 15_000, 30_000, 60_000, 120_000, 180_000]


def test_snapshots_of_a_tiny_set_are_kept_with_the_pictures() -> None:
    assert marks(150, 1_000, 3, next_snapshot_after) == [0, 1_000, 2_000, 3_000]


SIZES = st.integers(1, 200_000)
INTERVALS = st.integers(1, 100_000)
SCHEDULES = st.sampled_from([next_sample_after, next_snapshot_after])


@given(SCHEDULES, SIZES, INTERVALS, st.integers(0, 10**9))
def test_the_next_sample_is_after_the_images_already_seen(
    schedule: Schedule, size: int, sample_every: int, images_seen: int
) -> None:
    assert schedule(images_seen, size, sample_every) > images_seen


@given(SIZES, INTERVALS, st.integers(0, 10**9))
def test_a_picture_is_kept_at_least_every_so_many_images_and_with_each_snapshot(
    size: int, sample_every: int, images_seen: int
) -> None:
    due = next_sample_after(images_seen, size, sample_every)

    assert due <= images_seen + sample_every
    assert due <= next_snapshot_after(images_seen, size, sample_every)


@given(SIZES, INTERVALS)
def test_two_snapshots_are_never_closer_than_sample_every(size: int, sample_every: int) -> None:
    due = marks(size, sample_every, 12, next_snapshot_after)

    assert min(later - earlier for earlier, later in pairwise(due)) >= sample_every


@given(SIZES, st.data())
def test_every_epoch_has_a_snapshot_where_epochs_are_not_too_short(size: int, data: st.DataObject) -> None:
    sample_every = data.draw(st.integers(1, size))

    assert {size, 2 * size, 3 * size} <= set(marks(size, sample_every, 8, next_snapshot_after))


@settings(max_examples=50)
@given(SCHEDULES, SIZES, INTERVALS, st.integers(0, 10**6))
def test_the_next_sample_does_not_depend_on_earlier_ones(
    schedule: Schedule, size: int, sample_every: int, images_seen: int
) -> None:
    due = marks(size, sample_every, 12, schedule)
    between = [mark for mark in due if mark > images_seen]

    assert not between or schedule(images_seen, size, sample_every) == between[0]

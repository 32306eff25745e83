"""The real images nearest to an image: the right ones, at the right distances."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from gan_core.data.dataset import Dataset
from gan_core.evaluation.digit_classifier import load_classifier
from gan_core.evaluation.nearest_real import CHUNK, FeatureIndex, index_real_images, nearest
from tests.tiny import digits


@pytest.mark.parametrize("number", [0, 1, 1_796])
def test_the_nearest_to_a_real_image_is_itself_at_no_distance(number: int) -> None:
    dataset = digits()
    index = index_real_images(dataset)

    first, second, *_ = nearest(index, dataset.images[[number]])

    assert (first.number, first.distance) == (number, 0)
    assert 0 < second.distance < 8


def test_distances_are_those_of_pixels_in_shares_of_their_range() -> None:
    dataset = digits()
    black = torch.zeros(1, 1, 8, 8, dtype=torch.uint8)

    found = nearest(index_real_images(dataset), black, count=3)

    norms = (dataset.images.double() / 255).flatten(1).norm(dim=1)
    assert [neighbour.distance for neighbour in found] == pytest.approx(norms.sort().values[:3].tolist())
    assert [neighbour.number for neighbour in found] == norms.argsort()[:3].tolist()


def large(count: int) -> Dataset:
    """Grey images of 28 pixels: the digits, larger."""
    images = digits().images[:count].repeat_interleave(3, 2).repeat_interleave(3, 3)
    return replace(digits(), images=nn.functional.pad(images, (2, 2, 2, 2)), labels=None)


def test_grey_images_of_28_pixels_are_compared_by_the_features_of_the_classifier() -> None:
    dataset = large(300)
    index = index_real_images(dataset)

    found = nearest(index, dataset.images[[7]], count=4)

    features = load_classifier().features(dataset.images).double()
    distances = (features - features[7]).norm(dim=1)
    assert index.space == "classifier"
    assert found[0].number == 7
    assert [neighbour.number for neighbour in found] == distances.argsort()[:4].tolist()


def test_indexing_reports_its_progress_and_can_be_ended() -> None:
    reports: list[tuple[float, str]] = []

    def report(share: float, sentence: str) -> None:
        reports.append((share, sentence))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index_real_images(large(50), report)

    assert reports == [(0, "Computing features of 50 real images.")]


def test_a_search_goes_through_all_pieces_and_gives_no_more_than_there_are() -> None:
    rows = torch.zeros(CHUNK + 5, 4, dtype=torch.uint8)
    rows[-1] = 255

    (best,) = nearest(FeatureIndex(rows, "pixels"), torch.full((1, 1, 2, 2), 255, dtype=torch.uint8), count=1)

    assert best == (CHUNK + 4, 0)
    assert len(nearest(FeatureIndex(rows[:2], "pixels"), torch.zeros(1, 1, 2, 2, dtype=torch.uint8))) == 2

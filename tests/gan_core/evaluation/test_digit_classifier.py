"""The digit classifier: its accuracy on real digits, its probabilities, and that it changes no global state."""

import os
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.datasets.mnist import read_image_file, read_label_file

from gan_core.config import DataConfig
from gan_core.data.registry import load
from gan_core.evaluation.digit_classifier import (
    CLASSES,
    WEIGHTS,
    confident_counts,
    empty_classifier,
    load_classifier,
    prepared,
)
from gan_core.numerics.rng import generator_for
from gan_core.runs.tensor_files import header_of
from tests.conftest import REPOSITORY
from tests.tiny import CPU

Digits = tuple[torch.Tensor, torch.Tensor]  # (N, 1, 28, 28) uint8 and (N,) int64


@pytest.fixture(autouse=True, scope="module")
def one_thread(threads: Callable[[int], None]) -> None:
    """Two would wait for each other wherever something else computes."""
    threads(1)


@pytest.fixture(scope="module")
def real_digits(tmp_path_factory: pytest.TempPathFactory) -> Digits:
    """MNIST's 10,000 test images, which the classifier was not trained on, if they are here; else 5,000 others."""
    folder = Path(os.environ.get("GAN_STUDIO_DATA") or REPOSITORY / "data") / "MNIST" / "raw"
    paths = [folder / name for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    if all(path.is_file() for path in paths):
        return read_image_file(str(paths[0])).unsqueeze(1), read_label_file(str(paths[1]))
    data = load(DataConfig(name="mnist-5k"), CPU, root=tmp_path_factory.mktemp("data"))
    assert data.labels is not None
    return data.images, data.labels


@pytest.fixture(scope="module")
def opinion(real_digits: Digits) -> torch.Tensor:
    """(N, 10): what the classifier thinks of the real digits."""
    return load_classifier().probabilities(real_digits[0])


def noise(*shape: int) -> torch.Tensor:
    return torch.randint(256, shape, generator=generator_for(0, "noise"), dtype=torch.uint8)


def test_the_classifier_is_right_about_99_of_100_real_digits(real_digits: Digits, opinion: torch.Tensor) -> None:
    right = opinion.argmax(1) == real_digits[1]

    assert len(right) in (10_000, 5_000)
    assert right.double().mean().item() >= 0.99


def test_the_classifier_is_sure_of_nearly_every_real_digit_and_each_class_has_its_share(opinion: torch.Tensor) -> None:
    counts = confident_counts(opinion)

    assert counts.sum() >= 0.97 * len(opinion)
    assert counts.min() >= 0.08 * len(opinion)


def test_probabilities_sum_to_one(opinion: torch.Tensor) -> None:
    assert opinion.shape[1] == CLASSES
    assert torch.allclose(opinion.sum(1), torch.ones(len(opinion)), atol=1e-5)


def test_confident_counts_are_those_of_at_least_nine_tenths() -> None:
    table = torch.zeros(5, 10)
    table[0, 3], table[1, 3], table[2, 7], table[3, 1], table[4, 9] = 0.9, 0.95, 0.89, 1.0, 0.2

    assert confident_counts(table).tolist() == [0, 1, 0, 2, 0, 0, 0, 0, 0, 0]
    assert confident_counts(table[:0]).tolist() == [0] * 10


def test_an_opinion_does_not_depend_on_the_batch() -> None:
    pixels = noise(12, 1, 28, 28)

    assert torch.allclose(
        load_classifier().probabilities(pixels, batch=5), load_classifier().probabilities(pixels), atol=1e-6
    )
    assert load_classifier().features(pixels, batch=5).shape == (12, 128)


def test_features_are_what_the_opinion_is_made_from() -> None:
    classifier, pixels = load_classifier(), noise(3, 1, 28, 28)

    assert torch.allclose(classifier.head(classifier.features(pixels)).softmax(1), classifier.probabilities(pixels))


def test_an_empty_batch_is_no_error() -> None:
    assert load_classifier().probabilities(noise(0, 1, 28, 28)).shape == (0, CLASSES)


@pytest.mark.parametrize("shape", [(2, 1, 8, 8), (2, 3, 32, 32), (2, 1, 28, 28), (2, 3, 128, 128)])
def test_any_size_and_colour_is_seen_grey_at_28_pixels(shape: tuple[int, ...]) -> None:
    seen = prepared(noise(*shape))

    assert (seen.shape, seen.dtype) == ((2, 1, 28, 28), torch.float32)
    assert 0 <= seen.min() < seen.max() <= 1
    assert load_classifier().probabilities(noise(*shape)).shape == (2, CLASSES)


def test_a_grey_picture_in_three_channels_is_the_grey_picture() -> None:
    pixels = noise(2, 1, 28, 28)

    assert torch.allclose(prepared(pixels.expand(-1, 3, -1, -1)), prepared(pixels))


def test_a_digit_in_half_the_size_is_still_recognised(real_digits: Digits) -> None:
    pixels, labels = real_digits[0][:500, :, ::2, ::2], real_digits[1][:500]

    assert (load_classifier().probabilities(pixels).argmax(1) == labels).double().mean().item() > 0.8


def test_the_weights_are_read_without_any_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("something was unpickled")

    for place, name in ((pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (torch, "load")):
        monkeypatch.setattr(place, name, refuse)
    load_classifier.cache_clear()

    classifier = load_classifier()

    assert classifier.state_dict().keys() == empty_classifier().state_dict().keys()
    assert {"body.0.weight", "head.weight"} <= header_of(WEIGHTS.read_bytes()).keys()


def test_the_classifier_is_at_rest_and_never_learns() -> None:
    classifier = load_classifier()

    assert not classifier.training
    assert not any(parameter.requires_grad for parameter in classifier.parameters())
    assert load_classifier() is classifier


def test_the_classifier_leaves_the_shared_random_numbers_alone() -> None:
    before = torch.random.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()  # type: ignore[index]
    load_classifier.cache_clear()

    load_classifier().probabilities(noise(2, 1, 28, 28))

    after = torch.random.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()  # type: ignore[index]
    assert torch.equal(after[0], before[0])
    assert after[1:] == before[1:]

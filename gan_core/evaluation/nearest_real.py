"""The real images nearest to one image: whether a generator has memorised its training data."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from gan_core.data.dataset import Dataset
from gan_core.data.registry import Report, unreported
from gan_core.evaluation.digit_classifier import load_classifier
from gan_core.evaluation.digit_data import SIZE
from gan_core.numerics.shapes import Bytes, Features

CHUNK = 2_000  # real images per batch

Space = Literal["classifier", "pixels"]


class FeatureIndex(NamedTuple):
    """A data set prepared for the search: one row (N, F) per image, in one of two spaces."""

    rows: Tensor
    space: Space


class Neighbour(NamedTuple):
    """One real image: its number in the data set, and its distance in the space of the index."""

    number: int
    distance: float


def index_real_images(dataset: Dataset, report: Report = unreported) -> FeatureIndex:
    """The digit classifier's features of 28 x 28 grey images, which takes a while; the pixels of all other images.

    `report` is called with the share that is done; an exception that it raises ends the work.
    """
    if dataset.images.shape[1:] != (1, SIZE, SIZE):
        return pixel_index(dataset)
    classifier = load_classifier()
    parts: list[Features] = []
    for part in torch.split(dataset.images, CHUNK):
        report(CHUNK * len(parts) / len(dataset), f"Computing features of {len(dataset):,} real images.")
        parts.append(classifier.features(part.cpu()))
    return FeatureIndex(torch.cat(parts), "classifier")


def pixel_index(dataset: Dataset) -> FeatureIndex:
    """The pixels themselves, which need no preparation."""
    return FeatureIndex(dataset.images.flatten(1), "pixels")


def nearest(index: FeatureIndex, pixels: Bytes, count: int = 5) -> list[Neighbour]:
    """The real images closest to one image (1, C, S, S), the closest first; a copy of it has distance 0.

    Distances are Euclidean: between features of the classifier, or between pixels in [0, 1].
    """
    query = ROW_OF[index.space](pixels).double()
    squares = [(part - query).square().sum(1) for part in torch.split(index.rows, CHUNK)]
    distances = torch.cat(squares).sqrt() / UNIT[index.space]
    closest = distances.topk(min(count, len(distances)), largest=False)
    return [Neighbour(*pair) for pair in zip(closest.indices.tolist(), closest.values.tolist(), strict=True)]


def classifier_row(pixels: Bytes) -> Features:
    """(1, 128): features in which similar digits are close."""
    return load_classifier().features(pixels)


def pixel_row(pixels: Bytes) -> Features:
    """(1, C * S * S) uint8."""
    return pixels.flatten(1)


ROW_OF: Mapping[Space, Callable[[Bytes], Features]] = {"classifier": classifier_row, "pixels": pixel_row}
UNIT: Mapping[Space, float] = {"classifier": 1.0, "pixels": 255.0}

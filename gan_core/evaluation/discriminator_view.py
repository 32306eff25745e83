"""What the discriminator thinks of one image, where it looks, and which real images are nearest to it."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from gan_core.config import RunConfig
from gan_core.data.dataset import unreported
from gan_core.data.registry import Dataset, Report
from gan_core.evaluation.digit_classifier import SIZE, load_classifier
from gan_core.models.networks import Discriminator
from gan_core.numerics.pixel_range import bytes_to_images
from gan_core.numerics.shapes import Bytes, Features, Labels
from gan_core.objective.losses import loss_for

CHUNK = 2_000  # real images that are looked at together

Space = Literal["judge", "pixels"]


class Opinion(NamedTuple):
    """D's logit of one image; the probability of being real that it means, None where the loss knows none; where D
    looks: saliency (S, S) in [0, 1].
    """

    logit: float
    probability: float | None
    saliency: Tensor


def opinion(discriminator: Discriminator, config: RunConfig, pixels: Bytes, y: Labels | None = None) -> Opinion:
    """What a `still_discriminator` makes of one image (1, C, S, S); `y` (1,) is its class where there are labels.

    The saliency is |dD/dx|, the largest over the channels, in shares of the largest of all  (Simonyan et al. 2014,
    section 3.1).
    """
    x = bytes_to_images(pixels, config.data.value_range).double().requires_grad_(True)
    logits = discriminator(x, y)
    (gradient,) = torch.autograd.grad(logits.sum(), x)
    size = gradient[0].abs().amax(0)  # (S, S)
    probability = loss_for(config.objective).probability
    return Opinion(
        logit=logits.item(),
        probability=None if probability is None else probability(logits).item(),
        saliency=size / size.max() if size.any() else size,
    )


class FeatureIndex(NamedTuple):
    """A data set made ready to be searched: one row (N, F) an image, in one of two spaces. The caller keeps it."""

    rows: Tensor
    space: Space


class Neighbour(NamedTuple):
    """One real image: its number in the data set, and how far it is in the gallery's space."""

    number: int
    distance: float


def index_real_images(dataset: Dataset, report: Report = unreported) -> FeatureIndex:
    """The judge's features for grey images of its size, which takes a while; for others, their pixels as they are.

    `report` is told of the progress; what it raises ends the work.
    """
    if dataset.images.shape[1:] != (1, SIZE, SIZE):
        return FeatureIndex(dataset.images.flatten(1), "pixels")
    judge = load_classifier()
    parts: list[Features] = []
    for part in torch.split(dataset.images, CHUNK):
        report(CHUNK * len(parts) / len(dataset), f"Looking at {len(dataset):,} real images.")
        parts.append(judge.features(part.cpu()))
    return FeatureIndex(torch.cat(parts), "judge")


def nearest(gallery: FeatureIndex, pixels: Bytes, count: int = 5) -> list[Neighbour]:
    """The real images closest to one image (1, C, S, S), the closest first; an image's own copy is at distance 0.

    Distances are Euclidean: between the judge's features, or between pixels in [0, 1].
    """
    query = ROW_OF[gallery.space](pixels).double()
    squares = [(part - query).square().sum(1) for part in torch.split(gallery.rows, CHUNK)]
    distances = torch.cat(squares).sqrt() / UNIT[gallery.space]
    closest = distances.topk(min(count, len(distances)), largest=False)
    return [Neighbour(*pair) for pair in zip(closest.indices.tolist(), closest.values.tolist(), strict=True)]


def judged(pixels: Bytes) -> Features:
    """(1, 128): a space in which similar digits are close."""
    return load_classifier().features(pixels)


def as_they_are(pixels: Bytes) -> Features:
    """(1, C * S * S) uint8."""
    return pixels.flatten(1)


ROW_OF: Mapping[Space, Callable[[Bytes], Features]] = {"judge": judged, "pixels": as_they_are}
UNIT: Mapping[Space, float] = {"judge": 1.0, "pixels": 255.0}

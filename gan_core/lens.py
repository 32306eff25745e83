"""What the discriminator thinks of one image, where it looks, and which real images are nearest to it."""

from typing import Literal, NamedTuple

from torch import Tensor

from gan_core.config import RunConfig
from gan_core.data import Dataset, Report
from gan_core.data.dataset import unreported
from gan_core.models import Discriminator
from gan_core.shapes import Bytes, Features, Labels


class Opinion(NamedTuple):
    """D's logit of one image, the probability of being real that it means (None where the loss knows none), and the
    saliency (S, S) in [0, 1].
    """

    logit: float
    probability: float | None
    saliency: Tensor


def opinion(discriminator: Discriminator, config: RunConfig, pixels: Bytes, y: Labels | None = None) -> Opinion:
    """D's view of one image (1, C, S, S) by a `still_discriminator`; `y` (1,) is its class where there are labels.

    The saliency is |dD/dx|, the largest of the channels, in shares of the largest  (Simonyan et al. 2014, section 3.1).
    """
    raise NotImplementedError


class Gallery(NamedTuple):
    """A data set made ready to be searched: features (N, F) in one of two spaces. To be kept by the caller."""

    features: Features
    space: Literal["judge", "pixels"]


class Neighbour(NamedTuple):
    """One real image: its number in the data set, and its distance in the gallery's space."""

    index: int
    distance: float


def gallery_of(dataset: Dataset, report: Report = unreported) -> Gallery:
    """The judge's features for grey images of 28 pixels, else the pixels in [0, 1] themselves. Takes a while."""
    raise NotImplementedError


def nearest(gallery: Gallery, pixels: Bytes, count: int = 5) -> list[Neighbour]:
    """The real images closest to one image (1, C, S, S), by Euclidean distance, the closest first."""
    raise NotImplementedError

"""Real images to be compared with a sample grid: always the same ones of a data set, in the order of the grid."""

from pathlib import Path

import torch
from torch import Tensor

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset, spread
from gan_core.data.registry import DataError, Report, load, needs_network, unreported
from gan_core.numerics.shapes import Bytes


def real_images(
    config: DataConfig, root: Path, count: int, report: Report = unreported, classes: tuple[str, ...] = ()
) -> Bytes:
    """(count, C, S, S) uint8, fewer for a smaller data set. `classes` are those of the run, in its order.

    Nothing is downloaded. Raises DataError if the data are not on this machine.
    """
    if needs_network(config, root=root):
        raise DataError(
            f"the images of {config.name} are not on this machine; put them back, or start a run with this data set, "
            "which downloads them"
        )
    dataset = load(config, torch.device("cpu"), root=root, report=report).with_classes_as(classes)
    return dataset.images[positions(dataset, count, by_class=config.labels)]


def positions(dataset: Dataset, count: int, by_class: bool) -> Tensor:
    """(count,) int64, fewer for a smaller data set: positions spread evenly over the data set.

    With `by_class`, position k shows class k modulo K, as a sample grid with labels does. If a class has no image (a
    limited data set may lack one), the positions are spread evenly as well.
    """
    evenly = spread(len(dataset), count)
    if not by_class or dataset.labels is None:
        return evenly
    members = [torch.nonzero(dataset.labels == label).flatten() for label in range(len(dataset.classes))]
    if not all(map(len, members)):
        return evenly
    rounds = [divmod(place, len(members)) for place in range(count)]
    return torch.stack([members[label][number % len(members[label])] for number, label in rounds])

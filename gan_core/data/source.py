"""What is known about a data set before it is loaded, and how to load it. Imports no torch: forms read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset

Report = Callable[[float, str], None]  # share done, 0..1, and a sentence
Load: TypeAlias = "Callable[[DataConfig, torch.device, Path, Report], Dataset]"
DIGITS = tuple("0123456789")


class DataError(ValueError):
    """Data that cannot be found, downloaded or read; the message is one sentence for the user."""

    code = "data"  # of a run that failed with it: see Progress


class FolderError(DataError):
    """A folder of images that cannot be used. The folder is a setting of the run, which cannot be changed any more."""

    code = "folder"


class DataChangedError(DataError):
    """The data of a run have changed since it began."""

    code = "changed"


def unreported(share: float, sentence: str) -> None:
    """A Report that is ignored."""


class Outlook(NamedTuple):
    """How many images and classes a configured data set will have; `classes` is 0 without labels."""

    images: int
    classes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The row of a data set."""

    title: str  # what its images are, in the plural
    load: Load
    images: int = 0  # 0: not known before it is read
    classes: tuple[str, ...] = ()  # the names of its labels
    size: int = 0  # native height and width in pixels; 0: any
    channels: int = 0  # native; 0: any
    white_on_black: bool = False  # a dark drawing on a light ground must be inverted to look like its images
    placed_as_mnist: bool = False  # MNIST's digits or digits like them: the digit classifier can read them
    is_here: Callable[[Path], bool] | None = None  # whether a downloaded set is on this machine; None: no download
    counted: Callable[[DataConfig], Outlook] | None = None  # for a set that is not known before it is looked at

    @property
    def in_words(self) -> str:
        """One phrase for a form: how many images, what they are, their native form, whether a download is needed."""
        count = f"{self.images:,} " if self.images else ""
        form = f", {self.size} x {self.size} pixels" if self.size else ""
        colour = {1: ", grey", 3: ", in colour"}.get(self.channels, "")
        return f"{count}{self.title}{form}{colour}{', downloaded once' if self.is_here else ''}"

    def outlook(self, config: DataConfig) -> Outlook:
        """How many images and classes the set has, without limit."""
        return self.counted(config) if self.counted else Outlook(self.images, len(self.classes))


def from_torchvision(class_name: str, *, title: str, classes: tuple[str, ...], placed_as_mnist: bool = False) -> Source:
    """The row of one of torchvision's data sets in MNIST's file format: 60,000 grey training images of 28 pixels."""

    def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
        from gan_core.data.torchvision_sets import load_set

        return load_set(class_name, title, classes, config, device, root, report)

    def is_here(root: Path) -> bool:
        from gan_core.data.torchvision_sets import find_raw

        return find_raw(class_name, root) is not None

    return Source(
        title=title,
        load=load,
        images=60_000,
        classes=classes,
        size=28,
        channels=1,
        white_on_black=True,
        placed_as_mnist=placed_as_mnist,
        is_here=is_here,
    )

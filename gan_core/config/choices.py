"""The choices that a folder of `gan_core` offers: each file in it is one choice, and the file's name is its name.

Listing a folder imports nothing. `Folder.rows` imports the files: losses, families and data sets import torch only
inside their functions, because forms and checks read their rows before torch is loaded.
"""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

GAN_CORE = Path(__file__).parents[1]


class Folder(NamedTuple):
    """A folder of choices. Each file defines one constant, its row; `first` comes first in forms and messages."""

    path: str  # below gan_core
    constant: str
    first: str
    separator: str = "_"  # in names; in file names it is always an underscore

    def names(self) -> tuple[str, ...]:
        """The choices: `first`, then the others in alphabetical order."""
        found = [
            module.name.replace("_", self.separator) for module in pkgutil.iter_modules([str(GAN_CORE / self.path)])
        ]
        return tuple(sorted(found, key=lambda name: (name != self.first, name)))

    def row(self, name: str) -> Any:
        """The row of one choice; imports its file."""
        module = import_module(f"gan_core.{self.path.replace('/', '.')}.{name.replace(self.separator, '_')}")
        return getattr(module, self.constant)

    def rows(self) -> dict[str, Any]:
        """Every row by name; imports every file."""
        return {name: self.row(name) for name in self.names()}


LOSSES = Folder("objective/losses", "LOSS", first="non_saturating")
PENALTIES = Folder("objective/penalties", "PENALTY", first="none")
AUGMENTATIONS = Folder("objective/augmentations", "AUGMENTATION", first="none")
FAMILIES = Folder("models/families", "FAMILY", first="studio", separator="-")
DATA_SETS = Folder("data/sets", "SOURCE", first="mnist", separator="-")

if TYPE_CHECKING:  # a type checker cannot list a folder
    LossName: TypeAlias = str
    PenaltyName: TypeAlias = str
    AugmentName: TypeAlias = str
    DataName: TypeAlias = str
else:
    LossName = Literal[LOSSES.names()]
    PenaltyName = Literal[PENALTIES.names()]
    AugmentName = Literal[AUGMENTATIONS.names()]
    DataName = Literal[DATA_SETS.names()]

ValueRange = Literal["signed", "unit"]
Distribution = Literal["normal", "uniform"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "float32", "bfloat16"]
ExportFormat = Literal["safetensors", "onnx"]

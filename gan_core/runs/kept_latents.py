"""Latents of one run that no seed gives, such as one found for a drawing."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.runs.atomic_files import Announce, silent, written_ns
from gan_core.runs.errors import RunMissingError
from gan_core.runs.folder import LATENTS, require_run, write_into
from gan_core.runs.tensor_files import CheckpointError, bytes_to_tensors, sha_of, tensors_to_bytes

if TYPE_CHECKING:  # pages that only list runs import this module and do not wait for torch
    from torch import Tensor

CLASSES = "classes"  # missing in files of older versions
KEPT = re.compile(r"kept:(?P<sha>[0-9a-f]{12})")  # how an expression names a kept latent


class KeptLatents:
    """The kept latents of one run. Expressions name them `kept:<sha12>`."""

    def __init__(self, folder: Path, announce: Announce = silent) -> None:
        self.folder, self.announce = folder, announce

    def keep(self, z: "Tensor", classes: "Tensor | None" = None) -> str:
        """Keep a latent (1, Z), in a run with labels with its class weights (1, K); returns its name.

        Equal numbers have equal names. Raises StorageError.
        """
        labels = {} if classes is None else {CLASSES: classes.double()}
        data = tensors_to_bytes({"z": z.double(), **labels}, {})
        sha = sha_of(data)
        path = self._path(sha)
        if not path.exists():
            write_into(path, data, self.announce)
        return f"kept:{sha}"

    def load(self, name: str) -> "Tensor":
        """The latent (1, Z), float64, of a name that `keep` returned.

        Raises RunMissingError if the run has no such latent, CheckpointError if its file is damaged.
        """
        return self._tensors(name)["z"]

    def classes(self, name: str) -> "Tensor | None":
        """The class weights (1, K), float64, that the latent was kept with; None if without. Raises as `load`."""
        return self._tensors(name).get(CLASSES)

    def _tensors(self, name: str) -> "dict[str, Tensor]":
        match = KEPT.fullmatch(name)
        path = self._path(match["sha"] if match else "")
        if match is None or not path.is_file():
            raise RunMissingError(
                f"run {self.folder.name} keeps no latent {name[:32]!r}; it may have been made in another run"
            )
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
        if sha_of(data) != match["sha"]:
            raise CheckpointError(f"{path.name} is damaged (its SHA-256 is not the one in its name)")
        tensors, _ = bytes_to_tensors(data, path.name)
        return tensors

    def names(self) -> list[str]:
        """The names of all kept latents, oldest first."""
        paths = (require_run(self.folder) / LATENTS).glob("*.safetensors")
        names = [f"kept:{path.stem}" for path in sorted(paths, key=lambda path: (written_ns(path), path.name))]
        return [name for name in names if KEPT.fullmatch(name)]  # without temporary files

    def _path(self, sha: str) -> Path:
        return require_run(self.folder) / LATENTS / f"{sha}.safetensors"

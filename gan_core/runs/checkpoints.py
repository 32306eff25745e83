"""The checkpoints of one run: all of the training state, in files `state-<images seen>-<SHA-256>.safetensors`.

The name carries the first twelve digits of the SHA-256 of the file, so that a damaged file is found. Tensors are
safetensors, counters are JSON in their metadata.
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gan_core.runs.atomic_files import Announce, silent, write_atomically, written_ns
from gan_core.runs.folder import require_run
from gan_core.runs.tensor_files import CheckpointError, bytes_to_tensors, sha_of, tensors_to_bytes

if TYPE_CHECKING:  # pages that only list runs import this module and do not wait for torch
    from torch import Tensor

Take = Callable[["Mapping[str, Tensor]", Mapping[str, int]], None]

STAGES = ("hash", "write", "write half", "fsync", "rename", "fsync folder", "thin")  # what `save` announces, in order
KEPT_CHECKPOINTS = 2
CHECKPOINT = re.compile(r"state-(?P<images>\d{12,})-(?P<sha>[0-9a-f]{12})\.safetensors")


class Checkpoint(NamedTuple):
    """A loaded checkpoint, and one sentence for each newer one that could not be loaded."""

    tensors: "dict[str, Tensor]"
    counters: dict[str, int]
    path: Path
    complaints: list[str]


def take_all(tensors: "Mapping[str, Tensor]", counters: Mapping[str, int]) -> None:
    """Accept every checkpoint that can be read."""


class Checkpoints:
    """The checkpoints in the folder of one run."""

    def __init__(self, folder: Path, announce: Announce = silent) -> None:
        self.folder, self.announce = folder, announce

    def save(self, tensors: "Mapping[str, Tensor]", counters: Mapping[str, int]) -> Path:
        """Write a checkpoint and return its path. `counters` must hold `images_seen`.

        The newest intact checkpoint before it is kept too; older ones are removed once the new file is in place.
        Raises StorageError; every older checkpoint is then still there.
        """
        data = tensors_to_bytes(tensors, {"counters": dict(counters)})
        self.announce("hash")
        path = self.folder / f"state-{counters['images_seen']:012d}-{sha_of(data)}.safetensors"
        write_atomically(path, data, self.announce)
        if path.stat().st_size == len(data):
            thin_checkpoints(self.folder, path, self.announce)
        return path

    def exists(self) -> bool:
        """Whether any checkpoint was ever saved; reads none."""
        return bool(newest_first(require_run(self.folder)))

    def newest_first(self) -> list[Path]:
        """Every file that is named like a checkpoint, by images seen, then by time of writing."""
        return newest_first(self.folder)

    def newest(self, take: Take = take_all) -> Checkpoint:
        """The newest checkpoint that is intact and that `take` accepts.

        `take(tensors, counters)` is called with each candidate, newest first. It refuses one that does not fit by
        raising ValueError, and must not have changed anything then. Raises CheckpointError if none can be loaded.
        """
        wrong: list[str] = []
        for path in self.newest_first():
            try:
                tensors, counters = load_checkpoint(path)
                take(tensors, counters)
            except ValueError as error:
                wrong.append(str(error) if path.name in str(error) else f"{path.name} does not fit this run ({error})")
                continue
            return Checkpoint(tensors, counters, path, [f"{text}; {path.name} is used instead" for text in wrong])
        if not wrong:
            require_run(self.folder)
            raise CheckpointError(f"no checkpoint was ever saved in {self.folder}; start the run under another name")
        raise CheckpointError(
            f"no checkpoint in {self.folder} can be loaded: {'; '.join(wrong)}; put one back from a backup"
        )


def newest_first(folder: Path) -> list[Path]:
    """Every file in `folder` that is named like a checkpoint, by images seen, then by time of writing."""
    found = [path for path in folder.glob("state-*.safetensors") if CHECKPOINT.fullmatch(path.name)]
    return sorted(found, key=lambda path: (images_of(path), written_ns(path)), reverse=True)


def images_of(path: Path) -> int:
    """The images seen in the name of a checkpoint; -1 for any other name."""
    match = CHECKPOINT.fullmatch(path.name)
    return int(match["images"]) if match else -1


def thin_checkpoints(folder: Path, newest: Path, announce: Announce = silent) -> list[Path]:
    """Keep `newest` and the newest intact checkpoint before it; remove older ones. Returns what was removed.

    Corrupt files do not count towards the two that are kept. Checkpoints later than `newest` come from an abandoned
    attempt and stay until the run has passed them.
    """
    kept, removed = 1, []
    for path in newest_first(folder):
        if path == newest or images_of(path) > images_of(newest):
            continue
        if kept < KEPT_CHECKPOINTS:
            kept += is_intact(path)
        else:
            with contextlib.suppress(OSError):  # the new checkpoint is saved even if an old one cannot be removed
                announce("thin")
                path.unlink()
                removed.append(path)
    return removed


def is_intact(path: Path) -> bool:
    """Whether the bytes have the SHA-256 in the name."""
    match = CHECKPOINT.fullmatch(path.name)
    try:
        return match is not None and sha_of(path.read_bytes()) == match["sha"]
    except OSError:
        return False


def load_checkpoint(path: Path) -> "tuple[dict[str, Tensor], dict[str, int]]":
    """The tensors (CPU) and counters of one checkpoint. Raises CheckpointError, which says what is wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
    match = CHECKPOINT.fullmatch(path.name)
    if not data:
        raise CheckpointError(f"{path.name} is empty")
    if match is None or sha_of(data) != match["sha"]:
        raise CheckpointError(f"{path.name} is damaged (its SHA-256 is not the one in its name)")
    tensors, values = bytes_to_tensors(data, path.name)
    counters = values.get("counters")
    if not isinstance(counters, dict) or not all(isinstance(count, int) for count in counters.values()):
        raise CheckpointError(f"{path.name} has no counters")
    return tensors, counters

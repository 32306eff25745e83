"""Files that are either whole or not there, and the states of a run in them.

A file is written beside its place, flushed, fsynced and renamed into place: whatever kills the process, at every
instant the name holds the old bytes or the new. A state carries the first twelve digits of its SHA-256 in its name, so
that a file which lies about its content is found out. Tensors are safetensors, counters are JSON in the metadata.

`announce` is called with each name in STAGES just before that stage happens. It exists for tests, which raise an
OSError or kill the process there; anyone else leaves it silent.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from gan_core.runs.processes import process_started

if TYPE_CHECKING:  # torch is heavy, and pages that only list runs import this module
    from torch import Tensor

Announce = Callable[[str], None]
Writer = Callable[[IO[bytes]], None]
Take = Callable[["Mapping[str, Tensor]", Mapping[str, int]], None]

STAGES = ("hash", "write", "write half", "fsync", "rename", "fsync folder", "thin")
SCHEMA = 1
KEPT_CHECKPOINTS = 2
STALE_SECONDS = 3600.0  # longer than any write: pids are used again, ages are not

PARTIAL = re.compile(r"\.partial-(?P<pid>\d+)-.*")
CHECKPOINT = re.compile(r"state-(?P<images>\d{12,})-(?P<sha>[0-9a-f]{12})\.safetensors")


class StorageError(OSError):
    """A file could not be written. `errno` is the system's; the text is one sentence."""

    def __init__(self, number: int | None, sentence: str) -> None:
        super().__init__(number, sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class CheckpointError(ValueError):
    """A state or a snapshot that cannot be loaded, in one sentence."""


class Checkpoint(NamedTuple):
    """One loaded state, and a sentence for each newer one that was passed over."""

    tensors: "dict[str, Tensor]"
    counters: dict[str, int]
    path: Path
    complaints: list[str]


def silent(stage: str) -> None:
    """The announcement of everyone but the tests."""


def write_atomically(path: Path, data: bytes | Writer, announce: Announce = silent) -> None:
    """Put `data` at `path`, whole or not at all; `data` is bytes or a function that writes to an open binary file.

    The folder must exist. Raises StorageError, with what was at `path` before still there and nothing left beside it.
    """
    partial = path.with_name(f".partial-{os.getpid()}-{secrets.token_hex(4)}-{path.name}")
    try:
        write_through(partial, data, announce)
        announce("rename")
        os.replace(partial, path)
        announce("fsync folder")
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # already renamed, or the folder itself is gone
            partial.unlink()


def write_through(path: Path, data: bytes | Writer, announce: Announce) -> None:
    """Write a new file and wait until it is on the disk."""
    announce("write")
    with path.open("xb") as file:
        if isinstance(data, bytes):
            middle = len(data) // 2
            file.write(data[:middle])
            file.flush()
            announce("write half")
            file.write(data[middle:])
        else:
            data(file)
        file.flush()
        announce("fsync")
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; where folders cannot be opened (Windows) the system does it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage_error(path: Path, error: OSError) -> StorageError:
    """What the system said, as one sentence with a way out."""
    if isinstance(error, StorageError):
        return error
    if not path.parent.is_dir():
        advice = "its folder is gone"
    else:
        advice = "free some space or check the disk, then try again; what was saved before is still there"
    return StorageError(error.errno, f"could not write {path}: {error.strerror or error}; {advice}")


def sweep_partials(folder: Path) -> list[Path]:
    """Remove what dead processes left half written in `folder`; returns what was removed.

    A partial of a living process stays, unless it is older than any write can be (its pid then belongs to another).
    """
    removed = []
    for path in sorted(folder.glob(".partial-*")):
        if is_stale(path):
            with contextlib.suppress(FileNotFoundError):  # its writer was quicker
                path.unlink()
                removed.append(path)
    return removed


def is_stale(partial: Path) -> bool:
    match = PARTIAL.fullmatch(partial.name)
    if match is None:
        return False
    try:
        age_seconds = time.time() - partial.stat().st_mtime
    except FileNotFoundError:
        return False
    return process_started(int(match["pid"])) is None or age_seconds > STALE_SECONDS


def tensors_to_bytes(tensors: "Mapping[str, Tensor]", values: Mapping[str, object]) -> bytes:
    """Safetensors bytes, with `values` as one JSON text in the metadata. Equal input gives equal bytes."""
    import torch
    from safetensors.torch import save

    copies = {
        # always a copy: safetensors refuses tensors that share memory
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    return save(copies, {"gan_studio": json.dumps({"schema": SCHEMA, **values}, sort_keys=True)})


def bytes_to_tensors(data: bytes, name: str) -> "tuple[dict[str, Tensor], dict[str, object]]":
    """The tensors and the values that `tensors_to_bytes` wrote; CheckpointError names the file and what is wrong."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        tensors = load(data)
        values = json.loads(header_of(data)["__metadata__"]["gan_studio"])
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{name} is not a file of this program ({error or type(error).__name__})") from error
    if not isinstance(values, dict) or not isinstance(values.get("schema"), int):
        raise CheckpointError(f"{name} carries no schema number")
    if values["schema"] > SCHEMA:
        raise CheckpointError(
            f"{name} was written by a newer GAN Studio (schema {values['schema']}, this one reads {SCHEMA})"
        )
    return tensors, values


def header_of(data: bytes) -> dict[str, dict[str, str]]:
    """The JSON header of a safetensors file: eight bytes of length (little endian), then the text."""
    length = int.from_bytes(data[:8], "little")
    header: dict[str, dict[str, str]] = json.loads(data[8 : 8 + length])
    return header


def save_checkpoint(
    folder: Path,
    images_seen: int,
    tensors: "Mapping[str, Tensor]",
    counters: Mapping[str, int],
    announce: Announce = silent,
) -> Path:
    """Write one state and return its path; the newest sound state before it is kept too, older ones are removed.

    Nothing is removed before the new file is in place with all its bytes. Raises StorageError with every older state
    still there.
    """
    data = tensors_to_bytes(tensors, {"counters": dict(counters)})
    announce("hash")
    path = folder / f"state-{images_seen:012d}-{sha_of(data)}.safetensors"
    write_atomically(path, data, announce)
    if path.stat().st_size == len(data):
        thin_checkpoints(folder, path, announce)
    return path


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def images_of(path: Path) -> int:
    match = CHECKPOINT.fullmatch(path.name)
    return int(match["images"]) if match else -1


def checkpoints_newest_first(folder: Path) -> list[Path]:
    """Every file that is named like a state, by images seen, then by time of writing."""
    found = [path for path in folder.glob("state-*.safetensors") if CHECKPOINT.fullmatch(path.name)]
    return sorted(found, key=lambda path: (images_of(path), written_ns(path)), reverse=True)


def written_ns(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 for one that its trainer removed a moment ago."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def thin_checkpoints(folder: Path, newest: Path, announce: Announce = silent) -> list[Path]:
    """Keep `newest` and the newest sound state before it; remove what is older than both. Returns what was removed.

    An unsound file is never one of the two, so a sound one never goes in its favour. States beyond `newest` belong to a
    future that was given up; they stay until the run has passed them.
    """
    kept, removed = 1, []
    for path in checkpoints_newest_first(folder):
        if path == newest or images_of(path) > images_of(newest):
            continue
        if kept < KEPT_CHECKPOINTS:
            kept += is_sound(path)
        else:
            with contextlib.suppress(OSError):  # the state is saved whether an old one can be removed or not
                announce("thin")
                path.unlink()
                removed.append(path)
    return removed


def is_sound(path: Path) -> bool:
    """Whether the bytes are those that the name promises."""
    match = CHECKPOINT.fullmatch(path.name)
    try:
        return match is not None and sha_of(path.read_bytes()) == match["sha"]
    except OSError:
        return False


def load_checkpoint(path: Path) -> "tuple[dict[str, Tensor], dict[str, int]]":
    """The tensors (CPU) and counters of one state. Raises CheckpointError with one clause saying what is wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
    match = CHECKPOINT.fullmatch(path.name)
    if not data:
        raise CheckpointError(f"{path.name} is empty")
    if match is None or sha_of(data) != match["sha"]:
        raise CheckpointError(f"{path.name} is damaged (its bytes are not those that its name promises)")
    tensors, values = bytes_to_tensors(data, path.name)
    counters = values.get("counters")
    if not isinstance(counters, dict) or not all(isinstance(count, int) for count in counters.values()):
        raise CheckpointError(f"{path.name} carries no counters")
    return tensors, counters


def take_all(tensors: "Mapping[str, Tensor]", counters: Mapping[str, int]) -> None:
    """Accept every state that can be read."""


def load_newest_checkpoint(folder: Path, take: Take = take_all) -> Checkpoint:
    """The newest state that is sound and that `take` accepts.

    `take(tensors, counters)` is called with each candidate, newest first, and refuses a foreign one by raising
    ValueError without having changed anything. For every state passed over there is a sentence in `complaints`.
    Raises CheckpointError where nothing can be loaded.
    """
    wrong: list[str] = []
    for path in checkpoints_newest_first(folder):
        try:
            tensors, counters = load_checkpoint(path)
            take(tensors, counters)
        except ValueError as error:
            wrong.append(str(error) if path.name in str(error) else f"{path.name} does not fit this run ({error})")
            continue
        return Checkpoint(tensors, counters, path, [f"{text}; going on from {path.name} instead" for text in wrong])
    if not wrong:
        raise CheckpointError(f"no state was ever saved in {folder}; start the run again under another name")
    raise CheckpointError(f"no state in {folder} can be loaded: {'; '.join(wrong)}; put one back from a backup")

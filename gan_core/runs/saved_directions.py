"""Saved directions: a name and a vector, for every run whose latents have the same shape.

They lie beside the runs, in `directions.json`, because a direction belongs to no run.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gan_core.config import LatentConfig
from gan_core.runs.atomic_files import Announce, silent, storage_error, write_atomically
from gan_core.runs.errors import RunError
from gan_core.runs.file_lock import locked
from gan_core.runs.record import to_bytes

FILE = "directions.json"
SCHEMA = 1
LONGEST_NAME = 60  # characters
MOST_KEPT = 200
MOST_DELETED = 20  # can still be restored


class DirectionError(RunError):
    """A direction that cannot be saved or found, in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedDirection:
    """A vector (Z,), for latents of one size and distribution."""

    name: str
    distribution: str
    vector: tuple[float, ...]

    def fits(self, latent: LatentConfig) -> bool:
        """Whether it can be added to the latents of a run."""
        return (len(self.vector), self.distribution) == (latent.size, latent.distribution)


def named(name: str, latent: LatentConfig, vector: Iterable[float]) -> NamedDirection:
    """A direction of length 1 under a name, for latents like these. Raises DirectionError if it is not a direction."""
    numbers = tuple(map(float, vector))
    if len(numbers) != latent.size:
        raise DirectionError(f"a direction for these latents has {latent.size} numbers, got {len(numbers)}")
    length = math.hypot(*numbers)
    if not (math.isfinite(length) and length > 0):
        raise DirectionError("a direction needs finite numbers that are not all zero")
    unit = tuple(number / length for number in numbers)
    return NamedDirection(name=checked_name(name), distribution=latent.distribution, vector=unit)


def checked_name(name: str) -> str:
    """The name without surrounding spaces. Raises DirectionError if it is empty, too long or unprintable."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise DirectionError(f"the name of a direction has 1 to {LONGEST_NAME} characters, got {name[:80]!r}")
    return name


class Collection(NamedTuple):
    """All directions of one folder of runs, and those deleted last, the newest at the end."""

    kept: tuple[NamedDirection, ...] = ()
    deleted: tuple[NamedDirection, ...] = ()

    def find(self, name: str) -> NamedDirection:
        """Raises DirectionError where there is none with this name."""
        for direction in self.kept:
            if direction.name == name:
                return direction
        known = ", ".join(direction.name for direction in self.kept) or "none"
        raise DirectionError(f"there is no direction {name!r}; there are: {known}")

    def add(self, direction: NamedDirection) -> "Collection":
        """With one more, at the end. Raises DirectionError where the name is taken or there are too many."""
        if any(each.name == direction.name for each in self.kept):
            raise DirectionError(f"there is a direction {direction.name!r} already; choose another name")
        if len(self.kept) >= MOST_KEPT:
            raise DirectionError(f"there are {MOST_KEPT} directions, as many as are kept; delete one first")
        return self._replace(kept=(*self.kept, direction))

    def rename(self, old: str, new: str) -> "Collection":
        """With another name in the same place. Raises DirectionError."""
        renamed = replace(self.find(old), name=checked_name(new))
        if renamed.name != old and any(each.name == renamed.name for each in self.kept):
            raise DirectionError(f"there is a direction {renamed.name!r} already; choose another name")
        return self._replace(kept=tuple(renamed if each.name == old else each for each in self.kept))

    def delete(self, name: str) -> "Collection":
        """Without one; `restore` brings it back. Raises DirectionError."""
        gone = self.find(name)
        kept = tuple(each for each in self.kept if each.name != name)
        return Collection(kept, (*self.deleted, gone)[-MOST_DELETED:])

    def restore(self) -> "Collection":
        """With the one that was deleted last. Raises DirectionError where there is none, or its name is taken."""
        if not self.deleted:
            raise DirectionError("there is no deleted direction to restore")
        return self._replace(deleted=self.deleted[:-1]).add(self.deleted[-1])


class SavedDirections:
    """The saved directions of one folder of runs, for any thread of any process."""

    def __init__(self, root: Path, announce: Announce = silent) -> None:
        self.path, self.announce = root / FILE, announce

    def all(self) -> tuple[NamedDirection, ...]:
        """Every saved direction, oldest first. Raises DirectionError if the file is damaged."""
        return self._read().kept

    def add(self, direction: NamedDirection) -> None:
        """Save one more, made by `named`. Raises DirectionError if the name is taken."""
        self._change(lambda collection: collection.add(direction))

    def rename(self, old: str, new: str) -> None:
        """Raises DirectionError if there is no `old`, or `new` is taken."""
        self._change(lambda collection: collection.rename(old, new))

    def delete(self, name: str) -> None:
        """Delete one; `restore` brings it back. Raises DirectionError if there is none."""
        self._change(lambda collection: collection.delete(name))

    def restore(self) -> None:
        """Bring back the direction that was deleted last. Raises DirectionError if there is none."""
        self._change(Collection.restore)

    def _read(self) -> Collection:
        try:
            return collection_from_bytes(self.path.read_bytes(), self.path)
        except FileNotFoundError:
            return Collection()
        except OSError as error:
            raise DirectionError(f"{self.path} cannot be read ({error.strerror})") from error

    def _change(self, change: Callable[[Collection], Collection]) -> None:
        """Read, change and write under a lock: two visitors may save a direction at the same time."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_suffix(".lock"), self.path):
                write_atomically(self.path, collection_to_bytes(change(self._read())), self.announce)
        except OSError as error:
            raise storage_error(self.path, error) from error


def collection_to_bytes(collection: Collection) -> bytes:
    """JSON text."""
    lists = {name: [asdict(each) for each in directions] for name, directions in collection._asdict().items()}
    return to_bytes({"schema": SCHEMA, **lists})


def collection_from_bytes(data: bytes, path: object) -> Collection:
    """What `collection_to_bytes` wrote. Raises DirectionError, which names `path`, if it cannot be read."""
    try:
        values = json.loads(data)
        if int(values["schema"]) > SCHEMA:
            raise ValueError("it was written by a newer GAN Studio")
        return Collection(*(tuple(map(direction_from, values[name])) for name in Collection._fields))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DirectionError(f"{path} is damaged ({error}); put it back from a backup, or move it away") from error


def direction_from(values: dict[str, object]) -> NamedDirection:
    """One direction of the file. Raises ValueError, TypeError or KeyError if it is none."""
    vector = values["vector"]
    if not isinstance(vector, list) or not vector:
        raise ValueError("a direction has no numbers")
    numbers = tuple(map(float, vector))
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a direction has numbers that are not finite")
    return NamedDirection(name=str(values["name"]), distribution=str(values["distribution"]), vector=numbers)

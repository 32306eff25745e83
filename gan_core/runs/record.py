"""What a run folder says of a run, as values: its name, its record (config.json), its notes, its place in a list.

Nothing here touches the disk; `RunStore` knows where these live.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gan_core.config import ConfigError, Json, RunConfig, config_from
from gan_core.runs.history import Status
from gan_core.runs.lock import Owner

SCHEMA = 1
LONGEST_NAME = 64
NAME = re.compile(rf"(?!\.)[A-Za-z0-9._-]{{1,{LONGEST_NAME}}}")
SNAPSHOTS_KEPT = 64


class RunError(ValueError):
    """Something about a run that cannot be, in one sentence."""


class RunNameError(RunError):
    """A name that no run can have."""


class RunExistsError(RunError):
    """A name that is taken."""


class RunMissingError(RunError):
    """A run that does not exist."""


class RunDamagedError(RunError):
    """A run whose files cannot be understood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """What a person adds to a run."""

    title: str = ""
    tags: tuple[str, ...] = ()
    star: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSummary:
    """One line of a list of runs. `created` is ISO 8601 in UTC; `newest_sample` the path of a picture, or None."""

    name: str
    created: str
    status: Status
    preset: str = ""
    reason: str = ""
    images_seen: int = 0
    images_target: int = 0
    epoch: int = 0
    seconds: float = 0.0
    images_per_second: float = 0.0
    pace: float = 0.0
    owner: Owner | None = None
    newest_sample: str | None = None
    notes: Notes = Notes()


def checked_name(name: str) -> str:
    """The name itself, or RunNameError: a run's name is a folder's name on every system and never a path."""
    if not NAME.fullmatch(name):
        raise RunNameError(
            f"{name!r} cannot be the name of a run: use 1 to {LONGEST_NAME} letters, digits, dots, dashes or "
            "underscores, and no dot in front"
        )
    return name


def numbered(base: str, number: int) -> str:
    """`base`, `base-2`, `base-3`, ...: cut so that the whole is still a name."""
    ending = f"-{number}" if number > 1 else ""
    return base[: LONGEST_NAME - len(ending)] + ending


def automatic_name(preset: str, now: datetime) -> str:
    """`<preset>-<yyyymmdd-hhmmss>`."""
    return f"{preset[:40]}-{now:%Y%m%d-%H%M%S}"


def new_record(config: RunConfig, preset: str, parent: Mapping[str, Any] | None) -> Json:
    """What config.json says before anything is resolved. `parent` is {run, images_seen} of a fork."""
    return {
        "schema": SCHEMA,
        "created": now_text(),
        "preset": preset,
        "config": config.model_dump(mode="json"),
        "resolved": None,
        "parent": dict(parent) if parent else None,
    }


def now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def to_bytes(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, indent=1) + "\n").encode()


def record_from(data: bytes, run: str) -> Json:
    """The record in the bytes of config.json. Raises RunDamagedError with what is wrong."""
    try:
        record = json.loads(data)
        schema = int(record["schema"])
        missing = {"created", "preset", "config", "resolved", "parent"} - set(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_record(run, str(error) or type(error).__name__) from error
    if schema > SCHEMA:
        raise RunDamagedError(
            f"run {run} was written by a newer GAN Studio (schema {schema}, this one reads {SCHEMA}); update GAN Studio"
        )
    if missing:
        raise damaged_record(run, f"it lacks {', '.join(sorted(missing))}")
    return dict(record)


def config_in(record: Mapping[str, Any], run: str) -> RunConfig:
    """The configuration in a record. Raises RunDamagedError with every problem."""
    try:
        return config_from(record["config"])
    except ConfigError as error:
        raise damaged_record(run, str(error)) from error


def damaged_record(run: str, problem: str) -> RunDamagedError:
    return RunDamagedError(
        f"the config.json of run {run} is damaged ({problem}); put it back from a backup, or delete the run"
    )


def resolved_record(record: Json, resolved: Mapping[str, Any], run: str) -> Json:
    """The record with what `auto` came out as; fixed once. Raises RunError where it is fixed to something else."""
    values = json.loads(json.dumps(resolved))
    if record["resolved"] not in (None, values):
        before = record["resolved"]
        differing = sorted(key for key in {*before, *values} if before.get(key) != values.get(key))
        changes = ", ".join(f"{key} ({before.get(key)!r}, now {values.get(key)!r})" for key in differing)
        raise RunError(f"run {run} is already resolved with another {changes}; a run keeps what it started with")
    return {**record, "resolved": values}


def notes_from(data: bytes) -> Notes:
    """The notes in the bytes of notes.json; blank ones where they cannot be read: no run is lost for a note."""
    try:
        values = json.loads(data)
        return Notes(
            title=str(values.get("title", "")),
            tags=tuple(map(str, values.get("tags", ()))),
            star=bool(values.get("star", False)),
            note=str(values.get("note", "")),
        )
    except (ValueError, TypeError, AttributeError):
        return Notes()


def too_many(unpinned: Sequence[int], limit: int = SNAPSHOTS_KEPT) -> list[int]:
    """Which of these snapshots (images seen, ascending) to drop so that at most `limit` stay, spread evenly.

    Again and again the one whose neighbours are closest together goes; the first and the last always stay.
    """
    kept, dropped = list(unpinned), []
    while len(kept) > max(2, limit):
        gaps = [after - before for before, after in zip(kept, kept[2:], strict=False)]
        dropped.append(kept.pop(1 + gaps.index(min(gaps))))
    return dropped

"""The record of a run, config.json, as values: its configuration, and the choices made for every setting `auto`.

Nothing here reads or writes a file.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gan_core.config import ConfigError, Json, RunConfig, config_from
from gan_core.data.folder_path import found_again, from_run, with_absolute_folder, with_folder
from gan_core.runs.errors import RunDamagedError, RunError

SCHEMA = 1
FROM_RUN = "folder_from_run"  # the path of a folder of images from the folder of the run; older records lack it
KEYS = {"created", "preset", "config", "resolved", "parent"}


def new_record(config: RunConfig, preset: str) -> Json:
    """The record of a run that was never trained. `parent` is always null; it is kept for programs that read it.

    A folder of images is written with its whole path, so that the run can be resumed from another folder.
    """
    config = with_absolute_folder(config)
    return {
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
        "preset": preset,
        "config": config.model_dump(mode="json"),
        "resolved": None,
        "parent": None,
    }


def to_bytes(values: Mapping[str, Any]) -> bytes:
    """JSON text as it is written to the files of a run."""
    return (json.dumps(values, indent=1) + "\n").encode()


def record_from(data: bytes, run: str) -> Json:
    """The record in the bytes of config.json. Raises RunDamagedError, which says what is wrong."""
    try:
        record = json.loads(data)
        schema = int(record["schema"])
        missing = KEYS - set(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_record(run, str(error) or type(error).__name__) from error
    if schema > SCHEMA:
        raise RunDamagedError(
            f"run {run} was written by a newer GAN Studio (schema {schema}, this one reads {SCHEMA}); update GAN Studio"
        )
    if missing:
        raise damaged_record(run, f"it lacks {', '.join(sorted(missing))}")
    return dict(record)


def config_of(record: Mapping[str, Any], run: Path) -> RunConfig:
    """The configuration in the record of the run in this folder, with its images where they are now.

    Raises RunDamagedError, which names every problem.
    """
    relative = record.get(FROM_RUN)
    return found_again(config_in(record, run.name), run, relative if isinstance(relative, str) else None)


def config_in(record: Mapping[str, Any], run: str) -> RunConfig:
    """The configuration in a record, as it was written. Raises RunDamagedError, which names every problem."""
    try:
        return config_from(record["config"])
    except ConfigError as error:
        raise damaged_record(run, str(error)) from error


def moved_record(record: Json, folder: Path, run: Path) -> Json:
    """The record of a run whose images lie in another folder now."""
    config = with_absolute_folder(with_folder(config_in(record, run.name), folder))
    moved = {key: value for key, value in record.items() if key != FROM_RUN}
    return beside(moved | {"config": config.model_dump(mode="json")}, run)


def beside(record: Json, run: Path) -> Json:
    """The record with the path of the images from the folder of the run, if they lie near it."""
    relative = from_run(config_in(record, run.name), run)
    return record if relative is None else record | {FROM_RUN: relative}


def damaged_record(run: str, problem: str) -> RunDamagedError:
    return RunDamagedError(
        f"the config.json of run {run} is damaged ({problem}); put it back from a backup, or delete the run"
    )


def resolved_record(record: Json, resolved: Mapping[str, Any], run: str) -> Json:
    """The record with the choices made for `auto`. They are made once: raises RunError if other ones are there."""
    values = json.loads(json.dumps(resolved))
    if record["resolved"] not in (None, values):
        before = record["resolved"]
        differing = sorted(key for key in {*before, *values} if before.get(key) != values.get(key))
        changes = ", ".join(f"{key} ({before.get(key)!r}, now {values.get(key)!r})" for key in differing)
        raise RunError(f"run {run} is already resolved with another {changes}; a run keeps what it started with")
    return {**record, "resolved": values}

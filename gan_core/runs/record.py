"""The record of a run, config.json, as values: its configuration, and the choices made for every setting `auto`.

Nothing here reads or writes a file.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gan_core.config import ConfigError, Json, RunConfig, config_from
from gan_core.runs.errors import RunDamagedError, RunError

SCHEMA = 1
KEYS = {"created", "preset", "config", "resolved", "parent"}


def new_record(config: RunConfig, preset: str) -> Json:
    """The record of a run that was never trained. `parent` is always null; it is kept for programs that read it."""
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


def config_in(record: Mapping[str, Any], run: str) -> RunConfig:
    """The configuration in a record. Raises RunDamagedError, which names every problem."""
    try:
        return config_from(record["config"])
    except ConfigError as error:
        raise damaged_record(run, str(error)) from error


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

"""Changes to a configuration by dotted name, as a form or `--set` makes them."""

import json
from collections.abc import Mapping
from typing import Any

from gan_core.config.families import families_of
from gan_core.config.fields import Json
from gan_core.config.problem import ConfigError, Problem, nearest
from gan_core.config.run_config import RunConfig
from gan_core.config.settings import FAMILY, dotted_keys
from gan_core.config.validation import config_from

DATA_SET, FOLDER, IMAGES_OF_A_FOLDER = "data.name", "data.folder", "folder"


def with_overrides(config: RunConfig, overrides: Mapping[str, Any]) -> RunConfig:
    """`config` with dotted keys replaced: `{"optim.batch_size": 128}`.

    Another family starts from that family's own defaults. A folder of images says that the images are those of a
    folder. Raises ConfigError with every problem at once.
    """
    values = config.model_dump(mode="json")
    overrides, problems = with_folder_as_data(overrides)
    for key in sorted(overrides, key=lambda key: not key.endswith(FAMILY)):
        try:
            replace(values, key, overrides[key])
        except KeyError:
            problems.append(Problem(key, f"is no setting{nearest(key, dotted_keys(values))}"))
    try:
        result = config_from(values)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from error
    if problems:
        raise ConfigError(problems)
    return result


def with_folder_as_data(overrides: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Problem]]:
    """The overrides with the data set `folder` if a folder is named, or why that contradicts them."""
    folder, name = str(overrides.get(FOLDER) or "").strip(), overrides.get(DATA_SET, IMAGES_OF_A_FOLDER)
    if not folder:
        return overrides, []
    if name != IMAGES_OF_A_FOLDER:
        rule = f"names a folder, but {DATA_SET} is {name!r}; leave one of them out"
        return overrides, [Problem(FOLDER, rule)]
    return {**overrides, DATA_SET: IMAGES_OF_A_FOLDER}, []


def replace(values: Json, key: str, value: object) -> None:
    """Set one dotted key inside nested dictionaries. Raises KeyError if it does not exist."""
    *parents, leaf = key.split(".")
    for parent in parents:
        values = values[parent]
        if not isinstance(values, dict):
            raise KeyError(key)
    if leaf not in values or isinstance(values[leaf], dict):
        raise KeyError(key)
    if leaf == "family" and value != values[leaf] and (defaults := defaults_of_family(".".join(parents), value)):
        values.clear()
        values.update(defaults)
    values[leaf] = value


def defaults_of_family(player: str, family: object) -> Json:
    """The default settings of a family of `model.generator` or `model.discriminator`; empty for an unknown family."""
    families = families_of(player)
    return families[family]().model_dump(mode="json") if isinstance(family, str) and family in families else {}


def parse_assignment(text: str) -> tuple[str, Any]:
    """`"optim.batch_size=128"` as a key and a value: JSON if it is JSON (numbers, booleans, lists), else text.

    Raises ConfigError if there is no key or no `=`.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ConfigError([Problem("", f"--set wants dotted.key=value, got {text!r}")])
    try:
        return key.strip(), json.loads(value)
    except (ValueError, RecursionError):  # not JSON, or more digits or brackets than Python reads
        return key.strip(), value.strip()

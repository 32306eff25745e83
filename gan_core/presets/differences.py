"""How one configuration differs from another, as changes by dotted name."""

from collections.abc import Mapping
from typing import Any

from gan_core.config import RunConfig
from gan_core.config.overrides import replace
from gan_core.config.settings import FAMILY


def differences(config: RunConfig, base: RunConfig) -> dict[str, Any]:
    """The changes that make `config` of `base`: `with_overrides(base, differences(config, base)) == config`.

    Values are as in JSON. A family comes first; the settings of another family are compared with its own defaults.
    """
    wanted, values = flat(config.model_dump(mode="json")), base.model_dump(mode="json")
    before = flat(values)
    families = {path: value for path, value in wanted.items() if path.endswith(FAMILY) and value != before[path]}
    for path, family in families.items():
        replace(values, path, family)
    start = flat(values)
    return {**families, **{path: value for path, value in wanted.items() if value != start[path]}}


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The leaves of nested dictionaries by dotted name."""
    leaves: dict[str, Any] = {}
    for key, value in values.items():
        leaves |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return leaves

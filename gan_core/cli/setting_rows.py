"""Every key of --set as a row: its value, what is allowed, and its help."""

from typing import Any, NamedTuple

from annotated_types import Ge, Gt, Le, Lt

from gan_core.config import RunConfig, Setting, settings_of
from gan_core.config.families import PLAYERS, families_of

TYPES = {"bool": "true or false", "int": "whole number", "float": "number", "str": "text"}
BOUNDS = {Ge: ("at least", "ge"), Gt: ("above", "gt"), Le: ("at most", "le"), Lt: ("below", "lt")}


class SettingRow(NamedTuple):
    """One key of --set."""

    key: str
    value: Any
    default: Any
    allowed: str  # the type and the bounds, or the choices
    help: str


def setting_rows(config: RunConfig) -> list[SettingRow]:
    """The settings of a configuration, then those of the families of networks that it does not use."""
    return [*map(row_of, settings_of(config)), *other_families(config)]


def row_of(setting: Setting) -> SettingRow:
    parts = [setting.info.description or "The kind of network; each has settings of its own."]
    if when := setting.extra.get("when"):
        parts.append(f"Has an effect if {' and '.join(f'{key} is {or_list(values)}' for key, values in when.items())}.")
    text = " ".join(" ".join(parts).replace("`", "").split())
    return SettingRow(setting.path, typed(setting.value), typed(setting.info.default), allowed(setting), text)


def typed(value: Any) -> Any:
    """A value as one types it after --set key=: `true`, `128,64`."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else value


def allowed(setting: Setting) -> str:
    """`one of a, b`; else the type with its bounds and its unit, such as `whole number, at least 1, images`."""
    if setting.options:
        return f"one of {', '.join(map(str, setting.options))}"
    name = TYPES.get(str(getattr(setting.info.annotation, "__name__", "")), "whole numbers, comma between")
    bounds = [
        f"{word} {getattr(bound, attribute):,}"
        for bound in setting.info.metadata
        for kind_of_bound, (word, attribute) in BOUNDS.items()
        if isinstance(bound, kind_of_bound)
    ]
    unit = setting.extra.get("unit", "")
    return ", ".join([name, *bounds, *([unit] if unit else [])])


def or_list(values: list[Any]) -> str:
    return " or ".join(map(str, values))


def other_families(config: RunConfig) -> list[SettingRow]:
    """The settings of the families that are not chosen; `allowed` names the family."""
    rows = []
    known = {setting.path for setting in settings_of(config)}
    for player in PLAYERS:
        for family, kind in families_of(player).items():
            for setting in settings_of(kind(), f"{player}."):
                if setting.path not in known:
                    row = row_of(setting)
                    rows.append(row._replace(allowed=f"{row.allowed}; of the family {family}"))
    return rows

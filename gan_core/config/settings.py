"""Every field of a configuration by its dotted name, with what a form or a table needs to know about it."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gan_core.config.families import PLAYERS, families_of
from gan_core.config.fields import Json
from gan_core.config.run_config import RunConfig

FAMILY = ".family"


class Setting(NamedTuple):
    """One field of the configuration."""

    path: str
    info: FieldInfo
    value: Any

    @property
    def extra(self) -> Json:
        """Its unit, its source, when it applies, and the words for some values: see `knob`."""
        return self.info.json_schema_extra if isinstance(self.info.json_schema_extra, dict) else {}

    @property
    def title(self) -> str:
        """Its own title, or its dotted name in words without the section ("Generator width")."""
        words = " ".join(self.path.split(".")[1:]).replace("_", " ")
        return self.info.title or words.capitalize()

    def text_of(self, value: object) -> str:
        """A value of this setting in words: `-1 to 1` for `signed`, `non saturating`, `yes`, `0.0002`, `60,000`."""
        words: Mapping[Any, str] = self.extra.get("words", {})
        if not isinstance(value, tuple | list) and value in words:
            return words[value]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple | list):
            return ", ".join(map(str, value))
        if isinstance(value, int | float):
            return f"{value:,}" if isinstance(value, int) else f"{value:g}"
        return str(value).replace("_", " ")

    @property
    def options(self) -> tuple[Any, ...]:
        """The values that can be chosen; empty for a number, a switch or a text."""
        if self.path.endswith(FAMILY):
            return tuple(families_of(self.path.removesuffix(FAMILY)))
        return get_args(self.info.annotation) if get_origin(self.info.annotation) is Literal else ()


def settings_of(model: BaseModel, prefix: str = "") -> list[Setting]:
    """Every field of `model` in reading order, with the fields of the families that it has now."""
    settings: list[Setting] = []
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            settings += settings_of(value, f"{prefix}{name}.")
        else:
            settings.append(Setting(f"{prefix}{name}", info, value))
    return settings


def applies(setting: Setting, values: Mapping[str, Any]) -> bool:
    """Whether a setting has any effect, given the values of the others by dotted name."""
    return all(values.get(path) in allowed for path, allowed in setting.extra.get("when", {}).items())


def dotted_keys(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    """All leaf names of nested dictionaries: `["data.name", ...]`."""
    return [
        name
        for key, value in values.items()
        for name in (dotted_keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
    ]


def known_keys() -> list[str]:
    """Every dotted key of any configuration, with any families, and the sections."""
    values = RunConfig().model_dump(mode="json")
    of_families = {
        f"{player}.{name}" for player in PLAYERS for kind in families_of(player).values() for name in kind.model_fields
    }
    return sorted({*dotted_keys(values), *of_families, *values})

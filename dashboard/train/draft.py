"""The run that somebody is about to start: a preset and what was changed from it. Knows no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gan_core.config import ConfigError, Problem, RunConfig, Setting, applies, settings_of, with_overrides
from gan_core.presets import DEFAULT, PRESETS
from gan_core.runs.names import checked_name
from gan_core.runs.store import RunError, RunStore

FAMILY = ".family"
SOURCE = "data.name"
LABELS = "data.labels"


@dataclass
class Draft:
    """A configuration in the making. `changes` holds only what differs from the preset."""

    preset: str = DEFAULT
    name: str = ""
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: RunConfig, preset: str = DEFAULT) -> "Draft":
        """The settings of another run, as changes from its preset, or from the default where that is unknown here."""
        draft = cls(preset if preset in PRESETS else DEFAULT)
        wanted = dict_of(config)
        for path in sorted(wanted, key=lambda path: not path.endswith((FAMILY, SOURCE))):  # they bring further settings
            draft.change(path, wanted[path])
        return draft

    def copy(self) -> "Draft":
        """The draft as it is now."""
        return replace(self, changes=dict(self.changes))

    def take_preset(self, name: str) -> None:
        """Start again from a preset."""
        self.preset, self.changes = name, {}

    def change(self, path: str, value: object) -> None:
        """Set one setting. Another family starts from that family's own defaults, a folder without labels.

        The late word of a field that went with its family says nothing.
        """
        if path.endswith(FAMILY):
            family_of = path.removesuffix("family")
            self.changes = {other: kept for other, kept in self.changes.items() if not other.startswith(family_of)}
            before: object = dict_of(PRESETS[self.preset].config)[path]
        else:
            known = dict_of(self.base())
            if path not in known:
                return
            before = known[path]
        if path == SOURCE and "folder" in (value, self.changes.get(path)):
            self.expect_labels(value != "folder")
        self.changes.pop(path, None)
        if same(value, before):
            return
        self.changes[path] = value

    def expect_labels(self, expected: bool) -> None:
        """Labels are as in the preset, but a folder of pictures may have none: there one asks for them."""
        self.changes.pop(LABELS, None)
        if not expected and dict_of(PRESETS[self.preset].config)[LABELS]:
            self.changes[LABELS] = False

    def base(self) -> RunConfig:
        """The preset with the families chosen, before any other change."""
        families = {path: family for path, family in self.changes.items() if path.endswith(FAMILY)}
        return with_overrides(PRESETS[self.preset].config, families)

    def settings(self) -> list[Setting]:
        """Every setting that has an effect now, with the value that it has now (which may be refused)."""
        settings = [
            setting._replace(value=self.changes.get(setting.path, setting.value))
            for setting in settings_of(self.base())
        ]
        values = {setting.path: setting.value for setting in settings}
        return [setting for setting in settings if applies(setting, values)]

    def config(self) -> RunConfig:
        """What would be trained. Raises ConfigError with every problem."""
        overrides = {s.path: self.changes[s.path] for s in self.settings() if s.path in self.changes}
        return with_overrides(PRESETS[self.preset].config, overrides)

    def problems(self, store: RunStore) -> list[Problem]:
        """Why it cannot start: nothing where it can. The run's name is the field `name`."""
        problems = [] if not self.name else name_problems(self.name, store)
        try:
            self.config()
        except ConfigError as error:
            problems += error.problems
        return problems


def name_problems(name: str, store: RunStore) -> list[Problem]:
    """Why no new run can have this name."""
    try:
        checked_name(name)
        taken = store.folder(name).exists()
    except RunError as error:
        return [Problem("name", str(error))]
    return [Problem("name", f"the name {name} is taken; choose another one, or resume that run")] if taken else []


def dict_of(config: RunConfig) -> Mapping[str, Any]:
    """Every setting of a configuration by its dotted name."""
    return {setting.path: setting.value for setting in settings_of(config)}


def same(value: object, other: object) -> bool:
    """Equality, also between a list of numbers and the text in which a form holds it."""
    if isinstance(value, str) and isinstance(other, tuple):
        return [part.strip() for part in value.split(",")] == [str(part) for part in other]
    return value == other

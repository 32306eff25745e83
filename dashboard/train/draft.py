"""The draft of a new run: a preset and the changes to it. This module uses no widgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, TypeAlias

from dashboard.train.data_look import images_in
from gan_core.config import ConfigError, Problem, RunConfig, Setting, applies, settings_of, with_overrides
from gan_core.data.registry import SOURCES
from gan_core.presets import DEFAULT, PRESETS

FAMILY = ".family"
LENGTH = "train.images"
Unit: TypeAlias = Literal["epochs", "images"]
SOURCE = "data.name"
LABELS = "data.labels"
UNLABELLED = {name for name, source in SOURCES.items() if not source.classes}  # or not known before they are read


class Checked(NamedTuple):
    """A preset with changes, validated: all values that the form shows."""

    preset: str
    changes: dict[str, Any]
    base: RunConfig  # the preset with the families chosen, before any other change
    settings: list[Setting]  # the settings that have an effect, with their present values
    config: RunConfig | None  # None if there are problems
    problems: list[Problem]


@dataclass
class Draft:
    """A configuration that is being edited. `changes` holds only what differs from the preset.

    `name` is what was typed as the name of the run: any text. `epochs` is the length of the run if it was typed in
    epochs: it is kept when another data set is chosen. The configuration is validated once after each change, not each
    time the form is drawn.
    """

    preset: str = DEFAULT
    name: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    epochs: float | None = None
    unit: Unit = "epochs"  # in which the form shows the length
    # what `expect_labels` has chosen last; None if nobody called it since a person, or a preset, has chosen
    labels_expected: bool | None = field(default=None, compare=False)
    _checked: Checked | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def from_config(cls, config: RunConfig, preset: str = DEFAULT) -> "Draft":
        """The settings of another run, as changes to its preset, or to the default preset if its preset is unknown."""
        draft = cls(preset if preset in PRESETS else DEFAULT)
        wanted = dict_of(config)
        for path in sorted(wanted, key=lambda path: not path.endswith((FAMILY, SOURCE))):  # families add settings
            draft.change(path, wanted[path])
        return draft

    def copy(self) -> "Draft":
        """A copy of the draft."""
        return replace(self, changes=dict(self.changes))

    def take_preset(self, name: str) -> None:
        """Start again from a preset."""
        self.preset, self.changes, self.epochs, self.labels_expected = name, {}, None, None

    def change(self, path: str, value: object) -> None:
        """Set one setting. Another family starts from its own defaults. A data set whose classes are unknown starts
        without labels.

        Ignores changes to settings that the current family does not have: a browser may send them late.
        """
        self._set(path, value)
        if path == LABELS:
            self.labels_expected = None
        if path == LENGTH:
            self.epochs = None
        elif path.startswith("data.") and self.epochs is not None:
            self.change_epochs(self.epochs)

    def change_epochs(self, epochs: float) -> None:
        """Set the length of the run in epochs of the present data set. Nothing happens while its size is not known."""
        self.epochs = epochs
        if images := self.images_in_epoch():
            self._set(LENGTH, max(1, round(epochs * images)) if epochs > 0 else 0)

    def images_in_epoch(self) -> int | None:
        """The images of the present data set; None if they are not known."""
        return images_in(self.settings())

    def _set(self, path: str, value: object) -> None:
        if path.endswith(FAMILY):
            family_of = path.removesuffix("family")
            self.changes = {other: kept for other, kept in self.changes.items() if not other.startswith(family_of)}
            before: object = dict_of(PRESETS[self.preset].config)[path]
        else:
            known = dict_of(self.checked().base)
            if path not in known:
                return
            before = known[path]
        if path == SOURCE and UNLABELLED & {value, self.changes.get(path)}:
            self.expect_labels(value not in UNLABELLED)
        self.changes.pop(path, None)
        if same(value, before):
            return
        self.changes[path] = value

    def expect_labels(self, expected: bool) -> None:
        """Use labels as the preset does; for a data set that may have none (a folder), only on request."""
        self.changes.pop(LABELS, None)
        self.labels_expected = expected
        if not expected and dict_of(PRESETS[self.preset].config)[LABELS]:
            self.changes[LABELS] = False

    def checked(self) -> Checked:
        """The preset with the present changes, validated."""
        kept = self._checked
        if kept is None or (kept.preset, kept.changes) != (self.preset, self.changes):
            kept = self._checked = check(self.preset, dict(self.changes))
        return kept

    def settings(self) -> list[Setting]:
        """Every setting that has an effect, with its present value, which may be invalid."""
        return self.checked().settings

    def config(self) -> RunConfig:
        """The configuration to train. Raises ConfigError with every problem."""
        checked = self.checked()
        if checked.config is None:
            raise ConfigError(checked.problems)
        return checked.config

    def problems(self) -> list[Problem]:
        """The reasons why the run cannot start; empty if it can."""
        return self.checked().problems


def check(preset: str, changes: dict[str, Any]) -> Checked:
    """Validate a preset with these changes."""
    families = {path: family for path, family in changes.items() if path.endswith(FAMILY)}
    base = overridden(preset, families)
    everything = [setting._replace(value=changes.get(setting.path, setting.value)) for setting in settings_of(base)]
    values = {setting.path: setting.value for setting in everything}
    settings = [setting for setting in everything if applies(setting, values)]
    try:
        config = overridden(preset, {each.path: changes[each.path] for each in settings if each.path in changes})
    except ConfigError as error:
        return Checked(preset, changes, base, settings, None, list(error.problems))
    return Checked(preset, changes, base, settings, config, [])


def overridden(preset: str, changes: Mapping[str, Any]) -> RunConfig:
    config = PRESETS[preset].config
    return with_overrides(config, changes) if changes else config


def dict_of(config: RunConfig) -> Mapping[str, Any]:
    """Every setting of a configuration by its dotted name."""
    return {setting.path: setting.value for setting in settings_of(config)}


def same(value: object, other: object) -> bool:
    """Whether two values are equal; a list of numbers also equals its text in the form."""
    if isinstance(value, str) and isinstance(other, tuple):
        return [part.strip() for part in value.split(",")] == [str(part) for part in other]
    return value == other

"""Named configurations: our own, the ancestors that this studio descends from, and what came after."""

from collections.abc import Mapping

from gan_core.config import ConfigError, Problem, nearest
from gan_core.preset_ancestors import ANCESTORS
from gan_core.preset_card import Preset
from gan_core.preset_modern import MODERN
from gan_core.preset_ours import OURS

__all__ = ["DEFAULT", "PRESETS", "Preset", "preset"]

DEFAULT = "conditional"

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in (*OURS, *ANCESTORS, *MODERN)}


def preset(name: str) -> Preset:
    """The named preset. Raises ConfigError with the names that there are."""
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise ConfigError(
            [Problem("preset", f"there is no preset {name!r}{nearest(name, list(PRESETS))} (there are: {known})")]
        )
    return PRESETS[name]

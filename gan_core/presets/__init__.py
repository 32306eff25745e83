"""Named configurations: four to begin with, seven of the classic MNIST GANs, and later methods."""

from collections.abc import Mapping

from gan_core.config import ConfigError, Problem, nearest
from gan_core.presets.classic import CLASSIC
from gan_core.presets.modern import MODERN
from gan_core.presets.preset import Preset
from gan_core.presets.recommended import RECOMMENDED

__all__ = ["DEFAULT", "PRESETS", "Preset", "preset"]

DEFAULT = "conditional"

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in (*RECOMMENDED, *CLASSIC, *MODERN)}


def preset(name: str) -> Preset:
    """The named preset. Raises ConfigError with the names that there are."""
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise ConfigError(
            [Problem("preset", f"there is no preset {name!r}{nearest(name, list(PRESETS))} (there are: {known})")]
        )
    return PRESETS[name]

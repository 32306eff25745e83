"""A run as a command line."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from gan_core.config import RunConfig, with_overrides
from gan_core.presets.differences import differences
from gan_core.presets.preset import Preset

CHOSEN_ONCE = ("device", "precision", "threads")  # settings of `train` that a run resolves before its first step


def command_of(config: RunConfig, base: Preset, resolved: Mapping[str, Any] | None, images: int) -> str:
    """`python -m gan_core train --preset ... --set ...`: the command that trains the same run.

    `resolved` holds the choices that the run made for `auto`, or None; another machine might choose otherwise, and
    other choices round otherwise. `images` is the length of the run, which may have been extended.
    """
    chosen = {f"train.{name}": resolved[name] for name in CHOSEN_ONCE} if resolved else {}
    same = with_overrides(config, {**chosen, "train.images": images or config.train.images})
    changes = differences(same, base.config)
    settings = [f"--set {shlex.quote(f'{path}={written(value)}')}" for path, value in changes.items()]
    return " ".join(["python -m gan_core train", f"--preset {base.name}", *settings])


def written(value: object) -> str:
    """A value as `--set` reads it: JSON, or the text itself unless that would be read as JSON."""
    if not isinstance(value, str) or value != value.strip():
        return json.dumps(value)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value)

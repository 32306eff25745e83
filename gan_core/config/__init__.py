"""What one run is: every choice as a frozen, bounded, described field. Imports no torch.

The same dotted names (`optim.batch_size`) serve the sidebar, `--set` on the command line and `config.json`. A field's
metadata holds its unit, its source and the condition under which it applies, so that a form repeats none of it. A
configuration that cannot run is refused with every reason at once (`ConfigError`); for what can run but is unwise, see
`gan_core.config.advice`.
"""

from gan_core.config.choices import (
    AugmentName,
    DataName,
    DeviceName,
    Distribution,
    ExportFormat,
    LossName,
    PenaltyName,
    Precision,
    ValueRange,
)
from gan_core.config.families import FAMILIES, PLAYERS, families_of
from gan_core.config.fields import Frozen, Json
from gan_core.config.overrides import parse_assignment, with_overrides
from gan_core.config.problem import ConfigError, Problem, nearest
from gan_core.config.run_config import SCHEMA, RunConfig
from gan_core.config.sections import (
    MOST_THREADS,
    DataConfig,
    LatentConfig,
    ModelConfig,
    ObjectiveConfig,
    OptimConfig,
    TrainConfig,
)
from gan_core.config.settings import Setting, applies, dotted_keys, known_keys, settings_of
from gan_core.config.validation import config_from

__all__ = [
    "FAMILIES",
    "MOST_THREADS",
    "PLAYERS",
    "SCHEMA",
    "AugmentName",
    "ConfigError",
    "DataConfig",
    "DataName",
    "DeviceName",
    "Distribution",
    "ExportFormat",
    "Frozen",
    "Json",
    "LatentConfig",
    "LossName",
    "ModelConfig",
    "ObjectiveConfig",
    "OptimConfig",
    "PenaltyName",
    "Precision",
    "Problem",
    "RunConfig",
    "Setting",
    "TrainConfig",
    "ValueRange",
    "applies",
    "config_from",
    "dotted_keys",
    "families_of",
    "known_keys",
    "nearest",
    "parse_assignment",
    "settings_of",
    "with_overrides",
]

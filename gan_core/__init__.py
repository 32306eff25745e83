"""GAN Studio's engine. The names below are what a notebook needs; each is imported when it is first used.

So `import gan_core` takes no time, and `gan_core.cli` can refuse a typing error before torch is imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gan_core.config import ConfigError, RunConfig, with_overrides
    from gan_core.execution.run_training import run_to_end
    from gan_core.execution.worker import Worker
    from gan_core.latent.expression import ExpressionError
    from gan_core.latent.truncation import Truncation
    from gan_core.notebook import configure, export, render_expression, render_seeds, train
    from gan_core.presets import PRESETS, preset
    from gan_core.runs.store import RunError, RunStore

__all__ = [
    "PRESETS",
    "ConfigError",
    "ExpressionError",
    "RunConfig",
    "RunError",
    "RunStore",
    "Truncation",
    "Worker",
    "configure",
    "export",
    "preset",
    "render_expression",
    "render_seeds",
    "run_to_end",
    "train",
    "with_overrides",
]

MODULE_OF = {
    "PRESETS": "presets",
    "ConfigError": "config",
    "ExpressionError": "latent.expression",
    "RunConfig": "config",
    "RunError": "runs.store",
    "RunStore": "runs.store",
    "Truncation": "latent.truncation",
    "Worker": "execution.worker",
    "configure": "notebook",
    "export": "notebook",
    "preset": "presets",
    "render_expression": "notebook",
    "render_seeds": "notebook",
    "run_to_end": "execution.run_training",
    "train": "notebook",
    "with_overrides": "config",
}


def __getattr__(name: str) -> object:
    """Import a public name on its first use  (PEP 562)."""
    if name == "__version__":
        return import_module(f"{__name__}.config.version").VERSION
    if name not in MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

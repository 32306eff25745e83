"""What can be set of a run."""

from gan_core.config.run_config import *  # noqa: F403

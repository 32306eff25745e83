"""The losses, gradient penalties and augmentations. A new one is one file in a folder here."""

import gan_core.config  # noqa: F401  # must be complete before the files here that it reads are imported

"""Data sets, folders of images, and single uploaded images. A new data set is one file in `sets`."""

import gan_core.config  # noqa: F401  # must be complete before the files here that it reads are imported

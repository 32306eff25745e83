"""The two players' networks: their families, their layers, their first weights, and a summary of them."""

import gan_core.config  # noqa: F401  # must be complete before the files here that it reads are imported

"""The names of runs: each is the name of a folder on every system, and never a path."""

import re
from datetime import datetime

from gan_core.runs.errors import RunNameError

LONGEST_NAME = 64
NAME = re.compile(rf"(?!\.)[A-Za-z0-9._-]{{1,{LONGEST_NAME}}}")


def checked_name(name: str) -> str:
    """The name itself. Raises RunNameError if a run cannot have it."""
    if not NAME.fullmatch(name):
        raise RunNameError(
            f"{name!r} cannot be the name of a run: use 1 to {LONGEST_NAME} letters, digits, dots, dashes or "
            "underscores, and no dot in front"
        )
    return name


def numbered(base: str, number: int) -> str:
    """`base`, `base-2`, `base-3`, ...; `base` is cut so that the result is not too long."""
    ending = f"-{number}" if number > 1 else ""
    return base[: LONGEST_NAME - len(ending)] + ending


def automatic_name(preset: str, now: datetime) -> str:
    """`<preset>-<yyyymmdd-hhmmss>`."""
    return f"{preset[:40]}-{now:%Y%m%d-%H%M%S}"

"""The names of runs: each is the name of a folder on every system, and never a path."""

import re
import unicodedata
from datetime import datetime

from gan_core.runs.errors import RunNameError

LONGEST_NAME = 64
FALLBACK = "run"  # for a name without a single letter or digit that a folder can have
SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o"}
    | {"Ø": "O", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
NAME = re.compile(rf"(?!\.)[A-Za-z0-9._-]{{1,{LONGEST_NAME}}}")


def checked_name(name: str) -> str:
    """The name itself. Raises RunNameError if a run cannot have it."""
    if not NAME.fullmatch(name):
        raise RunNameError(
            f"{name!r} cannot be the name of a run: use 1 to {LONGEST_NAME} letters, digits, dots, dashes or "
            "underscores, and no dot in front"
        )
    return name


def safe_name(text: str) -> str:
    """The name of a run for any text: `Größe 2 (neu)` becomes `Groesse-2-neu`. A name that is allowed stays as it is.

    Umlauts are spelled out, accents are dropped, everything else that a name cannot hold becomes a dash.
    """
    if NAME.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(SPELLED_OUT))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^A-Za-z0-9._]+", "-", letters).strip("-.")[:LONGEST_NAME].rstrip("-.") or FALLBACK


def numbered(base: str, number: int) -> str:
    """`base`, `base-2`, `base-3`, ...; `base` is cut so that the result is not too long."""
    ending = f"-{number}" if number > 1 else ""
    return base[: LONGEST_NAME - len(ending)] + ending


def automatic_name(preset: str, now: datetime) -> str:
    """`<preset>-<yyyymmdd-hhmmss>`."""
    return f"{preset[:40]}-{now:%Y%m%d-%H%M%S}"

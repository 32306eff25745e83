"""What the commands print: one line for a person on stderr, or JSON for a program on stdout."""

import json
import sys
from typing import Any

from gan_core.config import SCHEMA


def say(sentence: str) -> None:
    """One line on stderr."""
    print(" ".join(sentence.split()), file=sys.stderr)


def print_json(**values: Any) -> None:
    """The values as one JSON object on stdout, with the schema of the configuration."""
    print(json.dumps({"schema": SCHEMA, **values}, indent=1, default=str))

"""The engine in a terminal: `python -m gan_core ...`.

Exit status: 0 done; 1 the run failed; 2 bad input, with one sentence on stderr; 128 + n after signal n.
"""

import re
from collections.abc import Sequence

import typer

from gan_core.cli.commands import app
from gan_core.cli.printing import say
from gan_core.config import ConfigError
from gan_core.latent.expression import ExpressionError
from gan_core.runs.store import CheckpointError, HistoryError, OwnedError, RunError, StorageError

NEGATIVE = re.compile(r"-(?!-).*\b(seed|kept|class):")
BAD_INPUT = (ConfigError, ExpressionError, HistoryError, OwnedError, RunError, CheckpointError, StorageError)


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    try:
        return int(app(list(map(not_an_option, arguments)), standalone_mode=False, prog_name="python -m gan_core") or 0)
    except typer.TyperException as problem:  # str() leaves out the name of the option
        return refuse(problem.format_message().replace("Value error, ", "") or "nothing to do; name a command")
    except BAD_INPUT as problem:
        return refuse(str(problem))
    except typer.Abort:
        return 130


def not_an_option(argument: str) -> str:
    """An expression may begin with a minus, as `-seed:7 + seed:3`; with a space before it, it is no option."""
    return f" {argument}" if NEGATIVE.match(argument) else argument


def refuse(sentence: str) -> int:
    say(sentence)
    return 2

"""The engine in a terminal: `python -m gan_core ...`.

Exit status: 0 done; 1 the run failed; 2 bad input, with one sentence on stderr; 128 + n after signal n.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer
from typer.completion import completion_init  # type: ignore[attr-defined]

from gan_core.cli.commands import app
from gan_core.cli.completion import VARIABLE
from gan_core.cli.printing import say
from gan_core.config import ConfigError
from gan_core.data.source import DataError
from gan_core.latent.expression import ExpressionError
from gan_core.runs.store import CheckpointError, HistoryError, OwnedError, RunError, StorageError

BAD_INPUT = (
    ConfigError,
    DataError,
    ExpressionError,
    HistoryError,
    OwnedError,
    RunError,
    CheckpointError,
    StorageError,
)
FLAGS = ("--json", "--raw")  # options without a value


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack a character of a title
    if VARIABLE in os.environ:
        completion_init()
    try:
        return int(
            app(positional(arguments), standalone_mode=False, prog_name="python -m gan_core", complete_var=VARIABLE)
            or 0
        )
    except typer.TyperException as problem:  # str() leaves out the name of the option
        return refuse(problem.format_message().replace("Value error, ", "") or "nothing to do; name a command")
    except BAD_INPUT as problem:
        return refuse(str(problem))
    except typer.Abort:
        return 130
    except BrokenPipeError:  # `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def positional(arguments: Sequence[str]) -> list[str]:
    """The arguments, with a space before each that begins with one dash, as the run `-x` or `-seed:7 + seed:3` does.

    Our options begin with two dashes, so these are no options. What follows an option that takes a value is left alone.
    """
    before = ["", *arguments]
    return [
        f" {word}" if word.startswith("-") and word[1:2] not in ("", "-") and not takes_a_value(last) else word
        for last, word in zip(before, arguments, strict=False)
    ]


def takes_a_value(argument: str) -> bool:
    return argument.startswith("--") and len(argument) > 2 and "=" not in argument and argument not in FLAGS


def refuse(sentence: str) -> int:
    say(sentence)
    return 2

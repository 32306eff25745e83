"""Why a configuration is refused."""

import difflib
from typing import NamedTuple


class Problem(NamedTuple):
    """One reason why a configuration is refused: the dotted field and the rule that it breaks."""

    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}" if self.field else self.rule


class ConfigError(ValueError):
    """A configuration that cannot run, with all its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def nearest(word: str, words: list[str]) -> str:
    """`"; did you mean 'x'?"` if one of `words` is similar, else an empty string."""
    close = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""

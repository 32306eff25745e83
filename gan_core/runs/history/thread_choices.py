"""With how many threads the steps of a run were computed, where that changed after its start.

The last bits of a result depend on the number of threads. So a trainer writes a change down before it computes with it,
and one that resumes an earlier checkpoint changes the number at the same steps again.
"""

from typing import NamedTuple

from gan_core.runs.history.database import Database


class ThreadChoice(NamedTuple):
    """The steps after `step` are computed with so many threads."""

    step: int
    threads: int


class ThreadChoices:
    """The changes of the number of threads of one run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, step: int, threads: int) -> None:
        """Compute the steps after `step` with `threads` threads."""
        self._database.write("INSERT OR REPLACE INTO thread_choices (step, threads) VALUES (?, ?)", step, threads)

    def all(self) -> list[ThreadChoice]:
        """All changes, by step."""
        return [
            ThreadChoice(*row) for row in self._database.rows("SELECT step, threads FROM thread_choices ORDER BY step")
        ]

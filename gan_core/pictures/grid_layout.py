"""How a sample grid is laid out, and which grids are shown where not all of them fit. Torch-free."""

from collections.abc import Sequence

GRID_SEEDS = range(64)  # of every sample grid
GRID_COLUMNS = 8
LIFE_PICTURES = 60  # of one latent through training, at most
MOMENTS = 12  # grids that sum a run up


def evenly(marks: Sequence[int], most: int) -> list[int]:
    """At most `most` (2 or more) of them, spread evenly, the first and the last included."""
    if len(marks) <= most:
        return list(marks)
    return [marks[place * (len(marks) - 1) // (most - 1)] for place in range(most)]


def thinned(marks: Sequence[int], most: int) -> list[int]:
    """At most `most` (2 or more) of them, with the first and the last: every second, fourth, eighth...

    As marks are added, the chosen ones stay chosen, until the stride doubles.
    """
    stride = 1
    while -(-(len(marks) - 1) // stride) + 1 > most:
        stride *= 2
    return [*marks[:-1:stride], *marks[-1:]]

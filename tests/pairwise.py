"""Covering sets: few rows in which every two values of any two factors meet at least once."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

Factors = Mapping[str, Sequence[Any]]
Row = dict[str, Any]
Cell = tuple[str, Any]  # a factor and one of its values
Pair = tuple[Cell, Cell]  # of two factors, in the order of the factors


def pairwise(factors: Factors, never: Sequence[Pair] = ()) -> list[Row]:
    """Rows that cover every pair but those in `never`, which no row holds. The same rows every time.

    Greedy: each row starts from the first pair that is still open, then takes, factor by factor, the value that closes
    most open pairs. Every value must have partners outside `never` among those chosen before it.
    """
    forbidden = set(never)
    open_pairs = {pair: None for pair in pairs_of(factors) if pair not in forbidden}  # a set that keeps its order
    rows = []
    while open_pairs:
        row = dict(next(iter(open_pairs)))
        for name, values in factors.items():
            if name not in row:
                allowed = [value for value in values if not forbidden & pairs_with(factors, row, (name, value))]
                row[name] = max(allowed, key=lambda value: len(closed(factors, row, name, value, open_pairs)))
        rows.append({name: row[name] for name in factors})
        for pair in pairs_in(factors, row):
            open_pairs.pop(pair, None)
    return rows


def closed(factors: Factors, row: Row, name: str, value: Any, open_pairs: Mapping[Pair, None]) -> set[Pair]:
    """The open pairs that a value would close."""
    return pairs_with(factors, row, (name, value)) & open_pairs.keys()


def pairs_of(factors: Factors) -> list[Pair]:
    """Every pair there is."""
    return [
        ((one, a), (other, b))
        for one, other in combinations(factors, 2)
        for a, b in product(factors[one], factors[other])
    ]


def pairs_with(factors: Factors, row: Row, cell: Cell) -> set[Pair]:
    """The pairs that a cell forms with what is chosen already."""
    return {pair for pair in pairs_in(factors, {**row, cell[0]: cell[1]}) if cell in pair}


def pairs_in(factors: Factors, row: Row) -> set[Pair]:
    """The pairs of a row, finished or not."""
    names = [name for name in factors if name in row]
    return {((one, row[one]), (other, row[other])) for one, other in combinations(names, 2)}

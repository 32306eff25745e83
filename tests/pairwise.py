"""Pairwise covering arrays: few rows such that every pair of values of any two factors occurs in some row."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

Factors = Mapping[str, Sequence[Any]]
Row = dict[str, Any]
Cell = tuple[str, Any]  # a factor and one of its values
Pair = tuple[Cell, Cell]  # of two factors, in the order of the factors


def pairwise(factors: Factors, never: Sequence[Pair] = ()) -> list[Row]:
    """Rows that cover every pair except those in `never`, which occur in no row. Deterministic.

    Greedy: each row starts with the first uncovered pair, then takes for each other factor the value that covers most
    uncovered pairs. Every value must be allowed together with the values chosen before it.
    """
    forbidden = set(never)
    uncovered = {pair: None for pair in pairs_of(factors) if pair not in forbidden}  # a dict as an ordered set
    rows = []
    while uncovered:
        row = dict(next(iter(uncovered)))
        for name, values in factors.items():
            if name not in row:
                allowed = [value for value in values if not forbidden & pairs_with(factors, row, (name, value))]
                row[name] = max(allowed, key=lambda value: len(newly_covered(factors, row, name, value, uncovered)))
        rows.append({name: row[name] for name in factors})
        for pair in pairs_in(factors, row):
            uncovered.pop(pair, None)
    return rows


def newly_covered(factors: Factors, row: Row, name: str, value: Any, uncovered: Mapping[Pair, None]) -> set[Pair]:
    """The uncovered pairs that a value would cover."""
    return pairs_with(factors, row, (name, value)) & uncovered.keys()


def pairs_of(factors: Factors) -> list[Pair]:
    """All pairs."""
    return [
        ((one, a), (other, b))
        for one, other in combinations(factors, 2)
        for a, b in product(factors[one], factors[other])
    ]


def pairs_with(factors: Factors, row: Row, cell: Cell) -> set[Pair]:
    """The pairs of a cell with the values already in the row."""
    return {pair for pair in pairs_in(factors, {**row, cell[0]: cell[1]}) if cell in pair}


def pairs_in(factors: Factors, row: Row) -> set[Pair]:
    """All pairs in a row, which may be incomplete."""
    names = [name for name in factors if name in row]
    return {((one, row[one]), (other, row[other])) for one, other in combinations(names, 2)}

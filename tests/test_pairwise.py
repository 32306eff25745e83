"""The pairwise covering arrays that other tests use."""

import math

import pytest

from tests.pairwise import Factors, pairs_in, pairs_of, pairwise

FACTOR_SETS: dict[str, Factors] = {
    "two": {"a": (1, 2, 3), "b": ("x", "y")},
    "binary": dict.fromkeys("abcdefgh", (False, True)),
    "mixed": {"a": range(6), "b": range(5), "c": range(4), "d": range(4), "e": range(2), "f": range(2)},
}


@pytest.mark.parametrize("name", FACTOR_SETS)
def test_every_pair_is_covered(name: str) -> None:
    factors = FACTOR_SETS[name]

    covered = set().union(*(pairs_in(factors, row) for row in pairwise(factors)))

    assert covered == set(pairs_of(factors))


@pytest.mark.parametrize("name", FACTOR_SETS)
def test_every_row_has_a_value_for_every_factor(name: str) -> None:
    factors = FACTOR_SETS[name]

    assert all(list(row) == list(factors) for row in pairwise(factors))


def test_a_forbidden_pair_occurs_in_no_row_and_all_others_do() -> None:
    factors = FACTOR_SETS["mixed"]
    never = [(("a", 0), ("b", 1)), (("c", 2), ("f", 0))]

    covered = set().union(*(pairs_in(factors, row) for row in pairwise(factors, never)))

    assert covered == set(pairs_of(factors)) - set(never)


def test_the_rows_are_few() -> None:
    factors = FACTOR_SETS["mixed"]

    assert 30 <= len(pairwise(factors)) <= 40 < math.prod(len(values) for values in factors.values())


def test_the_rows_are_the_same_every_time() -> None:
    assert pairwise(FACTOR_SETS["mixed"]) == pairwise(FACTOR_SETS["mixed"])

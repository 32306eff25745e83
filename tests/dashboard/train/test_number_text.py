"""Numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.train.number_text import number_in, text_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,01", 0.01),
        ("0.01", 0.01),
        (" 0,01 ", 0.01),
        (",5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("1,5E-4", 0.00015),
        ("0,001", 0.001),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("-0,5", -0.5),
        ("10,000", 10.0),
        ("1,000,000", 1_000_000.0),
    ],
)
def test_a_fraction_is_read_with_a_point_or_a_comma(text: str, number: float) -> None:
    assert number_in(text, whole=False) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60000", 60_000),
        ("60,000", 60_000),
        ("60.000", 60_000),
        ("60 000", 60_000),
        ("60\u202f000", 60_000),
        ("60'000", 60_000),
        ("1.200.000", 1_200_000),
        ("600k", 600_000),
        ("1,5M", 1_500_000),
        ("6e5", 600_000),
        ("9007199254740993", 9_007_199_254_740_993),
    ],
)
def test_a_whole_number_is_read_with_groups_of_digits(text: str, number: int) -> None:
    found = number_in(text, whole=True)

    assert found == number
    assert isinstance(found, int)


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "1..2", "1e999", "nan", "inf", "0x10", "12 px", "--1", "."])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert number_in(text, whole=False) is None
    assert number_in(text, whole=True) is None


def test_a_fraction_in_a_field_for_whole_numbers_stays_a_fraction() -> None:
    assert number_in("2,5", whole=True) == 2.5


@given(st.floats(min_value=0, max_value=1e10, allow_nan=False))
def test_every_number_is_read_as_it_was_written(number: float) -> None:
    assert number_in(text_of(number), whole=False) == number


@pytest.mark.parametrize(
    ("number", "text"), [(2e-5, "2e-5"), (1.0, "1"), (0.0002, "0.0002"), (64, "64"), (1e16, "1e16")]
)
def test_a_number_is_written_as_short_as_possible(number: float, text: str) -> None:
    assert text_of(number) == text

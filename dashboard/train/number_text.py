"""Numbers as people type them: with a decimal point or a decimal comma, with groups of digits, as 1e-3 or 600k.

A browser's own number field drops a comma without a word, so that 0,01 becomes 1.
"""

import math
import re

GROUPING = re.compile(r"[\s_'\u2019]")  # between digits; `\s` covers the narrow spaces too
NUMBER = re.compile(r"([+-]?)([\d.,]+)(e[+-]?\d{1,3})?([km]?)", re.IGNORECASE)
FACTORS = {"": 1.0, "k": 1e3, "m": 1e6}
GROUPS_OF_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
DECIMAL = re.compile(r"\d+[.,]?\d*|[.,]\d+")
BOTH = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d*)|(\d{1,3}(?:\.\d{3})+),(\d*)")
MOST_EXACT = 2**53  # every integer up to here is a float


def number_in(text: str, whole: bool) -> int | float | None:
    """The number in a text; None if there is none, or if it is not finite.

    A single comma or point before three digits groups them in a `whole` number (60,000) and is a decimal sign in any
    other (0,125). Of both signs the last one is the decimal sign.
    """
    found = NUMBER.fullmatch(GROUPING.sub("", text))
    if found is None:
        return None
    sign, digits, exponent, suffix = found.groups()
    plain = plain_digits(digits, whole)
    if plain is None:
        return None
    if plain.isdigit() and not exponent and not suffix:
        return int(sign + plain) if whole else float(sign + plain)
    number = float(sign + plain + (exponent or "")) * FACTORS[suffix.lower()]
    if not math.isfinite(number):
        return None
    return int(number) if whole and number == int(number) and abs(number) < MOST_EXACT else number


def plain_digits(digits: str, whole: bool) -> str | None:
    """Digits with at most one decimal point, as Python reads them; None if they cannot be understood."""
    if both := BOTH.fullmatch(digits):
        before, after = (both[1], both[2]) if both[1] else (both[3], both[4])
        return re.sub(r"[.,]", "", before) + (f".{after}" if after else "")
    grouped = GROUPS_OF_THREE.fullmatch(digits)
    if grouped and (whole or grouped[2]):
        return re.sub(r"[.,]", "", digits)
    return digits.replace(",", ".") if DECIMAL.fullmatch(digits) else None


def text_of(number: float) -> str:
    """A number for a field, as short as is exact: `0.0001`, `2e-5`, `60000`."""
    text = repr(number).removesuffix(".0")
    return re.sub(r"e([+-])0*(\d)", lambda found: f"e{found[1].replace('+', '')}{found[2]}", text)

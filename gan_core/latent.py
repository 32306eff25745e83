"""Arithmetic on seeds: `seed:12 - seed:7 + 0.5*seed:3` as one weight per seed.

The grammar, the same on the page and in the terminal (nothing is evaluated as code):

    sum     = [+|-] product { (+|-) product }
    product = factor { * factor }          at most one factor holds a seed
    factor  = number | seed:N | mean(sum, sum, ...) | ( sum )

Weights are collected per seed, as exact fractions, before any tensor exists, so that A + B - B is A to the last bit.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from gan_core.config import LatentConfig
from gan_core.draws import latents_for_seeds
from gan_core.shapes import Latents

LONGEST = 2_000  # characters
DEEPEST = 50  # parentheses within each other
LARGEST_SEED = 10**15 - 1
LARGEST_WEIGHT = 10**30  # far beyond any use, and no network makes an infinity of it
TOKEN = re.compile(r"\s*(seed:[0-9]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|mean|[-+*(),])")
SIGNS = {"+": Fraction(1), "-": Fraction(-1), "": Fraction(1)}

Weights = Mapping[int, float]  # seed -> weight


class ExpressionError(ValueError):
    """An expression that cannot be read; the message points at the place."""


class Term(NamedTuple):
    """A partial result: a plain number, or weights of seeds."""

    number: Fraction
    weights: dict[int, Fraction] | None


def parse(text: str) -> Weights:
    """The weight of each seed in `text`. Raises ExpressionError with a sentence that names the place."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {LONGEST:,} are read")
    weights = Parser(text).whole().weights
    if weights is None:
        raise ExpressionError("the expression holds no seed; write for example seed:12 - seed:7")
    for seed, weight in weights.items():
        if abs(weight) > LARGEST_WEIGHT:
            raise ExpressionError(f"the weight of seed:{seed} is beyond {LARGEST_WEIGHT:.0e}; use smaller factors")
    return {seed: float(weight) for seed, weight in weights.items()}


def combine(weights: Weights, latent: LatentConfig) -> Latents:
    """(1, Z) float64: the sum of the seeds' latents, each times its weight."""
    seeds = sorted(weights)
    z = latents_for_seeds(seeds, latent).double()
    total = z.new_zeros(1, latent.size)
    for seed, row in zip(seeds, z, strict=True):
        total += weights[seed] * row
    return total


class Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text, self.depth = text, 0
        self.tokens: list[str] = []
        self.places: list[int] = []  # of the tokens in the text, from 0
        self._read_tokens()
        self.at = 0

    def _read_tokens(self) -> None:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = TOKEN.match(self.text, position)
            if match is None:
                blanks = len(self.text[position:]) - len(self.text[position:].lstrip())
                place = position + blanks
                raise complaint(self.text[place:].split()[0], place, "cannot be read")
            self.tokens.append(match[1])
            self.places.append(match.start(1))
            position = match.end()

    def whole(self) -> Term:
        term = self.sum()
        if self.at < len(self.tokens):
            raise self._error("is not expected here", self.at)
        return term

    def sum(self) -> Term:
        sign = self._take("-") or self._take("+")
        total = scaled(self.product(), SIGNS[sign])
        while sign := self._take("+") or self._take("-"):
            total = self._joined(total, self.at - 1, scaled(self.product(), SIGNS[sign]))
        return total

    def product(self) -> Term:
        total = self.factor()
        while self._take("*"):
            place, other = self.at - 1, self.factor()
            if total.weights is not None and other.weights is not None:
                raise self._error("multiplies two seeds; a seed can only be multiplied by a number", place)
            total = scaled(total, other.number) if other.weights is None else scaled(other, total.number)
        return total

    def factor(self) -> Term:
        if self._take("mean"):
            self._need("(")
            return self._mean()
        if self._take("("):
            inner = self._nested()
            self._need(")")
            return inner
        return self._atom()

    def _mean(self) -> Term:
        total, count = self._nested(), 1
        while self._take(","):
            total, count = self._joined(total, self.at - 1, self._nested()), count + 1
        self._need(")")
        return scaled(total, Fraction(1, count))

    def _nested(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(f"is nested more than {DEEPEST} deep", self.at - 1)
        inner = self.sum()
        self.depth -= 1
        return inner

    def _atom(self) -> Term:
        token, place = self._next(), self.at - 1
        if token.startswith("seed:"):
            seed = int(token.removeprefix("seed:"))
            if seed > LARGEST_SEED:
                raise self._error(f"is too large a seed; the largest is {LARGEST_SEED}", place)
            return Term(Fraction(0), {seed: Fraction(1)})
        if token[0] not in "0123456789.":
            raise self._error("is not expected here", place)
        if float(token) == float("inf"):
            raise self._error("is too large a number", place)
        return Term(Fraction(token if float(token) else 0), None)  # not 1e-999999999: exact, it would fill the memory

    def _joined(self, left: Term, place: int, right: Term) -> Term:
        if (left.weights is None) != (right.weights is None):
            rule = "joins a number and a seed; multiply the seed by the number instead, as in 0.5*seed:3"
            raise self._error(rule, place)
        return added(left, right)

    def _take(self, token: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return token
        return ""

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self._error(f"stands where {token!r} is expected", self.at)

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._error("", self.at)
        self.at += 1
        return self.tokens[self.at - 1]

    def _error(self, rule: str, token: int) -> ExpressionError:
        """A complaint about the token with this number, or about the end of the expression."""
        if token >= len(self.tokens):
            return ExpressionError("the expression ends too early; write for example seed:12 - seed:7")
        return complaint(self.tokens[token], self.places[token], rule)


def complaint(what: str, place: int, rule: str) -> ExpressionError:
    """`'*' at character 7 multiplies two seeds`; `place` counts from 0."""
    return ExpressionError(f"{what[:24]!r} at character {place + 1} {rule}")


def scaled(term: Term, factor: Fraction) -> Term:
    if term.weights is None:
        return Term(term.number * factor, None)
    return Term(Fraction(0), {seed: weight * factor for seed, weight in term.weights.items()})


def added(left: Term, right: Term) -> Term:
    """The sum of two terms of one kind."""
    if left.weights is None or right.weights is None:
        return Term(left.number + right.number, None)
    total = dict(left.weights)
    for seed, weight in right.weights.items():
        total[seed] = total.get(seed, Fraction(0)) + weight
    return Term(Fraction(0), total)

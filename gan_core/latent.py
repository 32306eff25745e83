"""Arithmetic on seeds: `seed:12 - seed:7 + 0.5*seed:3` as one weight per seed.

The grammar, the same on the page and in the terminal (nothing is evaluated as code):

    sum     = [+|-] product { (+|-) product }
    product = factor { * factor }          at most one factor holds a seed
    factor  = number | seed:N | mean(sum, sum, ...) | ( sum )

Weights are collected per seed before any tensor exists, so that A + B - B is A to the last bit.
"""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from gan_core.config import LatentConfig
from gan_core.draws import latents_for_seeds
from gan_core.shapes import Latents

LONGEST = 2_000  # characters
DEEPEST = 50  # parentheses
TOKEN = re.compile(
    r"\s*(?:(?P<seed>seed:\d{1,15})|(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<sign>mean|[-+*(),]))"
)

Weights = Mapping[int, float]  # seed -> weight


class ExpressionError(ValueError):
    """An expression that cannot be read; the message points at the place."""


class Term(NamedTuple):
    """A partial result: a plain number, or weights of seeds."""

    number: float
    weights: dict[int, float] | None


def parse(text: str) -> Weights:
    """The weight of each seed in `text`. Raises ExpressionError with a sentence that names the place."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {LONGEST:,} are read")
    term = Parser(text).whole()
    if term.weights is None:
        raise ExpressionError("the expression holds no seed; write for example seed:12 - seed:7")
    if not all(math.isfinite(weight) for weight in term.weights.values()):
        raise ExpressionError("a weight is too large to be a number; use smaller factors")
    return term.weights


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
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[tuple[str, int]]:
        tokens, position = [], 0
        while self.text[position:].strip():
            match = TOKEN.match(self.text, position)
            if match is None:
                raise self._error(
                    "cannot be read", position + len(self.text[position:]) - len(self.text[position:].lstrip())
                )
            tokens.append((match.group().strip(), match.start(match.lastgroup or 0)))
            position = match.end()
        return tokens

    def whole(self) -> Term:
        term = self.sum()
        if self.at < len(self.tokens):
            raise self._error("is not expected here")
        return term

    def sum(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(f"is nested more than {DEEPEST} deep")
        first_sign = self._take("-") or self._take("+")
        total = scaled(self.product(), -1.0 if first_sign == "-" else 1.0)
        while sign := self._take("+") or self._take("-"):
            total = added(total, scaled(self.product(), -1.0 if sign == "-" else 1.0))
        self.depth -= 1
        return total

    def product(self) -> Term:
        total = self.factor()
        while self._take("*"):
            other = self.factor()
            if total.weights is not None and other.weights is not None:
                raise self._error("multiplies two seeds; a seed can only be multiplied by a number", back=1)
            total = scaled(total, other.number) if other.weights is None else scaled(other, total.number)
        return total

    def factor(self) -> Term:
        if self._take("mean"):
            return self._mean()
        if self._take("("):
            inner = self.sum()
            self._need(")")
            return inner
        token = self._next()
        if token.startswith("seed:"):
            return Term(0.0, {int(token.removeprefix("seed:")): 1.0})
        if token[0].isdigit() or token[0] == ".":
            return Term(float(token), None)
        raise self._error("is not expected here", back=1)

    def _mean(self) -> Term:
        self._need("(")
        total, count = self.sum(), 1
        while self._take(","):
            total, count = added(total, self.sum()), count + 1
        self._need(")")
        return scaled(total, 1 / count)

    def _take(self, token: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == token:
            self.at += 1
            return token
        return ""

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self._error(f"stands where {token!r} is expected")

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._error("")
        self.at += 1
        return self.tokens[self.at - 1][0]

    def _error(self, rule: str, position: int | None = None, back: int = 0) -> ExpressionError:
        if position is None and self.at - back >= len(self.tokens):
            return ExpressionError("the expression ends too early; write for example seed:12 - seed:7")
        place = self.tokens[self.at - back][1] if position is None else position
        return ExpressionError(f"{self.text[place : place + 12].split()[0]!r} at character {place + 1} {rule}")


def scaled(term: Term, factor: float) -> Term:
    if term.weights is None:
        return Term(term.number * factor, None)
    return Term(0.0, {seed: weight * factor for seed, weight in term.weights.items()})


def added(left: Term, right: Term) -> Term:
    if (left.weights is None) != (right.weights is None):
        raise ExpressionError("a number is added to a seed; multiply the seed by it instead, as in 0.5*seed:3")
    if left.weights is None or right.weights is None:
        return Term(left.number + right.number, None)
    seeds = {**left.weights, **right.weights}
    return Term(0.0, {seed: left.weights.get(seed, 0.0) + right.weights.get(seed, 0.0) for seed in seeds})

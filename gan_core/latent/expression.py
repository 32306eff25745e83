"""Arithmetic on latents: `seed:12 - seed:7 + 0.5*seed:3` as one weight per seed.

The grammar, the same on the page and in the terminal (nothing is evaluated as code):

    sum     = [+|-] product { (+|-) product }
    product = factor { * factor }          at most one factor holds a latent
    factor  = number | source | name | mean(sum, sum, ...) | ( sum )
    source  = seed:N | kept:HASH | class:N     HASH: twelve hexadecimal digits that name a saved latent

A name (A, B, C...) stands for a source that the caller defines. Weights of classes condition the generator and are no
part of the latent; without them every source carries a class of its own. Weights are collected per source, as exact
fractions, before any tensor exists, so that A + B - B is exactly A. Imports no torch: `gan_core.latent.combination`
makes tensors of weights.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

LONGEST = 2_000  # characters
DEEPEST = 50  # nested parentheses
LARGEST_SEED = 10**15 - 1
LARGEST_WEIGHT = 10**30  # no network overflows on it
TOKENS = (
    r"seed:[0-9]+",
    r"kept:[0-9a-f]{12}\b",
    r"class:[0-9]{1,6}\b",
    r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    r"mean",
    r"[-\u2212+*(),]",  # a page prints a true minus
)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CLASS = "class:"
TRUE_MINUS = "\u2212"
SIGNS = {"+": Fraction(1), "-": Fraction(-1), "": Fraction(1)}

Source = int | str  # the number of a seed, or `kept:<sha12>` or `class:<number>` as written
Weights = Mapping[Source, float]
Names = Mapping[str, Source]  # the sources that names stand for


class ExpressionError(ValueError):
    """An invalid expression. `start` and `stop` are the slice of the text that the message is about.

    Both are 0 if the message is about the whole expression.
    """

    def __init__(self, sentence: str, start: int = 0, stop: int = 0) -> None:
        super().__init__(sentence)
        self.start, self.stop = start, stop


class Term(NamedTuple):
    """A partial result: a number, or weights of sources."""

    number: Fraction
    weights: dict[Source, Fraction] | None


def parse(text: str, names: Names | None = None) -> Weights:
    """The weight of each source in `text`. Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; at most {LONGEST:,} are allowed")
    weights = Parser(text, names or {}).whole().weights
    if weights is None:
        raise ExpressionError("the expression contains no seed; write for example seed:12 - seed:7")
    for source, weight in weights.items():
        if abs(weight) > LARGEST_WEIGHT:
            raise ExpressionError(
                f"the weight of {spelt(source)} is larger than {LARGEST_WEIGHT:.0e}; use smaller factors"
            )
    return {source: float(weight) for source, weight in weights.items()}


def spelt(source: Source) -> str:
    """A source as an expression spells it: `seed:12`, `kept:0123456789ab`."""
    return f"seed:{source}" if isinstance(source, int) else source


def written(weights: Weights, names: Names | None = None) -> str:
    """The expression for weights, such as `A - 0.5*B`; `parse` with the same names gives the same weights.

    A source without a name is spelt out. Raises ExpressionError without weights, for a weight that is NaN or too large,
    and for too many weights.
    """
    name_of = {source: name for name, source in reversed(list((names or {}).items()))}
    text = ""
    for source, weight in weights.items():
        word = name_of.get(source, spelt(source))
        if not abs(weight) <= float(LARGEST_WEIGHT):  # also true for NaN
            raise ExpressionError(f"the weight of {word} must be a number within {LARGEST_WEIGHT:.0e}, got {weight}")
        size = "" if abs(weight) == 1 else f"{shortest(abs(weight))}*"
        text += f"{SPELT_SIGNS[bool(text), weight < 0]}{size}{word}"
    if not text:
        raise ExpressionError("the expression contains no seed; put one on the shelf")
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has more than {LONGEST:,} characters; take some seeds off the shelf")
    return text


SPELT_SIGNS = {(False, False): "", (False, True): "-", (True, False): " + ", (True, True): " - "}


def shortest(size: float) -> str:
    """The shortest spelling of a number: `2` and not `2.0`."""
    return repr(float(size)).removesuffix(".0")


def classes_in(weights: Weights) -> Weights:
    """The weights of classes."""
    return {source: weight for source, weight in weights.items() if str(source).startswith(CLASS)}


class Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names, self.depth = text, names, 0
        known = [rf"{re.escape(name)}(?![A-Za-z0-9_:])" for name in sorted(names, key=len, reverse=True)]
        self.token = re.compile(rf"\s*({'|'.join([*known, *TOKENS])})")
        self.tokens: list[str] = []
        self.places: list[int] = []  # where the tokens begin in the text
        self._read_tokens()
        self.at = 0

    def _read_tokens(self) -> None:
        position, end = 0, len(self.text.rstrip())
        while position < end:
            match = self.token.match(self.text, position)
            if match is None:
                raise self._unreadable(end - len(self.text[position:end].lstrip()))
            self.tokens.append(match[1].replace(TRUE_MINUS, "-"))
            self.places.append(match.start(1))
            position = match.end()

    def _unreadable(self, place: int) -> ExpressionError:
        """The error for the word that begins at `place`."""
        name = NAME.match(self.text, place)
        if self.names and name is not None and not self.text.startswith(":", name.end()):
            return error_at(name[0], place, f"is not on the shelf; it holds {', '.join(self.names)}")
        return error_at(self.text[place:].split()[0], place, "cannot be understood")

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
        if token in self.names:
            return alone(self.names[token])
        if token.startswith("kept:"):
            return alone(token)
        if token.startswith(CLASS):
            return alone(f"{CLASS}{int(token.removeprefix(CLASS))}")
        if token.startswith("seed:"):
            seed = int(token.removeprefix("seed:"))
            if seed > LARGEST_SEED:
                raise self._error(f"is too large a seed; the largest is {LARGEST_SEED}", place)
            return alone(seed)
        if token[0] not in "0123456789.":
            raise self._error("is not expected here", place)
        if float(token) == float("inf"):
            raise self._error("is too large a number", place)
        return Term(
            Fraction(token if float(token) else 0), None
        )  # 1e-999999999 as an exact fraction would fill the memory

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
            raise self._error(f"was found, but {token!r} is expected", self.at)

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._error("", self.at)
        self.at += 1
        return self.tokens[self.at - 1]

    def _error(self, rule: str, token: int) -> ExpressionError:
        """The error for the token with this number, or for the end of the expression."""
        if token >= len(self.tokens):
            end = len(self.text.rstrip())
            return ExpressionError("the expression is incomplete; write for example seed:12 - seed:7", end, end)
        return error_at(self.tokens[token], self.places[token], rule)


def error_at(what: str, place: int, rule: str) -> ExpressionError:
    """`'*' at character 7 multiplies two seeds`; `place` counts from 0."""
    return ExpressionError(f"{what[:24]!r} at character {place + 1} {rule}", place, place + len(what))


def alone(source: Source) -> Term:
    return Term(Fraction(0), {source: Fraction(1)})


def scaled(term: Term, factor: Fraction) -> Term:
    if term.weights is None:
        return Term(term.number * factor, None)
    return Term(Fraction(0), {source: weight * factor for source, weight in term.weights.items()})


def added(left: Term, right: Term) -> Term:
    """The sum of two numbers, or of two sets of weights."""
    if left.weights is None or right.weights is None:
        return Term(left.number + right.number, None)
    total = dict(left.weights)
    for source, weight in right.weights.items():
        total[source] = total.get(source, Fraction(0)) + weight
    return Term(Fraction(0), total)

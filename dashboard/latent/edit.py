"""What one visitor has before him: latents on a shelf, an expression of them, and how far the result is bent.

A scene is a value: every act gives another one, so that undo is a list. Knows no Streamlit and no tensor.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gan_core.latent.expression import ExpressionError, Names, Source, Weights, classes_in, parse, spelt, written

LETTERS = "ABCDEFGH"  # as many as fit on the shelf
LONGEST_NAME = 24  # characters
WEIGHTS = (-3.0, 3.0)
AMOUNTS = (-6.0, 6.0)  # along a direction of length 1; a latent of 64 numbers is about 8 long
PSIS = (0.0, 1.0)
TAUS = (0.05, 4.0)  # one seed's number in 16,000 lies beyond the upper end, at which nothing is resampled
STEPS_KEPT = 200  # of undo
NUDGE = 0.2  # of another seed
PSI = "psi"
TAU = "tau"
WEIGHT = "weight"

Told = int | tuple[tuple[Source, float], ...]  # one class, or the weights of several


class SceneError(ValueError):
    """An act that makes no sense, in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """A latent on the shelf, under a letter. What is pinned is not put away for another one."""

    letter: str
    source: Source
    name: str = ""
    pinned: bool = False

    @property
    def title(self) -> str:
        return self.name or spelt(self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A point in latent space and how it came about. `bends` are amounts along directions, by their keys."""

    shelf: tuple[Thing, ...] = ()
    expression: str = "seed:0"
    bends: tuple[tuple[str, float], ...] = ()
    psi: float = PSIS[1]
    tau: float = TAUS[1]
    on_shell: bool = False
    label: int = 0

    @property
    def names(self) -> Names:
        """What the letters stand for."""
        return {thing.letter: thing.source for thing in self.shelf}

    @property
    def weights(self) -> Weights:
        """The weight of each source in the expression."""
        return parse(self.expression, self.names)

    @property
    def told(self) -> Told:
        """What a generator with labels is told: the classes in the expression, else the chosen one."""
        return tuple(classes_in(self.weights).items()) or self.label

    def thing(self, letter: str) -> Thing:
        """What lies on the shelf under this letter. Raises SceneError."""
        found = [thing for thing in self.shelf if thing.letter == letter]
        if not found:
            raise SceneError(f"there is no {letter[:LONGEST_NAME]} on the shelf")
        return found[0]

    def thing_of(self, source: Source) -> Thing | None:
        """What lies on the shelf and is this source."""
        return next((thing for thing in self.shelf if thing.source == source), None)

    def value(self, key: str) -> float:
        """Where the slider with this key stands."""
        kind, _, rest = key.partition(":")
        if kind == WEIGHT:
            return self.weights.get(self.thing(rest).source, 0.0)
        return {PSI: self.psi, TAU: self.tau, **dict(self.bends)}.get(key, 0.0)

    def moved(self, key: str, value: object) -> "Scene":
        """With a slider somewhere else. Raises SceneError for what is no number or no slider."""
        kind, _, rest = key.partition(":")
        if key == PSI:
            return replace(self, psi=number(value, PSIS))
        if key == TAU:
            return replace(self, tau=number(value, TAUS))
        if kind == WEIGHT:
            return self.weighed(rest, number(value, WEIGHTS))
        amount = number(value, AMOUNTS)
        others = tuple((other, kept) for other, kept in self.bends if other != key)
        return replace(self, bends=(*others, (key, amount)) if amount else others)

    def all_moved(self, values: Mapping[str, object]) -> "Scene":
        """With several sliders somewhere else; all of them or none."""
        scene = self
        for key, value in values.items():
            scene = scene.moved(key, value)
        return scene

    def bend_renamed(self, old: str, new: str) -> "Scene":
        """With another key for one bend, of which the amount stays."""
        return replace(self, bends=tuple((new if key == old else key, amount) for key, amount in self.bends))

    def weighed(self, letter: str, weight: float) -> "Scene":
        """With another weight of one thing; the expression is written anew, without what weighs nothing."""
        source = self.thing(letter).source
        weights = {**self.weights, source: weight}
        heavy = {other: kept for other, kept in weights.items() if kept} or {source: 0.0}
        return replace(self, expression=written(heavy, self.names))

    def says(self, expression: str) -> "Scene":
        """With another expression. Raises ExpressionError where it cannot be read."""
        parse(expression, self.names)
        return replace(self, expression=expression.strip())

    def picked(self, source: Source) -> "Scene":
        """With one more thing on the shelf, at the free letter that comes first, else in place of one not pinned."""
        if self.thing_of(source):
            return self
        scene = self if len(self.shelf) < len(LETTERS) else self.dropped(self.least_wanted())
        letter = next(letter for letter in LETTERS if letter not in scene.names)
        shelf = sorted((*scene.shelf, Thing(letter=letter, source=source)), key=lambda thing: thing.letter)
        return replace(scene, shelf=tuple(shelf))

    def least_wanted(self) -> str:
        """The letter that makes room: not pinned, and of no weight where there is such a one."""
        loose = [thing for thing in self.shelf if not thing.pinned]
        if not loose:
            raise SceneError(f"all {len(LETTERS)} places of the shelf are pinned; unpin or drop one first")
        weights = self.weights
        return min(loose, key=lambda thing: weights.get(thing.source, 0.0) != 0.0).letter

    def dropped(self, letter: str) -> "Scene":
        """Without one thing. The picture stays: the expression spells out what had the letter."""
        gone = self.thing(letter)
        shelf = tuple(thing for thing in self.shelf if thing != gone)
        names = {thing.letter: thing.source for thing in shelf}
        return replace(self, shelf=shelf, expression=written(self.weights, names))

    def renamed(self, letter: str, name: str) -> "Scene":
        return self._with(replace(self.thing(letter), name=plain(name)))

    def pinned(self, letter: str) -> "Scene":
        """Pinned where it was not, and the other way round."""
        thing = self.thing(letter)
        return self._with(replace(thing, pinned=not thing.pinned))

    def _with(self, changed: Thing) -> "Scene":
        return replace(self, shelf=tuple(changed if thing.letter == changed.letter else thing for thing in self.shelf))

    def straight(self) -> "Scene":
        """Without any bend or truncation."""
        return replace(self, bends=(), psi=PSIS[1], tau=TAUS[1])

    def only(self, source: Source) -> "Scene":
        """One source alone, unbent."""
        return replace(self.straight(), expression=written({source: 1.0}, self.names))

    def of_class(self, label: int) -> "Scene":
        """With one class chosen, and none in the expression any more."""
        classes = classes_in(self.weights)
        if not classes:
            return replace(self, label=label)
        others = {source: weight for source, weight in self.weights.items() if source not in classes}
        return replace(self, label=label, expression=written(others, self.names) if others else spelt(0))

    def nudged(self, seed: int) -> "Scene":
        """A little of another seed added: somewhere near."""
        weights = dict(self.weights)
        weights[seed] = weights.get(seed, 0.0) + NUDGE
        return replace(self, expression=written(weights, self.names))

    def classic(self) -> dict[str, Weights]:
        """The row of the first two things: each, their difference and their sum; nothing with less than two."""
        if len(self.shelf) < 2:
            return {}
        one, other = self.shelf[0], self.shelf[1]
        a, b = one.source, other.source
        return {
            one.letter: {a: 1.0},
            other.letter: {b: 1.0},
            f"{one.letter} - {other.letter}": {a: 1.0, b: -1.0},
            f"{one.letter} + {other.letter}": {a: 1.0, b: 1.0},
        }


FIRST = Scene(
    shelf=(Thing(letter="A", source=12), Thing(letter="B", source=7), Thing(letter="C", source=3)), expression="A"
)


@dataclass
class Bench:
    """A visitor's scene with its past."""

    scene: Scene = FIRST
    past: list[Scene] = field(default_factory=list)
    future: list[Scene] = field(default_factory=list)

    def take(self, scene: Scene) -> None:
        """From now on this scene; undo leads back."""
        if scene != self.scene:
            self.past = [*self.past, self.scene][-STEPS_KEPT:]
            self.future, self.scene = [], scene

    def renamed(self, old: str, new: str) -> None:
        """A direction has another key, now and for whoever goes back."""
        self.scene = self.scene.bend_renamed(old, new)
        self.past = [scene.bend_renamed(old, new) for scene in self.past]
        self.future = [scene.bend_renamed(old, new) for scene in self.future]

    def undo(self) -> None:
        if self.past:
            self.future.append(self.scene)
            self.scene = self.past.pop()

    def redo(self) -> None:
        if self.future:
            self.past.append(self.scene)
            self.scene = self.future.pop()


def number(value: object, limits: tuple[float, float]) -> float:
    """A finite number, cut to its limits. Raises SceneError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SceneError(f"a slider gives a number between {limits[0]:g} and {limits[1]:g}, not {str(value)[:20]}")
    return float(min(max(value, limits[0]), limits[1]))


def plain(name: str) -> str:
    """A name as an address can hold it."""
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in ";~!")
    return kept.strip()[:LONGEST_NAME].strip()


def readable(expression: str, names: Names) -> bool:
    """Whether the parser reads it."""
    try:
        parse(expression, names)
    except ExpressionError:
        return False
    return True

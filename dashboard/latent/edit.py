"""What a visitor edits on the Latent page: latents on a shelf, an expression of them, and amounts along directions.

A `LatentEdit` is a value: every change gives a new one, so that the undo history is a list. Uses no Streamlit and no
tensors.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from gan_core.latent.expression import ExpressionError, Names, Source, Weights, classes_in, parse, spelt, written

LETTERS = "ABCDEFGH"  # one for each place on the shelf
LONGEST_NAME = 24  # characters
WEIGHTS = (-3.0, 3.0)
AMOUNTS = (-6.0, 6.0)  # along a direction of length 1; a normal latent of 64 numbers has a length of about 8
PSIS = (0.0, 1.0)
TAUS = (0.05, 4.0)  # one number in 16,000 lies beyond the upper end; there nothing is resampled
UNDO_STEPS = 200
NUDGE = 0.2  # weight of the seed that a nudge adds
PSI = "psi"
TAU = "tau"
WEIGHT = "weight"
PARSED_KEPT = 1024  # expressions

OWN_CLASSES = None  # each source is shown in the class that it carries
ClassCondition = int | tuple[tuple[Source, float], ...] | None  # one class, the weights of several, or OWN_CLASSES


class EditError(ValueError):
    """A change that is not possible. The message is one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelfItem:
    """A latent on the shelf, under a letter. Pinned items are not replaced when the shelf is full."""

    letter: str
    source: Source
    name: str = ""
    pinned: bool = False

    @property
    def title(self) -> str:
        return self.name or spelt(self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class LatentEdit:
    """A point in latent space and how it is made.

    The latent is the sum of `expression` plus `bends` (amounts along directions, by the keys of their sliders), scaled
    to the typical length if `on_shell`, then truncated by `psi` and `tau`. `label` is the one class for everything, or
    OWN_CLASSES.
    """

    shelf: tuple[ShelfItem, ...] = ()
    expression: str = "seed:0"
    bends: tuple[tuple[str, float], ...] = ()
    psi: float = PSIS[1]
    tau: float = TAUS[1]
    on_shell: bool = False
    label: int | None = OWN_CLASSES

    @property
    def names(self) -> Names:
        """The source that each letter names."""
        return {item.letter: item.source for item in self.shelf}

    @property
    def weights(self) -> Weights:
        """The weight of each source in the expression."""
        return weights_of(self.expression, tuple(self.names.items()))

    @property
    def condition(self) -> ClassCondition:
        """The classes named in the expression or, if it names none, the chosen class or OWN_CLASSES."""
        return tuple(classes_in(self.weights).items()) or self.label

    def item(self, letter: str) -> ShelfItem:
        """The item with this letter. Raises EditError if there is none."""
        found = [item for item in self.shelf if item.letter == letter]
        if not found:
            raise EditError(f"there is no {letter[:LONGEST_NAME]} on the shelf")
        return found[0]

    def item_of(self, source: Source) -> ShelfItem | None:
        """The item of this source, if it is on the shelf."""
        return next((item for item in self.shelf if item.source == source), None)

    def slider_value(self, key: str) -> float:
        """The value of the slider with this key."""
        kind, _, rest = key.partition(":")
        if kind == WEIGHT:
            return self.weights.get(self.item(rest).source, 0.0)
        return {PSI: self.psi, TAU: self.tau, **dict(self.bends)}.get(key, 0.0)

    def with_slider(self, key: str, value: object) -> "LatentEdit":
        """Change the value of one slider. Raises EditError if it is not a finite number or not on the shelf."""
        kind, _, rest = key.partition(":")
        if key == PSI:
            return replace(self, psi=number(value, PSIS))
        if key == TAU:
            return replace(self, tau=number(value, TAUS))
        if kind == WEIGHT:
            return self.with_weight(rest, number(value, WEIGHTS))
        amount = number(value, AMOUNTS)
        others = tuple((other, kept) for other, kept in self.bends if other != key)
        return replace(self, bends=(*others, (key, amount)) if amount else others)

    def with_sliders(self, values: Mapping[str, object]) -> "LatentEdit":
        """Change several sliders: all of them or, if one raises EditError, none."""
        edit = self
        for key, value in values.items():
            edit = edit.with_slider(key, value)
        return edit

    def with_direction_key(self, old: str, new: str) -> "LatentEdit":
        """Change the key of a direction and keep its amount."""
        return replace(self, bends=tuple((new if key == old else key, amount) for key, amount in self.bends))

    def with_weight(self, letter: str, weight: float) -> "LatentEdit":
        """Change the weight of one item. The expression is written anew, without sources of weight 0."""
        source = self.item(letter).source
        weights = {**self.weights, source: weight}
        nonzero = {other: kept for other, kept in weights.items() if kept} or {source: 0.0}
        return replace(self, expression=written(nonzero, self.names))

    def with_expression(self, expression: str) -> "LatentEdit":
        """Change the expression. Raises ExpressionError if it cannot be parsed."""
        weights_of(expression, tuple(self.names.items()))  # with its blanks: an error counts characters from its start
        return replace(self, expression=expression.strip())

    def with_source(self, source: Source) -> "LatentEdit":
        """Put a source on the shelf at the first free letter. On a full shelf it replaces an item."""
        if self.item_of(source):
            return self
        edit = self if len(self.shelf) < len(LETTERS) else self.without(self.letter_to_replace())
        letter = next(letter for letter in LETTERS if letter not in edit.names)
        item = ShelfItem(letter=letter, source=source)
        return replace(edit, shelf=tuple(sorted((*edit.shelf, item), key=lambda item: item.letter)))

    @property
    def next_letter(self) -> str:
        """The letter that `with_source` gives to a new source. Raises EditError if there is no place."""
        free = [letter for letter in LETTERS if letter not in self.names]
        return free[0] if free else self.letter_to_replace()

    def letter_to_replace(self) -> str:
        """An item that is not pinned, if possible one without weight. Raises EditError if all are pinned."""
        loose = [item for item in self.shelf if not item.pinned]
        if not loose:
            raise EditError(f"all {len(LETTERS)} places of the shelf are pinned; unpin or drop one first")
        weights = self.weights
        return min(loose, key=lambda item: weights.get(item.source, 0.0) != 0.0).letter

    def without(self, letter: str) -> "LatentEdit":
        """Take an item off the shelf. The picture stays: the expression spells out the source of the item."""
        removed = self.item(letter)
        shelf = tuple(item for item in self.shelf if item != removed)
        names = {item.letter: item.source for item in shelf}
        return replace(self, shelf=shelf, expression=written(self.weights, names))

    def with_name(self, letter: str, name: str) -> "LatentEdit":
        """Name an item; characters that an address cannot hold are removed."""
        return self._with_item(replace(self.item(letter), name=name_for_address(name)))

    def with_pin_toggled(self, letter: str) -> "LatentEdit":
        """Pin an item, or unpin it."""
        item = self.item(letter)
        return self._with_item(replace(item, pinned=not item.pinned))

    def _with_item(self, changed: ShelfItem) -> "LatentEdit":
        return replace(self, shelf=tuple(changed if item.letter == changed.letter else item for item in self.shelf))

    def with_sliders_reset(self) -> "LatentEdit":
        """Set all amounts along directions to 0 and do not truncate."""
        return replace(self, bends=(), psi=PSIS[1], tau=TAUS[1])

    def with_only(self, source: Source) -> "LatentEdit":
        """Show one source alone, with the sliders reset."""
        return replace(self.with_sliders_reset(), expression=written({source: 1.0}, self.names))

    def with_saved(self, source: Source) -> "LatentEdit":
        """Put a saved latent on the shelf and show it alone, in the classes that the expression names, if any."""
        edit = self.with_source(source).with_only(source)
        weights = {**edit.weights, **classes_in(self.weights)}
        return replace(edit, expression=written(weights, edit.names), on_shell=False)

    def with_class(self, label: int | None) -> "LatentEdit":
        """Choose one class for everything, or OWN_CLASSES, and remove all classes from the expression."""
        classes = classes_in(self.weights)
        if not classes:
            return replace(self, label=label)
        others = {source: weight for source, weight in self.weights.items() if source not in classes}
        return replace(self, label=label, expression=written(others, self.names) if others else spelt(0))

    def nudged(self, seed: int) -> "LatentEdit":
        """Add a small amount of another seed, which gives a similar picture."""
        weights = dict(self.weights)
        weights[seed] = weights.get(seed, 0.0) + NUDGE
        return replace(self, expression=written(weights, self.names))

    def arithmetic_row(self) -> dict[str, Weights]:
        """A, B, A - B, A + B of the first two items, by their captions; empty with fewer than two items."""
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


@lru_cache(maxsize=PARSED_KEPT)
def weights_of(expression: str, names: tuple[tuple[str, Source], ...]) -> Weights:
    """The parsed expression, read-only. Kept, since one picture of a drag asks for it several times."""
    return MappingProxyType(dict(parse(expression, dict(names))))


INITIAL_EDIT = LatentEdit(
    shelf=(
        ShelfItem(letter="A", source=12),
        ShelfItem(letter="B", source=7),
        ShelfItem(letter="C", source=3),
    ),
    expression="A",
)


@dataclass
class EditHistory:
    """The edit of one visitor, with the edits before it (undo) and after it (redo)."""

    edit: LatentEdit = INITIAL_EDIT
    past: list[LatentEdit] = field(default_factory=list)
    future: list[LatentEdit] = field(default_factory=list)

    def apply(self, edit: LatentEdit) -> None:
        """Make this the current edit. Undo leads back."""
        if edit != self.edit:
            self.past = [*self.past, self.edit][-UNDO_STEPS:]
            self.future, self.edit = [], edit

    def rename_direction(self, old: str, new: str) -> None:
        """Change the key of a direction everywhere, so that undo and redo find it too."""
        self.edit = self.edit.with_direction_key(old, new)
        self.past = [edit.with_direction_key(old, new) for edit in self.past]
        self.future = [edit.with_direction_key(old, new) for edit in self.future]

    def undo(self) -> None:
        if self.past:
            self.future.append(self.edit)
            self.edit = self.past.pop()

    def redo(self) -> None:
        if self.future:
            self.past.append(self.edit)
            self.edit = self.future.pop()


def number(value: object, limits: tuple[float, float]) -> float:
    """A finite number, clipped to its limits. Raises EditError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise EditError(f"a slider takes a number between {limits[0]:g} and {limits[1]:g}, not {str(value)[:20]}")
    return float(min(max(value, limits[0]), limits[1]))


def name_for_address(name: str) -> str:
    """A name without the characters that separate the parts of an address, shortened to LONGEST_NAME."""
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in ";~!")
    return kept.strip()[:LONGEST_NAME].strip()


def is_readable(expression: str, names: Names) -> bool:
    """Whether the expression can be parsed."""
    try:
        weights_of(expression, tuple(names.items()))
    except ExpressionError:
        return False
    return True

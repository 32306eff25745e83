"""A `LatentEdit` in the address of the page, and back: a link gives the same pixels to everybody who has the run.

`run`, `at` (images seen; if missing, the newest snapshot), `shelf` (`A=seed:12~name!;B=...`, `!` for pinned), `x` (the
expression), `bend` (`ganspace:1=2.5;dim:3=-1`), `psi`, `tau`, `shell`, `label`, `v`. Default values are left out.

`v` is the version of the address. Without `label`, an address of version 2 shows each seed in a class of its own. One
of version 1, which has no `v`, shows class 0, as it did when it was made.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from dashboard.latent.edit import (
    INITIAL_EDIT,
    LETTERS,
    OWN_CLASSES,
    PSI,
    PSIS,
    TAU,
    TAUS,
    LatentEdit,
    ShelfItem,
    is_readable,
    name_for_address,
)
from gan_core.latent.expression import Source, spelt
from gan_core.runs.snapshots import At

FIRST_VERSION, VERSION = "1", "2"
CLASS_OF_FIRST_VERSION = 0
EDIT_PARTS = ("shelf", "x", "bend", "psi", "tau", "shell", "label")
SHELF_ITEM = re.compile(
    rf"(?P<letter>[{LETTERS}])=(?P<source>seed:\d{{1,15}}|kept:[0-9a-f]{{12}})(?:~(?P<name>[^!]*))?(?P<pin>!?)"
)
EMPTY_SHELF = "none"
LONGEST_PART = 4_000  # characters
MOST_BENDS = 300
MOST_DIGITS = 12  # of a number of images


class AddressError(ValueError):
    """A part of an address that cannot be read. The message is one sentence."""


def query_of(edit: LatentEdit) -> dict[str, str]:
    """The parts of the address for one edit."""
    parts = {
        "shelf": ";".join(map(shelf_item_text, edit.shelf)) or EMPTY_SHELF,
        "x": edit.expression,
        "bend": ";".join(f"{key}={number_text(amount)}" for key, amount in edit.bends),
        "psi": number_text(edit.psi),
        "tau": number_text(edit.tau),
        "shell": "1" if edit.on_shell else "",
        "label": "" if edit.label is OWN_CLASSES else str(edit.label),
        "v": VERSION,
    }
    defaults = {"bend": "", "psi": number_text(PSIS[1]), "tau": number_text(TAUS[1]), "shell": "", "label": ""}
    return {name: text for name, text in parts.items() if text != defaults.get(name)}


def number_text(number: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(number).removesuffix(".0")


def shelf_item_text(item: ShelfItem) -> str:
    name = f"~{item.name}" if item.name else ""
    return f"{item.letter}={spelt(item.source)}{name}{'!' if item.pinned else ''}"


def holds_edit(query: Mapping[str, str]) -> bool:
    """Whether an address has a part of an edit."""
    return any(name in query for name in EDIT_PARTS)


def edit_in(query: Mapping[str, str]) -> LatentEdit:
    """The edit in an address, or INITIAL_EDIT if it has no part of one. Raises AddressError, EditError."""
    if not holds_edit(query):
        return INITIAL_EDIT
    for name in EDIT_PARTS:
        if len(query.get(name, "")) > LONGEST_PART:
            raise AddressError(f"the part {name} of the address has more than {LONGEST_PART:,} characters")
    shelf = shelf_in(query["shelf"]) if "shelf" in query else INITIAL_EDIT.shelf
    edit = LatentEdit(shelf=shelf, expression=shelf[0].letter if shelf else "seed:0")
    expression = query.get("x", edit.expression)
    if not is_readable(expression, edit.names):
        raise AddressError("the expression in the address cannot be read")
    edit = edit.with_expression(expression)
    for key, value in bends_in(query.get("bend", "")):
        edit = edit.with_slider(key, value)
    for key in (PSI, TAU):
        if key in query:
            edit = edit.with_slider(key, number_in(query[key]))
    return replace(edit, on_shell=query.get("shell") == "1", label=label_in(query))


def shelf_in(text: str) -> tuple[ShelfItem, ...]:
    """The items of a shelf, by their letters. Raises AddressError."""
    items: dict[str, ShelfItem] = {}
    for part in [] if text == EMPTY_SHELF else text.split(";"):
        match = SHELF_ITEM.fullmatch(part)
        if match is None:
            raise AddressError(f"the shelf in the address holds {part[:24]!r}, which is not a latent")
        items[match["letter"]] = ShelfItem(
            letter=match["letter"],
            source=source_in(match["source"]),
            name=name_for_address(match["name"] or ""),
            pinned=bool(match["pin"]),
        )
    return tuple(items[letter] for letter in sorted(items))


def source_in(text: str) -> Source:
    """`seed:12` as 12; `kept:<sha12>` stays text."""
    return int(text.removeprefix("seed:")) if text.startswith("seed:") else text


def bends_in(text: str) -> list[tuple[str, float]]:
    """(key, amount) of each direction. Raises AddressError."""
    parts = [part.rpartition("=") for part in text.split(";") if part]
    if len(parts) > MOST_BENDS:
        raise AddressError(f"the address has amounts along more than {MOST_BENDS} directions")
    return [(key, number_in(value)) for key, _, value in parts if key]


def images_seen_in(text: str) -> At:
    """The number of images that names a snapshot; "latest" if the text is not a number."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else "latest"


def number_in(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise AddressError(f"the address holds {text[:24]!r} where a number is expected") from error


def label_in(query: Mapping[str, str]) -> int | None:
    """The class for everything in an address, or OWN_CLASSES. Raises AddressError."""
    version = query.get("v", FIRST_VERSION)
    if version not in (FIRST_VERSION, VERSION):
        raise AddressError(f"the address is of version {version[:24]!r}; this program reads versions 1 and {VERSION}")
    if "label" in query:
        return class_in(query["label"])
    return CLASS_OF_FIRST_VERSION if version == FIRST_VERSION else OWN_CLASSES


def class_in(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text):
        raise AddressError(f"the address holds {text[:24]!r} where the number of a class is expected")
    return int(text)

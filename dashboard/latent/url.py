"""A scene in the address of the page, and back: a link shows the same pixels to whoever has the run.

`run`, `at` (missing: the newest moment), `shelf` (`A=seed:12~name!;B=...`, `!` for pinned), `x` (the expression),
`bend` (`ganspace:1=2.5;dim:3=-1`), `psi`, `tau`, `shell`, `label`. What is neutral is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from dashboard.latent.edit import FIRST, LETTERS, PSI, PSIS, TAU, TAUS, Scene, Thing, plain, readable
from gan_core.latent.expression import Source, parse, spelt
from gan_core.runs.snapshots import At

SEEN = ("shelf", "x", "bend", "psi", "tau", "shell", "label")
ENTRY = re.compile(
    rf"(?P<letter>[{LETTERS}])=(?P<source>seed:\d{{1,15}}|kept:[0-9a-f]{{12}})(?:~(?P<name>[^!]*))?(?P<pin>!?)"
)
EMPTY = "none"  # how an address spells a shelf with nothing on it
LONGEST = 4_000  # characters of one part
MOST_BENDS = 300
MOST_DIGITS = 12  # of images seen


class AddressError(ValueError):
    """A part of an address that cannot be read, in one sentence."""


def query_of(scene: Scene) -> dict[str, str]:
    """The parts of the address for one scene."""
    parts = {
        "shelf": ";".join(map(entry, scene.shelf)) or EMPTY,
        "x": scene.expression,
        "bend": ";".join(f"{key}={spelled(amount)}" for key, amount in scene.bends),
        "psi": spelled(scene.psi),
        "tau": spelled(scene.tau),
        "shell": "1" if scene.on_shell else "",
        "label": str(scene.label),
    }
    neutral = {"bend": "", "psi": spelled(PSIS[1]), "tau": spelled(TAUS[1]), "shell": "", "label": "0"}
    return {name: text for name, text in parts.items() if text != neutral.get(name)}


def spelled(number: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(number).removesuffix(".0")


def entry(thing: Thing) -> str:
    name = f"~{thing.name}" if thing.name else ""
    return f"{thing.letter}={spelt(thing.source)}{name}{'!' if thing.pinned else ''}"


def scene_in(query: Mapping[str, str]) -> Scene:
    """The scene of an address; the first scene where it holds none. Raises AddressError."""
    if not any(name in query for name in SEEN):
        return FIRST
    for name in SEEN:
        if len(query.get(name, "")) > LONGEST:
            raise AddressError(f"the part {name} of the address has more than {LONGEST:,} characters")
    shelf = shelf_in(query["shelf"]) if "shelf" in query else FIRST.shelf
    scene = Scene(shelf=shelf, expression=shelf[0].letter if shelf else FIRST.expression)
    expression = query.get("x", scene.expression)
    if not readable(expression, scene.names):
        raise AddressError("the expression in the address cannot be read")
    scene = scene.says(expression)
    for key, value in bends_in(query.get("bend", "")):
        scene = scene.moved(key, value)
    for key in (PSI, TAU):
        if key in query:
            scene = scene.moved(key, real(query[key]))
    return replace(scene, on_shell=query.get("shell") == "1", label=whole(query.get("label", "0")))


def shelf_in(text: str) -> tuple[Thing, ...]:
    things: dict[str, Thing] = {}
    for part in [] if text == EMPTY else text.split(";"):
        match = ENTRY.fullmatch(part)
        if match is None:
            raise AddressError(f"the shelf in the address holds {part[:24]!r}, which is no latent")
        name = plain(match["name"] or "")
        things[match["letter"]] = Thing(
            letter=match["letter"], source=source_in(match["source"]), name=name, pinned=bool(match["pin"])
        )
    return tuple(things[letter] for letter in sorted(things))


def source_in(text: str) -> Source:
    """The one source that a text spells."""
    return next(iter(parse(text)))


def bends_in(text: str) -> list[tuple[str, float]]:
    parts = [part.rpartition("=") for part in text.split(";") if part]
    if len(parts) > MOST_BENDS:
        raise AddressError(f"the address bends along more than {MOST_BENDS} directions")
    return [(key, real(value)) for key, _, value in parts if key]


def moment(text: str) -> At:
    """The images seen of a moment; the newest one where the address names none."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else "latest"


def real(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise AddressError(f"the address holds {text[:24]!r} where a number belongs") from error


def whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text):
        raise AddressError(f"the address holds {text[:24]!r} where a class belongs")
    return int(text)

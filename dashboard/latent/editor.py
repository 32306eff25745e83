"""The picture and the live sliders: a component that asks for a new picture while a slider moves.

While it moves, `live` gives it pictures in float32, which belong to nobody's past; when it rests, the still in float64
takes their place and the scene is kept, in the address too.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.app import services
from dashboard.latent import galleries, generate, url
from dashboard.latent.edit import AMOUNTS, PSI, PSIS, TAU, TAUS, WEIGHT, WEIGHTS, Bench, Scene, SceneError, Told
from dashboard.latent.generate import DIMENSION, MINE, Place
from dashboard.ui.component import component
from dashboard.ui.text import as_sentence, escaped
from gan_core.latent.directions import FinderName
from gan_core.latent.expression import ExpressionError, spelt
from gan_core.latent.prior import shell_radius
from gan_core.numerics.shapes import Bytes, Latents
from gan_core.runs.store import RunError

KEY = "latent.stage"
REPLY = "latent.reply"
REFUSED = "latent.refused"
LARGEST_RANDOM_SEED = 1_000_000
FOUND: Mapping[FinderName, tuple[str, str]] = {
    "ganspace": ("GANSpace", "Principal directions of the first activations (Härkönen et al. 2020)."),
    "sefa": ("SeFa", "Directions that the first weights stretch most (Shen & Zhou 2021)."),
}
_stage = component("latent_editor")
Develop = Callable[[Latents, Place, Told], Bytes]


def live(bench: Bench, place: Place) -> None:
    """The picture with its sliders."""
    reply = {"reply": st.session_state.get(REPLY, 0)}
    _stage(
        key=KEY,
        data={**reply, **moving(bench.scene, place, generate.still), **resting(bench.scene, place)},
        on_move_change=lambda: move(bench, place),
        on_act_change=lambda: act(bench, place),
    )


def moving(scene: Scene, place: Place, develop: Develop) -> dict[str, Any]:
    """What changes while a slider is dragged."""
    z = generate.z_of(scene, place)
    return {
        "picture": galleries.block(develop(z, place, scene.told)),
        "expression": scene.expression,
        "description": f"Picture of {scene.expression} from run {place.run}",
        "values": values(scene),
        **norm_of(z, place),
    }


def resting(scene: Scene, place: Place) -> dict[str, Any]:
    """What the component shows beside the picture, and the address at which it asks for others."""
    return {
        "address": urlencode(
            {"run": place.run, "created": place.created, "at": place.images_seen, **url.query_of(scene)}
        ),
        "classic": classic(scene, place),
        **shelf_of(scene, place),
        "groups": groups(place),
        "weight": slider(WEIGHTS, 0.05),
        "bend": slider(AMOUNTS, 0.05),
        "truncation": {**slider(PSIS, 0.01, rest=PSIS[1]), "key": PSI},
        "threshold": {**slider(TAUS, 0.05, rest=TAUS[1]), "key": TAU},
    }


def norm_of(z: Latents, place: Place) -> dict[str, Any]:
    """How long the latent is beside the shell on which nearly all latents of training lay."""
    norm, shell_norm = float(z.norm()), shell_radius(generate.networks(place).latent)
    return {"norm": norm / shell_norm, "norm_text": f"length {norm:.2f}, shell {shell_norm:.2f}"}


def classic(scene: Scene, place: Place) -> dict[str, Any] | None:
    """A, B, A - B, A + B of the first two things on the shelf."""
    row = scene.classic()
    if not row:
        return None
    pixels = generate.stills(generate.sums(*row.values()), place, scene.told)
    return {"block": galleries.block(pixels), "captions": list(row)}


def shelf_of(scene: Scene, place: Place) -> dict[str, Any]:
    """The things on the shelf and their pictures."""
    things = [
        {
            "key": f"{WEIGHT}:{thing.letter}",
            "letter": thing.letter,
            "source": spelt(thing.source),
            "name": thing.name,
            "pinned": thing.pinned,
        }
        for thing in scene.shelf
    ]
    if not things:
        return {"shelf": things}
    alone = generate.sums(*({thing.source: 1.0} for thing in scene.shelf))
    return {"shelf": things, "shelf_block": galleries.block(generate.stills(alone, place, scene.told))}


def groups(place: Place) -> list[dict[str, Any]]:
    """The sliders in tabs: directions that mean something first, then each number of the latent."""
    latent = generate.networks(place).latent
    saved = [kept.name for kept in services.store().directions() if kept.fits(latent)]
    tabs = [
        group(finder, title, "Direction", note, [str(row + 1) for row in range(generate.num_directions(place, finder))])
        for finder, (title, note) in FOUND.items()
    ]
    if saved:
        tabs.append(group(MINE, "Saved", "", "Directions that were saved by name, on any run of this shape.", saved))
    numbers = [str(number + 1) for number in range(latent.size)]
    return [*tabs, group(DIMENSION, "Dimensions", "Number", "Each number of the latent by itself.", numbers)]


def group(kind: str, title: str, word: str, note: str, names: Sequence[str]) -> dict[str, Any]:
    return {"kind": kind, "title": title, "word": word, "note": note, "names": list(names)}


def values(scene: Scene) -> dict[str, float]:
    """Where every slider stands that is not at rest."""
    weights = {f"{WEIGHT}:{thing.letter}": scene.value(f"{WEIGHT}:{thing.letter}") for thing in scene.shelf}
    return {**weights, **dict(scene.bends), PSI: scene.psi, TAU: scene.tau}


def slider(limits: tuple[float, float], step: float, rest: float = 0.0) -> dict[str, float]:
    return {"min": limits[0], "max": limits[1], "step": step, "rest": rest}


def move(bench: Bench, place: Place) -> None:
    """Sliders came to rest: checked, since a browser can say anything."""
    asked = st.session_state[KEY]["move"]
    try:
        st.session_state[REPLY] = int(asked["number"])
        scene = bench.scene.all_moved(asked["values"])
        generate.bend_of(scene, place)
    except (SceneError, ExpressionError, KeyError, TypeError, ValueError, AttributeError) as problem:
        refuse(problem)
        return
    bench.take(scene)


def act(bench: Bench, place: Place) -> None:
    """A button of the component was pressed."""
    pressed = st.session_state[KEY]["act"]
    if isinstance(pressed, Mapping) and pressed.get("kind") == "keep":
        keep(bench, place)
        return
    if not isinstance(pressed, Mapping) or pressed.get("kind") not in ACTS:
        return
    attempt(bench, lambda scene: ACTS[pressed["kind"]](scene, pressed.get("value")))


def keep(bench: Bench, place: Place) -> None:
    """What is on the screen, bends and all, as one thing on the shelf; the run keeps it by the hash of its numbers."""

    def put(scene: Scene) -> Scene:
        z = generate.z_of(scene, place)
        source = services.store().keep_latent(place.run, z)
        kept = scene.picked(source)
        return replace(kept.only(source), on_shell=False)

    attempt(bench, put)


def attempt(bench: Bench, change: Callable[[Scene], Scene]) -> None:
    """Change the scene; why it cannot be changed is said on the page."""
    try:
        bench.take(change(bench.scene))
    except (SceneError, ExpressionError, RunError) as problem:
        refuse(problem)


def refuse(problem: Exception) -> None:
    """Why something was not done: said when the page is drawn next."""
    st.session_state[REFUSED] = str(problem)


def refusals() -> None:
    """Why the last act was refused, once."""
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(as_sentence(refused)), icon=":material/error:")


def random_seed() -> int:
    return secrets.randbelow(LARGEST_RANDOM_SEED)


def renamed(scene: Scene, value: Any) -> Scene:
    if not isinstance(value, list) or len(value) != 2:
        raise SceneError("a name belongs to a letter")
    return scene.renamed(str(value[0]), str(value[1]))


ACTS: Mapping[str, Callable[[Scene, Any], Scene]] = {
    "say": lambda scene, value: scene.straight().says(str(value)),
    "only": lambda scene, value: scene.only(scene.thing(str(value)).source),
    "rename": renamed,
    "pin": lambda scene, value: scene.pinned(str(value)),
    "drop": lambda scene, value: scene.dropped(str(value)),
    "reset": lambda scene, value: scene.straight(),
    "nudge": lambda scene, value: scene.nudged(random_seed()),
    "random": lambda scene, value: scene.only(random_seed()),
}

"""The visitor's bench: made from the address, mended where it does not fit the run, and written back to the address."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.latent import editor, generate, run_and_snapshot, url
from dashboard.latent.edit import Bench, Scene, SceneError
from dashboard.latent.generate import Place
from dashboard.latent.url import AddressError
from gan_core.latent.expression import ExpressionError, spelt, written
from gan_core.runs.store import RunError, StateError

BENCH = "latent.bench"
NO_SCENE = (AddressError, ExpressionError, SceneError)
NO_LATENT = (ExpressionError, RunError, SceneError, StateError)


def bench(place: Place) -> Bench:
    """What this visitor has before him, fit to be shown at this place."""
    if BENCH not in st.session_state:
        st.session_state[BENCH] = Bench(scene=scene_of_the_address())
    kept: Bench = st.session_state[BENCH]
    mend(kept, place)
    return kept


def scene_of_the_address() -> Scene:
    try:
        return url.scene_in(st.query_params.to_dict())
    except NO_SCENE as problem:
        editor.refuse(problem)
        return Scene() if not problem else url.scene_in({})


def mend(mine: Bench, place: Place) -> None:
    """Leave out what this run does not know: latents of another run, directions of another shape. It is said why."""
    try:
        generate.z_of(mine.scene, place)
        for thing in mine.scene.shelf:
            generate.combined({thing.source: 1.0}, place)
    except NO_LATENT as problem:
        editor.refuse(problem)
        mine.take(fitting(mine.scene, place))


def fitting(scene: Scene, place: Place) -> Scene:
    """The scene without what the run does not know."""
    for thing in scene.shelf:
        if not known({thing.source: 1.0}, place):
            scene = scene.dropped(thing.letter)
    weights = {source: weight for source, weight in scene.weights.items() if known({source: weight}, place)}
    if weights != scene.weights:
        scene = scene.says(written(weights, scene.names) if weights else spelt(0))
    bends = tuple((key, amount) for key, amount in scene.bends if leads_somewhere(key, place))
    return replace(scene, bends=bends)


def known(weights: Mapping[int | str, float], place: Place) -> bool:
    try:
        generate.combined(weights, place)
    except NO_LATENT:
        return False
    return True


def leads_somewhere(key: str, place: Place) -> bool:
    try:
        generate.direction(place, key)
    except NO_LATENT:
        return False
    return True


def write_address(mine: Bench, place: Place) -> None:
    """The whole state, so that a reload and a bookmark show the same."""
    query = query_of(mine.scene, place.run, run_and_snapshot.wanted_at())
    st.session_state[run_and_snapshot.WRITTEN] = (query["run"], query.get("at", ""))
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def query_of(scene: Scene, run: str, at: object) -> dict[str, str]:
    moment = {} if at == run_and_snapshot.LATEST else {"at": str(at)}
    return {"run": run, **moment, **url.query_of(scene)}

"""The picture under a moving slider: asked for by an address, answered at once, in float32, and nothing is remembered.

A rerun of the page would cost the browser three renderings of everything on it, for each picture. So a drag asks this
route instead; where the sliders come to rest, the page is told, and shows the still in float64.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.app import services
from dashboard.latent import editor, generate, url
from dashboard.latent.edit import SceneError
from dashboard.latent.generate import Place
from dashboard.latent.url import AddressError
from dashboard.ui.text import EXPECTED_ERRORS, as_sentence
from gan_core.latent.expression import ExpressionError

REFUSALS = (*EXPECTED_ERRORS, AddressError, ExpressionError, SceneError)


def respond(request: Request) -> Response:
    """`/live?run=R&created=C&at=640&x=A&moves={"dim:1": 2}`: what changes in the component, or why nothing does."""
    try:
        return JSONResponse(picture(request.query_params))
    except REFUSALS as problem:
        return PlainTextResponse(as_sentence(str(problem)), status_code=400)


def picture(query: Mapping[str, str]) -> dict[str, Any]:
    """The scene of an address with some sliders elsewhere, developed in float32. Raises one of REFUSALS."""
    scene = url.scene_in(query).all_moved(moves_in(query.get("moves", "{}")))
    return editor.moving(scene, place_in(query), generate.quick)


def place_in(query: Mapping[str, str]) -> Place:
    """As the page gave it to the component. It is not looked up: that would cost as much as the picture."""
    seen = url.moment(query.get("at", ""))
    if seen == "latest":
        raise AddressError("the address names no moment")
    return Place(str(services.store().root), query.get("run", ""), query.get("created", ""), seen)


def moves_in(text: str) -> dict[str, object]:
    """Values of sliders by their keys. Raises AddressError for anything else."""
    if len(text) > url.LONGEST:
        raise AddressError(f"the moves in the address have more than {url.LONGEST:,} characters")
    try:
        moves = json.loads(text)
    except (ValueError, RecursionError):
        moves = None
    if not isinstance(moves, dict):
        raise AddressError("the moves in the address cannot be read")
    return moves

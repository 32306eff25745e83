"""GET /live: the picture under a slider that is being dragged, in float32. It changes nothing on the server.

A rerun of the page would make the browser render everything on it for each picture. So a drag requests only the picture
here. When the slider is released, the page is told and shows the picture in float64.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.app import services
from dashboard.latent import editor, generate, url
from dashboard.latent.edit import EditError
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.url import AddressError
from dashboard.ui.text import EXPECTED_ERRORS, as_sentence
from gan_core.latent.expression import ExpressionError

REFUSALS = (*EXPECTED_ERRORS, AddressError, ExpressionError, EditError)


def respond(request: Request) -> Response:
    """`/live?run=R&created=C&at=640&x=A&moves={"dim:1": 2}`: the picture as JSON, or status 400 and a sentence."""
    try:
        return JSONResponse(picture_data(request.query_params))
    except REFUSALS as problem:
        return PlainTextResponse(as_sentence(str(problem)), status_code=400)


def picture_data(query: Mapping[str, str]) -> dict[str, Any]:
    """The picture of the edit in an address after some sliders have moved. Raises one of REFUSALS."""
    edit = url.edit_in(query).with_sliders(slider_values(query.get("moves", "{}")))
    return editor.picture_data(edit, snapshot_in(query), generate.render_float32)


def snapshot_in(query: Mapping[str, str]) -> SnapshotRef:
    """The snapshot in an address, as the page wrote it. Not looked up: that would take as long as the picture."""
    images_seen = url.images_seen_in(query.get("at", ""))
    if images_seen == "latest":
        raise AddressError("the address names no snapshot")
    return SnapshotRef(str(services.store().root), query.get("run", ""), query.get("created", ""), images_seen)


def slider_values(text: str) -> dict[str, object]:
    """JSON text as values of sliders by their keys. Raises AddressError if it is not a JSON object."""
    if len(text) > url.LONGEST_PART:
        raise AddressError(f"the moves in the address have more than {url.LONGEST_PART:,} characters")
    try:
        moves = json.loads(text)
    except (ValueError, RecursionError):
        moves = None
    if not isinstance(moves, dict):
        raise AddressError("the moves in the address cannot be read")
    return moves

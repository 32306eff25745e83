"""GET /live: the picture under a slider that is being dragged, in float32, and what D says about it.

GET /picture.png: the same picture in float64, to save it. Both change nothing on the server.

A rerun of the page would make the browser render everything on it for each picture. So a drag requests only the picture
here. When the slider is released, the page is told and shows the picture in float64.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.app import services
from dashboard.latent import editor, generate, url
from dashboard.latent.edit import EditError, LatentEdit
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.url import AddressError
from dashboard.ui.text import EXPECTED_ERRORS, as_sentence
from gan_core.latent.expression import ExpressionError
from gan_core.pictures.render import enlarged, grid, png

LARGEST_SCALE = 32
REFUSALS = (*EXPECTED_ERRORS, AddressError, ExpressionError, EditError)


def respond(request: Request) -> Response:
    """`/live?run=R&created=C&at=640&x=A&moves={"dim:1": 2}`: the picture as JSON, or status 400 and a sentence."""
    try:
        return JSONResponse(picture_data(request.query_params))
    except REFUSALS as problem:
        return PlainTextResponse(as_sentence(str(problem)), status_code=400)


def picture_data(query: Mapping[str, str]) -> dict[str, Any]:
    """The picture of the edit in an address after some sliders have moved. Raises one of REFUSALS."""
    return editor.picture_data(edit_in(query), snapshot_in(query), live=True)


def respond_with_png(request: Request) -> Response:
    """`/picture.png?...&scale=8`: the picture in float64 as a PNG; with scale 1 the bytes of the terminal."""
    try:
        return Response(png_in(request.query_params), media_type="image/png")
    except REFUSALS as problem:
        return PlainTextResponse(as_sentence(str(problem)), status_code=400)


def png_in(query: Mapping[str, str]) -> bytes:
    """The PNG of the edit in an address. Raises one of REFUSALS."""
    edit, snapshot, scale = edit_in(query), snapshot_in(query), scale_in(query.get("scale", "1"))
    z, labels = generate.latent_of(edit, snapshot), generate.labels_of_edit(edit, snapshot)
    return png(enlarged(grid(generate.render_float64(z, snapshot, labels), columns=1), scale))


def edit_in(query: Mapping[str, str]) -> LatentEdit:
    """The edit in an address after some sliders have moved. Raises AddressError, ExpressionError, EditError."""
    return url.edit_in(query).with_sliders(slider_values(query.get("moves", "{}")))


def scale_in(text: str) -> int:
    """Screen pixels for each pixel. Raises AddressError unless it is a number from 1 to LARGEST_SCALE."""
    if not re.fullmatch("[0-9]{1,2}", text) or not 1 <= int(text) <= LARGEST_SCALE:
        raise AddressError(f"the scale in the address must be a number from 1 to {LARGEST_SCALE}")
    return int(text)


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

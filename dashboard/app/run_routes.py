"""Read-only routes which components fetch by themselves: the runs, and `/runs/<name>/...` of one run.

An invalid name or number is answered with one sentence and a 4xx status. Answers that are polled carry an ETag, so
unchanged content is not sent again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.app import services
from dashboard.ui.text import EXPECTED_ERRORS, as_sentence
from gan_core.runs.store import RunMissingError, RunStore

LARGEST_NUMBER = 2**53  # up to which a browser counts exactly
ASK_AGAIN = "no-cache"  # keep it, but ask whether it is still the same
FOREVER = "private, max-age=31536000, immutable"
Respond = Callable[[RunStore, str, Request], Response]


class BadQueryError(ValueError):
    """A request cannot be understood, in one sentence."""


def routes(base: str, middleware: Sequence[Middleware]) -> list[Route]:
    """All routes of a run, below the path `base`."""
    responders: Mapping[str, Respond] = {
        "status": status,
        "curve": curve,
        "curves.csv": curves_csv,
        "samples": samples,
        "samples/{images}.png": sample,
        "live.png": live_picture,
        "real.png": real_images,
        "thumbnail.png": thumbnail,
    }
    return [
        Route(f"{base}/runs.json", every_run, middleware=middleware),
        *(
            Route(f"{base}/runs/{{run}}/{path}", endpoint(respond), middleware=middleware)
            for path, respond in responders.items()
        ),
    ]


def endpoint(respond: Respond) -> Callable[[Request], Response]:
    """A function that answers a request. It is run in a thread, since it reads files."""

    def answer(request: Request) -> Response:
        try:
            return respond(services.store(), request.path_params["run"], request)
        except RunMissingError as problem:
            return refusal(str(problem), 404)
        except (*EXPECTED_ERRORS, BadQueryError) as problem:
            return refusal(str(problem), 400)

    return answer


def every_run(request: Request) -> Response:
    """`/runs.json`: a row for each run, for the table of the Runs page."""
    from dashboard.runs import table_data

    return as_json(request, table_data.table(services.store()))


def thumbnail(store: RunStore, run: str, request: Request) -> Response:
    """`/thumbnail.png?version=`: a part of the newest sample grid. The version is that of the samples."""
    from dashboard.ui.thumbnails import thumbnail_of

    png = thumbnail_of(store.summary(run))
    if png is None:
        raise RunMissingError(f"run {run} has no sample grid")
    return unchanged_or(request, png, "image/png", FOREVER if "version" in request.query_params else ASK_AGAIN)


def status(store: RunStore, run: str, request: Request) -> Response:
    """`/status`: status and progress of the run, and numbers that change when its curves or samples change."""
    from dashboard.train import live_data

    return as_json(request, live_data.status(store, run))


def curve(store: RunStore, run: str, request: Request) -> Response:
    """`/curve?group=losses&start=&stop=&attempt=&bucket=&after=`: rows of a group of curves, by default all of them.

    The last three say which rows the browser has: those rows are left out of the answer.
    """
    from dashboard.train import live_data

    known = live_data.Known(*(number(request, name) or 0 for name in live_data.Known._fields))
    part = (number(request, "start"), number(request, "stop"))
    return as_json(request, live_data.curve(store, run, group_in(request), part, known))


def curves_csv(store: RunStore, run: str, request: Request) -> Response:
    """`/curves.csv?group=losses`: a group of curves as a file, by default all of them."""
    from dashboard.train import live_data

    group = group_in(request) if "group" in request.query_params else None
    name, content = live_data.curves_csv(store, run, group)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv", headers=headers)


def samples(store: RunStore, run: str, request: Request) -> Response:
    """`/samples?after=640`: the list of sample grids after these images, by default all."""
    from dashboard.train import live_data

    return as_json(request, live_data.samples(store, run, number(request, "after")))


def sample(store: RunStore, run: str, request: Request) -> Response:
    """`/samples/640.png?version=`: one sample grid. With a version, which is new in each attempt, it never changes."""
    images = digits(request.path_params["images"], "the images of a sample")
    content = store.samples(run).png(images)
    if content is None:
        raise RunMissingError(f"run {run} has no sample grid at {images} images")
    return unchanged_or(request, content, "image/png", FOREVER if "version" in request.query_params else ASK_AGAIN)


def live_picture(store: RunStore, run: str, request: Request) -> Response:
    """`/live.png`: the sample grid of the present networks while the run trains; 404 while there is none.

    `/status` says which picture it is; add its version to the address, so that a browser fetches each picture once.
    """
    content = store.live(run).png()
    if content is None:
        raise RunMissingError(f"run {run} has no live picture: it does not train now")
    return unchanged_or(request, content, "image/png", ASK_AGAIN)


def real_images(store: RunStore, run: str, request: Request) -> Response:
    """`/real.png`: a grid of images of the run's data set; 202 while it is being read, 409 where it cannot be."""
    from dashboard.train import real_samples

    real = real_samples.of(store, run)
    if real.problem:
        return refusal(real.problem, 409)
    if not real.png:
        return PlainTextResponse("The data set is being read.", status_code=202, headers={"Cache-Control": "no-store"})
    return unchanged_or(request, real.png, "image/png", ASK_AGAIN)


def group_in(request: Request) -> str:
    """The name of a group of curves. Raises BadQueryError for any other text."""
    from dashboard.train.curve_groups import FIRST, GROUPS

    name = request.query_params.get("group", FIRST)
    if name not in GROUPS:
        raise BadQueryError(f"there is no group of curves {name[:32]!r}; there are {', '.join(GROUPS)}")
    return name


def number(request: Request, name: str) -> int | None:
    """A whole number in the query, or None without one. Raises BadQueryError."""
    text = request.query_params.get(name)
    return None if text is None else digits(text, name)


def digits(text: str, what: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER)) and int(text) <= LARGEST_NUMBER:
        return int(text)
    raise BadQueryError(f"{what} must be a whole number from 0 to {LARGEST_NUMBER}")


def as_json(request: Request, values: Mapping[str, Any]) -> Response:
    content = json.dumps(values, allow_nan=False, separators=(",", ":")).encode()
    return unchanged_or(request, content, "application/json", ASK_AGAIN)


def unchanged_or(request: Request, content: bytes, media_type: str, caching: str) -> Response:
    """The content, or only 304 if the browser has it."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": caching}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def refusal(sentence: str, status_code: int) -> Response:
    return PlainTextResponse(as_sentence(sentence), status_code, headers={"Cache-Control": "no-store"})

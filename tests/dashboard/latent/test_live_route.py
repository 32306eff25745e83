"""GET /live: the pictures of the page in float32, and a sentence for an invalid address."""

import base64
import io
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from dashboard.app import services
from dashboard.latent import editor, generate, url
from dashboard.latent.edit import INITIAL_EDIT, LatentEdit
from dashboard.latent.live_route import respond, respond_with_png
from gan_core import cli
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train

LAST = 640  # images that the run of these tests has seen


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, one_processor: None) -> Path:
    """A folder with one finished run."""
    store = RunStore(tmp_path_factory.mktemp("trained"))
    store.create(tiny(), "mine")
    assert train(store, "mine") == "finished"
    return store.root


@pytest.fixture
def address(trained: Path, root: Path) -> str:
    """The address that the page gives to the component for the first edit."""
    shutil.copytree(trained, root, dirs_exist_ok=True)
    given: str = editor.controls_data(INITIAL_EDIT, generate.snapshot_ref("mine", LAST))["address"]
    return given


def request(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


def answer(query: str) -> Response:
    return respond(request(query))


def pixels_in(response: Response) -> np.ndarray[Any, Any]:
    """(S * S,): the grey picture in an answer."""
    return np.frombuffer(base64.b64decode(json.loads(bytes(response.body))["picture"]["pixels"]), np.uint8)


def picture_at_rest(edit: LatentEdit) -> np.ndarray[Any, Any]:
    snapshot = generate.snapshot_ref("mine", LAST)
    flat: np.ndarray[Any, Any] = (
        generate.render_float64(generate.latent_of(edit, snapshot), snapshot, None).flatten().numpy()
    )
    return flat


@pytest.mark.parametrize("moves", [{}, {"ganspace:1": 2.5}, {"weight:B": -1.0, "psi": 0.5}, {"dim:3": -4}])
def test_a_picture_of_a_drag_differs_from_the_page_by_rounding_only(address: str, moves: dict[str, float]) -> None:
    response = answer(f"{address}&{urlencode({'moves': json.dumps(moves)})}")

    assert response.status_code == 200
    assert np.abs(pixels_in(response).astype(int) - picture_at_rest(INITIAL_EDIT.with_sliders(moves))).max() <= 1
    assert services.worker().shutdown(1)


def test_the_opinion_of_d_comes_with_the_picture_of_a_drag(address: str) -> None:
    moves = {"ganspace:1": 2.5}
    live = json.loads(bytes(answer(f"{address}&{urlencode({'moves': json.dumps(moves)})}").body))["opinion"]
    rest = editor.picture_data(INITIAL_EDIT.with_sliders(moves), generate.snapshot_ref("mine", LAST))["opinion"]

    assert live["share"] == pytest.approx(rest["share"], abs=1e-3)
    assert live["share"] != editor.picture_data(INITIAL_EDIT, generate.snapshot_ref("mine", LAST))["opinion"]["share"]
    assert "chance of real" in live["text"]


def test_a_loss_without_a_chance_has_a_score_alone(root: Path) -> None:
    store = RunStore(root)
    store.create(tiny(objective__loss="wasserstein"), "mine")
    train(store, "mine")

    opinion = editor.picture_data(INITIAL_EDIT, generate.snapshot_ref("mine", LAST))["opinion"]

    assert opinion["share"] is None
    assert opinion["text"].startswith("D's score ")
    assert services.worker().shutdown(1)


@pytest.mark.parametrize("scale", [1, 8])
def test_the_picture_is_saved_with_the_bytes_of_the_terminal(address: str, tmp_path: Path, scale: int) -> None:
    edit = LatentEdit(expression="seed:12 - seed:7", psi=0.7)
    query = urlencode({**url.query_of(edit), "scale": scale})
    at = ["--at", str(LAST), "--psi", "0.7", "--out", str(tmp_path / "out.png")]
    assert cli.main(["latent", "mine", "seed:12 - seed:7", *at, "--root", str(services.root())]) == 0

    saved = respond_with_png(request(f"{address}&{query}"))

    assert (saved.status_code, saved.media_type) == (200, "image/png")
    terminal = (tmp_path / "out.png").read_bytes()
    assert (bytes(saved.body) == terminal) == (scale == 1)
    with Image.open(io.BytesIO(bytes(saved.body))) as large, Image.open(io.BytesIO(terminal)) as small:
        assert (np.asarray(large) == np.kron(np.asarray(small), np.ones((scale, scale), np.uint8))).all()


@pytest.mark.parametrize("scale", ["0", "33", "-1", "1e9", "9" * 5000])
def test_an_impossible_scale_is_answered_with_a_sentence(address: str, scale: str) -> None:
    refused = respond_with_png(request(f"{address}&scale={scale}"))

    assert (refused.status_code, "a number from 1 to 32" in bytes(refused.body).decode()) == (400, True)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"moves": "{"}, "The moves in the address cannot be read."),
        ({"moves": "[1]"}, "The moves in the address cannot be read."),
        ({"moves": "[" * 3_000}, "The moves in the address cannot be read."),
        ({"moves": '{"a": "' + "a" * 5_000 + '"}'}, "have more than 4,000 characters."),
        ({"moves": '{"psi": NaN}'}, "A slider takes a number between 0 and 1, not nan."),
        ({"moves": '{"weight:Z": 1}'}, "There is no Z on the shelf."),
        ({"moves": '{"dim:77": 1}'}, "This run has no direction 'dim:77'."),
        ({"run": "gone"}, "gone"),
        ({"run": "../mine"}, "../mine"),
        ({"created": "never", "run": ""}, "."),
        ({"at": "latest"}, "The address names no snapshot."),
        ({"at": "7"}, "7"),
        ({"x": "A *"}, "The expression in the address cannot be read."),
    ],
)
def test_an_invalid_address_is_answered_with_a_sentence(address: str, part: dict[str, str], sentence: str) -> None:
    response = answer(f"{address}&{urlencode(part)}")  # the second of two parts with the same name counts

    assert response.status_code == 400
    assert sentence in bytes(response.body).decode()

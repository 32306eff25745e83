"""Pictures for a drag: those of the page in float32, and a sentence for what is no address."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboard.app import services
from dashboard.latent import editor, generate
from dashboard.latent.edit import FIRST, Scene
from dashboard.latent.live_route import respond
from gan_core.runs.store import RunStore
from tests.runs_made_here import tiny, train

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
    """The address that the page gives to the component for the first scene."""
    shutil.copytree(trained, root, dirs_exist_ok=True)
    given: str = editor.resting(FIRST, generate.place_of("mine", LAST))["address"]
    return given


def answer(query: str) -> Response:
    return respond(Request({"type": "http", "query_string": query.encode(), "headers": []}))


def pixels_in(response: Response) -> np.ndarray[Any, Any]:
    """(S * S,): the grey picture in an answer."""
    return np.frombuffer(base64.b64decode(json.loads(bytes(response.body))["picture"]["pixels"]), np.uint8)


def still(scene: Scene) -> np.ndarray[Any, Any]:
    place = generate.place_of("mine", LAST)
    flat: np.ndarray[Any, Any] = generate.still(generate.z_of(scene, place), place, 0).flatten().numpy()
    return flat


@pytest.mark.parametrize("moves", [{}, {"ganspace:1": 2.5}, {"weight:B": -1.0, "psi": 0.5}, {"dim:3": -4}])
def test_a_picture_of_a_drag_is_the_one_of_the_page_but_for_rounding(address: str, moves: dict[str, float]) -> None:
    response = answer(f"{address}&{urlencode({'moves': json.dumps(moves)})}")

    assert response.status_code == 200
    assert np.abs(pixels_in(response).astype(int) - still(FIRST.all_moved(moves))).max() <= 1
    assert services.worker().shutdown(1)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"moves": "{"}, "The moves in the address cannot be read."),
        ({"moves": "[1]"}, "The moves in the address cannot be read."),
        ({"moves": "[" * 3_000}, "The moves in the address cannot be read."),
        ({"moves": '{"a": "' + "a" * 5_000 + '"}'}, "have more than 4,000 characters."),
        ({"moves": '{"psi": NaN}'}, "A slider gives a number between 0 and 1, not nan."),
        ({"moves": '{"weight:Z": 1}'}, "There is no Z on the shelf."),
        ({"moves": '{"dim:77": 1}'}, "This run knows no direction 'dim:77'."),
        ({"run": "gone"}, "gone"),
        ({"run": "../mine"}, "../mine"),
        ({"created": "never", "run": ""}, "."),
        ({"at": "latest"}, "The address names no moment."),
        ({"at": "7"}, "7"),
        ({"x": "A *"}, "The expression in the address cannot be read."),
    ],
)
def test_what_is_no_address_gets_a_sentence(address: str, part: dict[str, str], sentence: str) -> None:
    response = answer(f"{address}&{urlencode(part)}")  # of two parts with one name the last one counts

    assert response.status_code == 400
    assert sentence in bytes(response.body).decode()

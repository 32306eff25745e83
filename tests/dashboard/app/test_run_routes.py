"""The routes of a run: what a browser fetches, what it does not fetch again, and what is refused."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image
from starlette.applications import Starlette
from starlette.types import ASGIApp

from dashboard.app import run_routes, server, services
from dashboard.train import live_data
from dashboard.train.curve_groups import GROUPS
from dashboard.train.live_data import Known
from gan_core.config import RunConfig
from gan_core.pictures.render import png
from gan_core.runs.history import History
from gan_core.runs.history.measurements import Measurement
from gan_core.runs.record import record_from
from gan_core.runs.store import RunStore
from tests.asgi_client import Answer, get
from tests.histories import BATCH, rows
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

STEPS = 5_000  # more than one answer holds
PNG = b"\x89PNG not really"


@pytest.fixture
def store(root: Path) -> Iterator[RunStore]:
    """One run, `long`, that has ended after more steps than are drawn."""
    store = RunStore(root)
    store.create(RunConfig(), "long", "studio")
    with store.history("long") as history:
        history.append(history.begin_attempt(0, 0, STEPS * BATCH), rows(1, STEPS))
        history.set_progress(status="stopped")
    yield store
    assert services.worker().shutdown(60.0)


class Client:
    """Asks the routes of an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        return get(self._app, address, headers)


@pytest.fixture
def client(store: RunStore) -> Client:
    return Client(Starlette(routes=run_routes.routes("", [])))


def test_a_status_says_how_far_a_run_is_and_which_samples_it_has(store: RunStore, client: Client) -> None:
    store.samples("long").add(640, 0, 1, 10, PNG)

    status = client.get("/runs/long/status").json()

    assert status["step"] == STEPS
    assert status["samples"] == {"attempt": 1, "number": 1, "newest": 640}
    assert status["progress"]["text"] == f"{STEPS * BATCH:,} of {STEPS * BATCH:,} images, 100%"
    assert [figure["label"] for figure in status["progress"]["figures"]] == [
        "Images shown", "Epoch", "Images per second", "Time trained", "Time left"
    ]  # fmt: skip


def test_a_status_opens_the_database_once_and_reads_the_config_once(
    store: RunStore, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, parsed = [], []
    open_history = History.__init__

    def counting_open(self: History, *arguments: Any, **options: Any) -> None:
        opened.append(self)
        open_history(self, *arguments, **options)

    def counting_read(data: bytes, run: str) -> Any:
        parsed.append(run)
        return record_from(data, run)

    monkeypatch.setattr(History, "__init__", counting_open)
    monkeypatch.setattr("gan_core.runs.run_files.record_from", counting_read)
    for path, least in (("status", 1), ("curve", 0), ("samples", 0)):
        opened.clear()
        parsed.clear()
        assert client.get(f"/runs/long/{path}").status_code == 200
        assert (len(opened), len(parsed)) == (1, least)


@pytest.mark.parametrize("path", ["status", "curve", "curve?group=accuracy", "samples", "samples/640.png"])
def test_what_a_browser_has_is_not_sent_again(store: RunStore, client: Client, path: str) -> None:
    store.samples("long").add(640, 0, 1, 10, PNG)
    first = client.get(f"/runs/long/{path}")
    assert first.status_code == 200

    again = client.get(f"/runs/long/{path}", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_sample_of_a_version_may_be_kept_for_good_and_is_the_very_file(store: RunStore, client: Client) -> None:
    store.samples("long").add(640, 0, 1, 10, PNG)

    answer = client.get("/runs/long/samples/640.png?version=1")

    assert answer.content == PNG
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in client.get("/runs/long/samples/640.png").headers["cache-control"]


def test_only_the_samples_after_one_are_listed(store: RunStore, client: Client) -> None:
    for epoch in range(3):
        store.samples("long").add(640 * epoch, epoch, 1, 10 * epoch, PNG)

    assert client.get("/runs/long/samples").json()["images"] == [0, 640, 1280]
    newer = client.get("/runs/long/samples?after=640").json()
    assert (newer["images"], newer["epochs"], newer["mark"]["number"]) == ([1280], [2], 3)


def test_a_whole_curve_is_a_thousand_rows_at_most(store: RunStore, client: Client) -> None:
    whole = client.get("/runs/long/curve?group=losses").json()

    assert len(whole["step"]) <= live_data.POINTS
    assert (whole["bucket"], whole["keep_below"], whole["step"][-1]) == (8, 0, STEPS)
    assert [set(line) for line in whole["lines"]] == [{"mean", "low", "high"}] * 2


def test_a_part_of_a_curve_has_every_step(client: Client) -> None:
    part = client.get(f"/runs/long/curve?group=losses&start={2000 * BATCH}&stop={2500 * BATCH}").json()

    assert part["step"] == list(range(2000, 2501))
    assert part["bucket"] == 1


def joined(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """As a browser joins two answers (components/curves/rows.js)."""
    kept = [place for place, step in enumerate(before["step"]) if step < after["keep_below"]]
    together = dict(after)
    for clock in ("step", "images_seen", "seconds"):
        together[clock] = [before[clock][place] for place in kept] + after[clock]
    together["lines"] = [
        {end: [old[end][place] for place in kept] + new[end] for end in new}
        for old, new in zip(before["lines"], after["lines"], strict=True)
    ]
    return together


@settings(max_examples=12)
@given(some.lists(some.integers(1, 700), min_size=2, max_size=6), some.sampled_from(["losses", "speed", "accuracy"]))
def test_a_curve_that_was_fetched_in_pieces_is_the_whole_curve(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[int], group: str
) -> None:
    store = RunStore(tmp_path_factory.mktemp("runs"))
    store.create(RunConfig(), "mine", "studio")
    browser: dict[str, Any] | None = None
    with store.history("mine") as history:
        attempt, last = history.begin_attempt(0, 0, STEPS * BATCH), 0
        for piece in pieces:
            history.append(attempt, rows(last + 1, last + piece))
            last += piece
            if browser is None:
                browser = live_data.curve(store, "mine", group, (None, None))
                continue
            known = Known(browser["attempt"], browser["bucket"], browser["step"][-1])
            browser = joined(browser, live_data.curve(store, "mine", group, (None, None), known))

    whole = live_data.curve(store, "mine", group, (None, None))
    assert browser is not None
    assert {**browser, "keep_below": 0} == whole


def test_after_another_attempt_all_rows_are_sent(store: RunStore, client: Client) -> None:
    query = f"group=losses&attempt=1&bucket=8&after={STEPS}"
    assert len(client.get(f"/runs/long/curve?{query}").json()["step"]) <= 1

    with store.history("long") as history:
        history.begin_attempt(4_000, 4_000 * BATCH, STEPS * BATCH)

    again = client.get(f"/runs/long/curve?{query}").json()
    assert (again["attempt"], again["keep_below"], again["step"][0], again["step"][-1]) == (2, 0, 7, 4_000)


def test_measurements_are_a_curve_with_their_intervals_and_a_file(store: RunStore, client: Client) -> None:
    with store.history("long") as history:
        history.measurements.add(640, [Measurement("sure_digits", 0.5, 0.4, 0.6, 100)])
        history.measurements.add(1280, [Measurement("rarest_digit", 0.1, None, None, 100)])

    curve = client.get("/runs/long/curve?group=quality").json()
    values = dict(zip([line.column for line in GROUPS["quality"].lines], curve["lines"], strict=True))

    assert (curve["images_seen"], curve["seconds"]) == ([640, 1280], [1.0, 2.0])
    assert values["sure_digits"] == {"mean": [50.0, None], "low": [40.0, None], "high": [60.0, None]}
    assert values["rarest_digit"] == {"mean": [None, 10.0], "low": [None, None], "high": [None, None]}
    assert client.get("/runs/long/status").json()["measurements"] == 2
    assert "sure_digits,0.5,0.4,0.6,100" in client.get("/runs/long/curves.csv?group=quality").text


def test_numbers_that_json_lacks_are_null(store: RunStore, client: Client) -> None:
    with store.history("long") as history:
        row = {"step": STEPS + 1, "images_seen": (STEPS + 1) * BATCH, "seconds": 501.0, "loss_d": float("inf")}
        history.append(1, [row])

    whole = client.get("/runs/long/curve?group=losses").json()

    assert [line["mean"][-1] for line in whole["lines"]] == [None, pytest.approx(-STEPS)]
    assert whole["lines"][0]["high"][-1] is None


def test_curves_are_files_too(client: Client) -> None:
    answer = client.get("/runs/long/curves.csv?group=losses")

    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-disposition"] == 'attachment; filename="long-losses-curves.csv"'
    assert [int(line["step"]) for line in lines] == list(range(1, STEPS + 1))
    assert "accuracy_real" not in lines[0]
    everything = client.get("/runs/long/curves.csv")
    assert everything.headers["content-disposition"] == 'attachment; filename="long-curves.csv"'
    assert "accuracy_real_min" in everything.text.partition("\n")[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("none/status", 404),
        ("none/curve", 404),
        ("none/samples", 404),
        ("none/samples/0.png", 404),
        ("none/real.png", 404),
        ("none/live.png", 404),
        (".hidden/live.png", 400),
        ("none/curves.csv", 404),
        (".hidden/status", 400),
        ("a b/status", 400),
        ("%2E%2E%2Fsecret/status", 404),  # a slash is in no name: there is no such route
        ("..%5Csecret/status", 400),
        ("long/curve?group=none", 400),
        ("long/curve?group=" + "x" * 5000, 400),
        ("long/curve?start=-1", 400),
        ("long/curve?stop=1e400", 400),
        ("long/curve?after=1.5", 400),
        ("long/curve?bucket=x", 400),
        ("long/curve?attempt=" + "9" * 400, 400),
        ("long/curve?start=\u0665", 400),
        ("long/curves.csv?group=none", 400),
        ("long/samples?after=", 400),
        ("long/samples/1.png", 404),
        ("long/samples/x.png", 400),
        ("long/samples/-1.png", 400),
        ("long/samples/..%2F..%2Fconfig.png", 404),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_sentence(client: Client, path: str, status: int) -> None:
    answer = client.get(f"/runs/{path}")

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "\n" not in answer.text.strip()


def test_a_damaged_run_is_refused_in_a_sentence(store: RunStore, client: Client, root: Path) -> None:
    (root / "long" / "config.json").write_text("{oops")
    assert "The config.json of run long is damaged" in client.get("/runs/long/status").text

    (root / "long" / "history.sqlite").write_bytes(b"no database at all, but longer than its header" * 9)
    for path in ("curve", "samples", "curves.csv"):
        answer = client.get(f"/runs/long/{path}")
        assert (answer.status_code, "cannot be used" in answer.text) == (400, True)


def test_a_run_whose_trainer_died_has_no_speed(store: RunStore, client: Client) -> None:
    with store.history("long") as history:
        history.set_progress(status="running", images_per_second=640.0, pace=600.0)

    figures = client.get("/runs/long/status").json()["progress"]["figures"]

    assert {figure["label"]: figure["value"] for figure in figures}["Images per second"] == ""


def test_real_images_are_read_in_the_background_and_then_sent(store: RunStore, client: Client) -> None:
    store.create(tiny(), "tiny")
    answers = []

    def came() -> bool:
        answers.append(client.get("/runs/tiny/real.png"))
        return answers[-1].status_code != 202

    eventually(came, "the real images are there")

    assert answers[-1].status_code == 200
    assert answers[-1].content.startswith(b"\x89PNG")


def test_why_there_are_no_real_images_is_said_and_the_next_request_tries_again(
    store: RunStore, client: Client, tmp_path: Path
) -> None:
    store.create(tiny(data__name="folder", data__folder=str(tmp_path / "pictures")), "other")

    eventually(lambda: "does not exist" in client.get("/runs/other/real.png").text, "the problem is said")

    assert client.get("/runs/other/real.png").status_code in (202, 409)


def test_every_kept_sample_of_a_trained_run_is_listed_and_sent(store: RunStore, client: Client) -> None:
    store.create(tiny(), "tiny")
    assert train(store, "tiny") == "finished"

    listed = client.get("/runs/tiny/samples").json()

    assert listed["images"] == [images for images, _, _ in store.samples("tiny").all()]
    for images, _, path in store.samples("tiny").all():
        assert client.get(f"/runs/tiny/samples/{images}.png").content == path.read_bytes()


def test_every_run_is_a_row_of_the_table_and_an_unchanged_table_is_not_sent_again(
    store: RunStore, client: Client
) -> None:
    train(store, store.create(tiny(), "short", "mlp"))

    table = client.get("/runs.json")

    assert [row["name"] for row in table.json()["rows"]] == ["short", "long"]
    assert [row["sample"] for row in table.json()["rows"]] == [640, None]
    again = client.get("/runs.json", headers={"If-None-Match": table.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_thumbnail_is_a_quarter_of_the_newest_sample_grid(store: RunStore, client: Client) -> None:
    train(store, store.create(tiny(), "short", "mlp"))
    grid = Image.open(io.BytesIO(client.get("/runs/short/samples/640.png").content))

    answer = client.get("/runs/short/thumbnail.png?version=1")

    thumbnail = Image.open(io.BytesIO(answer.content))
    factor = thumbnail.width // (grid.width // 2)
    assert thumbnail.size == (factor * (grid.width // 2), factor * (grid.height // 2))
    assert (np.asarray(thumbnail)[::factor, ::factor] == np.asarray(grid)[: grid.height // 2, : grid.width // 2]).all()
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/runs/long/thumbnail.png").status_code == 404  # no sample grid


def test_other_hosts_are_refused_on_every_route(store: RunStore) -> None:
    client = Client(Starlette(routes=server.routes()))
    of_a_run = ("status", "curve", "curves.csv", "samples", "samples/0.png", "live.png", "real.png", "thumbnail.png")
    for path in ("runs.json", *(f"runs/long/{part}" for part in of_a_run)):
        assert client.get(f"/{path}", headers={"Host": "evil.example"}).status_code == 400
    assert json.loads(client.get("/runs/long/status").text)["step"] == STEPS


def live_png(images_seen: int) -> bytes:
    return png(np.zeros((8, 8), dtype=np.uint8), images_seen=str(images_seen))


def test_the_live_picture_of_a_run_that_trains_is_sent_and_counted(store: RunStore, client: Client) -> None:
    assert client.get("/runs/long/status").json()["live"] is None
    assert client.get("/runs/long/live.png").status_code == 404
    with store.claim("long", "a test"), store.history("long") as history:
        history.set_progress(status="running")
        store.live("long").replace(live_png(640))

        first = client.get("/runs/long/status").json()["live"]
        answer = client.get(f"/runs/long/live.png?version={first['version']}")
        assert (first["images"], answer.content) == (640, live_png(640))
        again = client.get("/runs/long/live.png", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304

        store.live("long").replace(live_png(1_280))
        os.utime(store.folder("long") / "live.png", ns=(0, (first["version"] + 1_000) * 1_000_000))
        second = client.get("/runs/long/status").json()["live"]
        assert second == {"images": 1_280, "version": first["version"] + 1_000}


def test_the_file_that_a_dead_trainer_left_is_no_live_picture(store: RunStore, client: Client) -> None:
    with store.history("long") as history:
        history.set_progress(status="running")
    store.live("long").replace(live_png(640))

    assert client.get("/runs/long/status").json()["live"] is None

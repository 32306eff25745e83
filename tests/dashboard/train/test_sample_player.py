"""The server's half of the film: what travels to the component, what it may ask for, what a page without one says."""

import io
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train import real_samples, sample_player, save_samples
from dashboard.train.sample_player import Ask, ask_of, bundle, packed
from dashboard.train.save_samples import Rest
from gan_core.runs.store import RunStore
from tests.runs_made_here import eventually, tiny, train

APP = str(Path(__file__).resolve().parents[3] / "app.py")
SECONDS = 60.0
RUN = "mine"


@pytest.fixture
def store(root: Path) -> Iterator[RunStore]:
    """The runs that the page shows: one that is in line."""
    made = RunStore(root)
    made.create(tiny(), RUN)
    yield made
    assert services.worker().shutdown(SECONDS)


def opened() -> AppTest:
    visitor = AppTest.from_file(APP, default_timeout=SECONDS)
    visitor.query_params["run"] = RUN
    return visitor.run()


def unpacked(message: bytes) -> list[bytes]:
    """As sample_player/frames.js reads it."""
    (count,) = struct.unpack_from("<I", message)
    lengths = struct.unpack_from(f"<{count}I", message, 4)
    parts, start = [], 4 * (1 + count)
    for length in lengths:
        parts.append(message[start : start + length])
        start += length
    assert start == len(message)
    return parts


def captions(page: AppTest) -> str:
    return "\n".join(str(caption.value) for caption in page.caption)


def test_parts_come_out_as_they_went_in() -> None:
    parts = [b'{"run": "mine"}', b"", b"\x89PNG", bytes(range(256))]

    assert unpacked(packed(parts)) == parts


def test_a_bundle_is_limited_holds_at_least_one_picture_and_names_what_is_missing(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mark in range(4):
        store.samples(RUN).add(mark, 0, 1, mark, bytes([mark]) * 10)
    monkeypatch.setattr(sample_player, "MOST_BYTES", 25)

    frames, missing = bundle(store, RUN, [3, 99, 1, 0, 2])

    assert frames == {3: b"\x03" * 10, 1: b"\x01" * 10}
    assert missing == [99]
    monkeypatch.setattr(sample_player, "MOST_BYTES", 1)
    assert bundle(store, RUN, [2, 1]) == ({2: b"\x02" * 10}, [])


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"run": RUN, "number": 3, "marks": [0, 160], "real": True}, Ask(RUN, 3, (0, 160), True)),
        ({"run": RUN, "number": 1, "marks": [-1, "../../x", 10**12, None, 7]}, Ask(RUN, 1, (7,), False)),
        ({"run": RUN, "number": 1, "marks": list(range(1_000))}, Ask(RUN, 1, tuple(range(64)), False)),
        ({"run": "yours", "number": 1, "marks": []}, None),
        ({"run": RUN, "number": "1", "marks": []}, None),
        ({"run": RUN, "number": 1, "marks": 7}, None),
        ("anything", None),
        (None, None),
    ],
)
def test_what_a_browser_asks_for_is_checked(said: Any, asked: Ask | None) -> None:
    assert ask_of(said, RUN) == asked


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("running", "The first picture, pure noise, comes in a moment."),
        ("queued", "The first picture comes when its turn comes."),
        ("failed", "It ended before its first picture."),
    ],
)
def test_without_a_picture_the_page_says_why(store: RunStore, state: str, sentence: str) -> None:
    with store.claim(RUN, "terminal"), store.history(RUN) as history:
        history.set_progress(status=state)

        page = opened()

    assert not page.exception
    assert sentence in captions(page)


def test_at_once_the_newest_picture_and_the_list_of_all_travel_and_later_what_is_asked_for(store: RunStore) -> None:
    train(store, RUN)
    every = store.samples(RUN).all()
    page = opened()
    assert not page.exception

    head, samples, newest = unpacked(sent(page))
    assert json.loads(head)["frames"] == [every[-1][0]]
    assert newest == every[-1][2].read_bytes()
    assert json.loads(samples) == {
        "images": [images for images, _, _ in every],
        "epochs": [epoch for _, epoch, _ in every],
    }

    page.session_state[sample_player.ASKED] = Ask(RUN, 7, (every[0][0], every[2][0], 123), False)
    head, _, *pictures = unpacked(sent(page.run()))
    assert json.loads(head)["answer"] == 7
    assert json.loads(head)["missing"] == [123]
    assert pictures == [every[0][2].read_bytes(), every[2][2].read_bytes()]

    page.session_state[sample_player.ASKED] = Ask("yours", 8, (every[0][0],), False)
    head, _, *pictures = unpacked(sent(page.run()))
    assert (json.loads(head)["answer"], json.loads(head)["frames"]) == (7, [every[-1][0]])


def sent(page: AppTest) -> bytes:
    """What the film's component was given."""
    [component] = [part for part in page.get("bidi_component") if "sample_player" in part.proto.component_name]
    message: bytes = component.proto.bytes
    return message


def test_the_real_images_are_read_once_in_the_background(store: RunStore) -> None:
    run = store.summary(RUN)

    eventually(lambda: real_samples.of(store, run).png != b"", "the real images are there")

    assert real_samples.of(store, run).png.startswith(b"\x89PNG")


def test_why_there_are_no_real_images_is_told_and_the_next_visitor_tries_again(store: RunStore, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    store.create(tiny(data__name="folder", data__folder=str(folder)), "other")
    run = store.summary("other")

    eventually(lambda: "does not exist" in real_samples.of(store, run).problem, "the problem is told")

    assert real_samples.of(store, run) == real_samples.Real()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"run": RUN, "mark": 160, "seed": 63}, Rest(160, 63)),
        ({"run": RUN, "mark": None, "seed": None}, Rest()),
        ({"run": RUN, "mark": -1, "seed": 64}, Rest()),
        ({"run": "yours", "mark": 160, "seed": 3}, Rest()),
        ("anything", Rest()),
    ],
)
def test_where_the_film_rests_is_checked(said: Any, kept: Rest) -> None:
    assert save_samples.rest_of(said, RUN) == kept


def choose_here(root: str, run: str) -> None:
    """What is inside the popover, as a page of its own."""
    from pathlib import Path

    from dashboard.train import save_samples
    from gan_core.runs.store import RunStore

    store = RunStore(Path(root))
    save_samples.choose(store, store.summary(run))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """The files that the popover offers, by their names: each is made when it is called."""
    files: dict[str, Callable[[], bytes]] = {}

    def give(thing: str, word: str, made: Callable[[], bytes], file_name: str, mime: str) -> None:
        files[file_name] = made

    monkeypatch.setattr(save_samples, "give", give)
    return files


def decoded(data: bytes) -> tuple[str | None, tuple[int, int], int]:
    """Format, size and number of frames."""
    with Image.open(io.BytesIO(data)) as image:
        return image.format, image.size, getattr(image, "n_frames", 1)


def test_grid_life_and_film_are_made_as_they_were_chosen(
    store: RunStore, given: dict[str, Callable[[], bytes]]
) -> None:
    train(store, RUN)
    marks = [images for images, _ in store.samples(RUN).clocks()]
    page = AppTest.from_function(choose_here, default_timeout=SECONDS, args=(str(store.root), RUN))
    page.session_state[save_samples.RESTED] = (RUN, Rest(marks[1], 5))

    page.run()
    page.number_input(key=f"{save_samples.KEY}.scale.grid.16").set_value(3).run()
    assert not page.exception
    assert decoded(given[f"{RUN}-{marks[1]}.png"]()) == ("PNG", (192, 192), 1)

    page.segmented_control(key=f"{save_samples.KEY}.what").set_value("life").run()
    assert decoded(given[f"{RUN}-seed-5.png"]()) == ("PNG", (112 * len(marks), 112), 1)

    page.segmented_control(key=f"{save_samples.KEY}.what").set_value("film").run()
    page.number_input(key=f"{save_samples.KEY}.scale.film.16").set_value(2).run()
    assert decoded(given[f"{RUN}.webp"]()) == ("WEBP", (128, 128), len(marks))

    page.segmented_control(key=f"{save_samples.KEY}.format").set_value("gif").run()
    [most] = [field for field in page.number_input if field.label == "Frames at most"]
    most.set_value(3).run()
    assert "3 frames of 128 x 128 pixels, 0.6 s." in captions(page)
    assert decoded(given[f"{RUN}.gif"]()) == ("GIF", (128, 128), 3)

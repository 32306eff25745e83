"""The sample grids on the Train page: what the page says without one, and what can be saved of them."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train import live_data, save_samples
from dashboard.train.save_samples import Shown
from gan_core.pictures.grid_layout import thinned
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train

APP = str(Path(__file__).resolve().parents[3] / "app.py")
SECONDS = 60.0
RUN = "mine"


@pytest.fixture
def store(root: Path) -> Iterator[RunStore]:
    """The runs that the page shows: one that waits."""
    made = RunStore(root)
    made.create(tiny(), RUN)
    yield made
    assert services.worker().shutdown(SECONDS)


def opened() -> AppTest:
    visitor = AppTest.from_file(APP, default_timeout=SECONDS)
    visitor.query_params["run"] = RUN
    return visitor.run()


def captions(page: AppTest) -> str:
    return "\n".join(str(caption.value) for caption in page.caption)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("running", "The first picture, pure noise, appears in a moment."),
        ("queued", "The first picture appears when this run starts."),
        ("failed", "It ended before its first picture."),
    ],
)
def test_without_a_picture_the_page_says_why(store: RunStore, state: str, sentence: str) -> None:
    with store.claim(RUN, "terminal"), store.history(RUN) as history:
        history.set_progress(status=state)

        page = opened()

    assert not page.exception
    assert shown(page)["no_picture"] == sentence


def shown(page: AppTest) -> Mapping[str, Any]:
    """What the page sends to the component with the film and the curves."""
    [view] = [part for part in page.get("bidi_component") if "run_view" in part.proto.component_name]
    assert not view.proto.bytes
    data: Mapping[str, Any] = json.loads(view.proto.json)
    return data


def test_the_page_sends_the_player_what_to_follow_how_a_grid_is_laid_out_and_the_pins(store: RunStore) -> None:
    train(store, RUN)
    store.snapshots(RUN).pin(320, True)

    data = shown(opened())

    assert (data["run"], data["created"], data["active"]) == (RUN, store.summary(RUN).created, False)
    assert (data["seeds"], data["columns"], data["side"]) == (64, 8, 8 * 8)
    assert data["pins"] == [320]


def test_the_server_chooses_the_samples_of_the_strips(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    train(store, RUN)
    every = [images for images, _ in store.samples(RUN).clocks()]
    monkeypatch.setattr(live_data, "MOMENTS", 3)

    listed = live_data.samples(store, RUN, after=every[1])

    assert listed["images"] == every[2:]
    assert listed["life"] == every
    assert listed["moments"] == thinned(every, 3)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"run": RUN, "images_seen": 160, "seed": 63}, Shown(160, 63)),
        ({"run": RUN, "images_seen": None, "seed": None}, Shown()),
        ({"run": RUN, "images_seen": -1, "seed": 64}, Shown()),
        ({"run": "yours", "images_seen": 160, "seed": 3}, Shown()),
        ("anything", Shown()),
    ],
)
def test_what_a_browser_says_of_the_shown_sample_is_checked(said: Any, kept: Shown) -> None:
    assert save_samples.shown_of(said, RUN) == kept


def choose_here(root: str, run: str, images_seen: int) -> None:
    """What is inside the popover, as a page of its own."""
    from pathlib import Path

    from dashboard.train import save_samples
    from gan_core.runs.store import RunStore

    store = RunStore(Path(root))
    save_samples.choose(store, store.summary(run), save_samples.Shown(images_seen, 5))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """The files that the popover offers, by their names: each is made when it is called."""
    files: dict[str, Callable[[], bytes]] = {}

    def show_download(key: str, word: str, make: Callable[[], bytes], file_name: str, mime: str) -> None:
        files[file_name] = make

    monkeypatch.setattr(save_samples, "show_download", show_download)
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
    page = AppTest.from_function(choose_here, default_timeout=SECONDS, args=(str(store.root), RUN, marks[1]))

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

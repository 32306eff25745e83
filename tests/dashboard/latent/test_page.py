"""The Latent page without a browser, on real runs: what it shows and refuses; its pixels are those of the engine."""

import base64
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.latent import generate, native_sliders, real_images, run_and_snapshot, url
from dashboard.latent.edit import INITIAL_EDIT
from dashboard.latent.tabs import export
from dashboard.ui import background
from gan_core import cli
from gan_core.cli.draw import draw_expression
from gan_core.data.dataset import Dataset
from gan_core.data.registry import Report
from gan_core.evaluation.nearest_real import FeatureIndex, pixel_index
from gan_core.latent.inversion import FOUND
from gan_core.numerics.rng import latents_for_seeds
from gan_core.runs.saved_directions import named
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

REPOSITORY = Path(__file__).resolve().parents[3]
SECONDS = 60.0
LAST = 640  # images that the runs of these tests have seen


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, one_processor: None) -> Path:
    """A folder with two finished runs: `mine`, and `classes`, which was trained with labels."""
    folder = tmp_path_factory.mktemp("trained")
    store = RunStore(folder)
    for name, labels in (("mine", False), ("classes", True)):
        store.create(tiny(data__labels=labels), name)
        assert train(store, name) == "finished"
    return folder


@pytest.fixture
def store(trained: Path, root: Path) -> Iterator[RunStore]:
    """The runs that the page shows, a copy for each test."""
    shutil.copytree(trained, root, dirs_exist_ok=True)
    yield RunStore(root)
    assert services.worker().shutdown(SECONDS)


def opened(**query: str) -> AppTest:
    """The page as a new visitor sees it who follows a link."""
    visitor = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=SECONDS).run()
    for name, text in query.items():
        visitor.query_params[name] = text
    return visitor.switch_page("pages/latent.py").run()


def choose(page: AppTest, run: str) -> None:
    """Choose another run, as the header does."""
    page.query_params.clear()
    page.query_params["run"] = run
    page.run()


def component(page: AppTest, key: str) -> dict[str, Any]:
    """What the page gave to the component with this key."""
    [found] = [element.proto for element in page.get("bidi_component") if element.proto.id.endswith(f"-{key}")]
    data: dict[str, Any] = json.loads(found.json)
    return data


def pixels_of(block: dict[str, Any]) -> np.ndarray[Any, Any]:
    """(B, S, S) of grey pictures as components take them."""
    raw = np.frombuffer(base64.b64decode(block["pixels"]), np.uint8)
    return raw.reshape(-1, block["height"], block["width"])


def shown(page: AppTest) -> np.ndarray[Any, Any]:
    """(S, S): the picture on the page."""
    picture: np.ndarray[Any, Any] = pixels_of(component(page, "latent.editor")["picture"])[0]
    return picture


def in_terminal(store: RunStore, folder: Path, expression: str, at: int | None = None) -> np.ndarray[Any, Any]:
    """(S, S): the picture that the command line makes."""
    out = folder / "out.png"
    draw_expression(store, "mine", expression, at, None, False, out)
    return np.asarray(Image.open(out))


def said(page: AppTest) -> str:
    """All text on the page, as it reads without its Markdown."""
    parts = [page.markdown, page.caption, page.error, page.warning, page.info, page.success, page.subheader, page.code]
    return "\n".join(str(element.value) for kind in parts for element in kind).replace("\\", "")


def savable(page: AppTest) -> set[str]:
    """The keys of what can be saved as a PNG: each has a scale of its own."""
    return {str(box.key).removesuffix(".scale") for box in page.number_input if str(box.key).endswith(".scale")}


def turn_to(page: AppTest, tab: str) -> AppTest:
    page.session_state["latent.tab"] = tab
    return page.run()


def png_of(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def test_without_a_run_the_page_says_what_to_do_first(root: Path) -> None:
    page = opened()

    assert not page.exception
    assert "No runs yet" in said(page)
    assert services.worker().shutdown(SECONDS)


def test_a_run_is_shown_at_its_newest_snapshot_with_three_seeds_on_the_shelf(store: RunStore) -> None:
    page = opened(run="mine")

    assert not page.exception
    assert page.selectbox(key="latent.at_choice").options[0] == f"Newest ({LAST} images)"
    assert [item["source"] for item in component(page, "latent.editor")["shelf"]] == ["seed:12", "seed:7", "seed:3"]


@pytest.mark.parametrize("at", [None, 0, 320])
def test_the_picture_is_the_one_of_the_terminal_byte_for_byte(store: RunStore, tmp_path: Path, at: int | None) -> None:
    expression = "seed:12 - seed:7 + 0.5*seed:3"
    page = opened(run="mine", x=expression, **({} if at is None else {"at": str(at)}))

    assert (shown(page) == in_terminal(store, tmp_path, expression, at)).all()


def test_truncation_gives_the_pixels_of_the_terminal_byte_for_byte(store: RunStore, tmp_path: Path) -> None:
    page = opened(run="mine", x="seed:12 - seed:7", psi="0.7", tau="0.5")

    out = tmp_path / "out.png"
    options = ["--psi", "0.7", "--tau", "0.5", "--out", str(out), "--root", str(store.root)]
    assert cli.main(["latent", "mine", "seed:12 - seed:7", *options]) == 0
    assert (shown(page) == np.asarray(Image.open(out))).all()
    assert (shown(page) != shown(opened(run="mine", x="seed:12 - seed:7", psi="0.7"))).any()
    assert "--psi 0.7 --tau 0.5 --out picture.png" in said(turn_to(page, "Download and code"))


def test_letters_weights_and_seeds_give_the_same_picture(store: RunStore, tmp_path: Path) -> None:
    page = opened(run="mine")
    page.text_input(key="latent.expression").set_value("A - B + 0.5*C").run()

    assert (shown(page) == in_terminal(store, tmp_path, "seed:12 - seed:7 + 0.5*seed:3")).all()
    assert component(page, "latent.editor")["values"]["weight:B"] == -1.0


def test_the_arithmetic_row_shows_both_their_difference_and_their_sum(store: RunStore, tmp_path: Path) -> None:
    row = component(opened(run="mine"), "latent.editor")["arithmetic_row"]

    expected = ["seed:12", "seed:7", "seed:12 - seed:7", "seed:12 + seed:7"]
    assert row["captions"] == ["A", "B", "A - B", "A + B"]
    for picture, expression in zip(pixels_of(row["block"]), expected, strict=True):
        assert (picture == in_terminal(store, tmp_path, expression)).all()


def test_the_link_gives_the_same_pixels_and_pins_the_snapshot(store: RunStore) -> None:
    page = opened(
        run="mine", x="A - 0.3*B", shelf="A=seed:5~Five;B=seed:6!", bend="ganspace:1=1.5;dim:2=-0.7", psi="0.8"
    )
    page.button(key="latent.share").click().run()

    link = next(str(code.value) for code in page.code if "run=mine" in str(code.value))
    assert f"at={LAST}" in link
    assert store.snapshots("mine").all()[LAST]
    copied = opened(**dict(page.query_params), at=str(LAST))
    assert (shown(copied) == shown(page)).all()


def test_an_amount_moves_the_latent_along_its_direction(store: RunStore) -> None:
    page = opened(run="mine", x="A", shelf="A=seed:5", bend="dim:2=1.5")

    z = latents_for_seeds([5], tiny().model.latent).double()
    z[0, 1] += 1.5
    snapshot = generate.snapshot_ref("mine", LAST)
    assert (shown(page) == generate.render_float64(z, snapshot, None)[0, 0].numpy()).all()


def test_the_typical_length_and_the_truncation_change_the_length_that_is_shown(store: RunStore) -> None:
    on_shell = opened(run="mine", x="2*seed:5", shell="1")
    truncated = opened(run="mine", x="2*seed:5", shell="1", psi="0.5")

    assert component(on_shell, "latent.editor")["norm_text"] == "length 2.00, typical 2.00"
    assert component(truncated, "latent.editor")["norm_text"] == "length 1.00, typical 2.00"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A * B", "at character 3 multiplies two seeds"),
        ("A + Q", "'Q' at character 5 is not on the shelf; it holds A, B, C"),
        ("1e999*A", "is too large a number"),
        ("nan*A", "is not on the shelf"),
        ("", "is incomplete"),
        ("A" * 100_000, "has 100,000 characters; at most 2,000 are allowed"),
    ],
)
def test_an_error_names_its_place_and_the_picture_stays(store: RunStore, text: str, sentence: str) -> None:
    page = opened(run="mine")
    before = shown(page)

    page.text_input(key="latent.expression").set_value(text).run()

    assert not page.exception
    assert sentence in said(page)
    assert (shown(page) == before).all()
    page.text_input(key="latent.expression").set_value("B").run()
    assert not page.error


def test_an_error_is_marked_below_the_text(store: RunStore) -> None:
    page = opened(run="mine")
    page.text_input(key="latent.expression").set_value("A - seed:3 & B").run()

    assert page.code[0].value == "A - seed:3 & B\n           ^"


def test_the_recipe_writes_an_expression_of_means(store: RunStore) -> None:
    page = opened(run="mine")
    page.text_input(key="latent.recipe_0").set_value("A, B, seed:4").run()
    page.button(key="latent.recipe_use").click().run()

    assert page.query_params["x"] == "mean(A, B, seed:4) - mean(B, seed:31) + mean(C, seed:18)"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"run": "gone"}, "There is no run gone here"),
        ({"run": "../../etc"}, "There is no run ../../etc here"),
        ({"run": "mine", "at": "7"}, "has no snapshot at 7 images. The newest one is shown"),
        ({"run": "mine", "x": "A - Q"}, "The expression in the address cannot be read"),
        ({"run": "mine", "x": "kept:0123456789ab"}, "keeps no latent 'kept:0123456789ab'"),
        ({"run": "mine", "x": "A + class:3"}, "This run has no class 3: it was trained without labels"),
        ({"run": "classes", "x": "class:99"}, "This run has no class 99: its classes are 0..9"),
        ({"run": "mine", "shelf": "A=kept:0123456789ab"}, "keeps no latent 'kept:0123456789ab'"),
        ({"run": "mine", "bend": "dim:5=1"}, "This run has no direction 'dim:5'"),
        ({"run": "mine", "bend": "mine:gone=1"}, "There is no saved direction 'gone'"),
        ({"run": "mine", "bend": "x:y:z=1"}, "This run has no direction 'x:y:z'"),
        ({"run": "mine", "psi": "nan"}, "A slider takes a number between 0 and 1"),
    ],
)
def test_a_link_that_does_not_fit_the_run_gets_a_sentence_and_the_page_stays_usable(
    store: RunStore, query: dict[str, str], sentence: str
) -> None:
    page = opened(**query)

    assert not page.exception
    assert sentence in said(page)
    choose(page, "mine")
    assert not page.error
    assert shown(page).shape == (8, 8)


def test_a_latent_of_another_size_is_refused_and_both_sizes_are_named(store: RunStore) -> None:
    source = store.latents("mine").keep(torch.ones(1, 9))

    page = opened(run="mine", x=source)

    assert "has 9 numbers, and the latents of this run have 4" in said(page)


def test_a_damaged_run_is_shown_with_its_reason(store: RunStore, root: Path) -> None:
    (root / "mine" / "config.json").write_text("{oops")

    page = opened(run="mine")

    assert not page.exception
    assert "The config.json of run mine is damaged" in said(page)


@pytest.mark.parametrize(
    ("status", "sentence"), [("failed", "ended before its first snapshot"), ("queued", "has no snapshot yet")]
)
def test_a_run_without_a_snapshot_says_whether_one_will_come(store: RunStore, status: str, sentence: str) -> None:
    store.create(tiny(), "bare")
    with store.history("bare") as history:
        history.set_progress(status=status)

    page = opened(run="bare")

    assert not page.exception
    assert f"The run bare {sentence}" in said(page)


def test_undo_and_redo_lead_through_the_edits(store: RunStore) -> None:
    page = opened(run="mine")
    page.text_input(key="latent.expression").set_value("A + B").run()

    page.button(key="latent.undo").click().run()
    assert page.text_input(key="latent.expression").value == "A"
    page.button(key="latent.redo").click().run()
    assert page.text_input(key="latent.expression").value == "A + B"


def test_native_sliders_change_the_same_edit(store: RunStore) -> None:
    page = opened(run="mine")
    page.toggle(key="latent.native_sliders").set_value(True).run()

    page.slider(key="latent.native.weight:B").set_value(-1.0).run()
    page.slider(key="latent.native.ganspace:2").set_value(1.5).run()
    page.slider(key="latent.native.psi").set_value(0.5).run()

    assert page.text_input(key="latent.expression").value == "A - B"
    assert len(page.image) == 5  # the picture and the row of the first two
    assert (page.query_params["bend"], page.query_params["psi"]) == ("ganspace:2=1.5", "0.5")
    page.toggle(key="latent.native_sliders").set_value(False).run()
    assert component(page, "latent.editor")["values"]["ganspace:2"] == 1.5


def test_a_native_picture_is_the_picture_enlarged(store: RunStore) -> None:
    snapshot = generate.snapshot_ref("mine", LAST)
    still = generate.render_float64(latents_for_seeds([5], tiny().model.latent), snapshot, None)

    with Image.open(io.BytesIO(native_sliders.enlarged_png(still))) as large:
        assert large.size == (480, 480)
        assert (np.asarray(large)[::60, ::60] == still[0, 0].numpy()).all()


def test_native_buttons_name_pin_and_drop(store: RunStore) -> None:
    page = opened(run="mine")
    page.toggle(key="latent.native_sliders").set_value(True).run()

    page.text_input(key="latent.native_name.A").set_value("One").run()
    page.button(key="latent.native.pin.A").click().run()
    page.button(key="latent.native.drop.C").click().run()

    assert page.query_params["shelf"] == "A=seed:12~One!;B=seed:7"


def test_a_saved_direction_is_offered_for_every_run_of_its_size(store: RunStore) -> None:
    page = opened(run="mine", bend="dim:1=2;dim:2=2")
    page.text_input(key="latent.direction_name").set_value("Both").run()
    page.button(key="latent.save_sliders").click().run()

    assert "Saved Both." in said(page)
    choose(page, "classes")
    saved = next(group for group in component(page, "latent.editor")["groups"] if group["title"] == "Saved")
    assert saved["names"] == ["Both"]


def test_the_deletion_of_a_direction_can_be_undone(store: RunStore) -> None:
    store.directions.add(named("Both", tiny().model.latent, [1, 1, 0, 0]))
    page = opened(run="mine")

    page.button(key="latent.delete_direction_0").click().run()
    assert store.directions.all() == ()
    page.button(key="latent.directions.undo").click().run()
    assert [kept.name for kept in store.directions.all()] == ["Both"]


def test_the_renaming_of_a_direction_can_be_undone_and_the_picture_stays(store: RunStore) -> None:
    store.directions.add(named("Both", tiny().model.latent, [1, 1, 0, 0]))
    page = opened(run="mine", bend="mine:Both=2")
    before = shown(page)

    page.text_input(key="latent.direction_name_0").set_value(" Bolder ").run()
    assert [kept.name for kept in store.directions.all()] == ["Bolder"]
    assert "Both is now called Bolder." in said(page)
    assert component(page, "latent.editor")["values"]["mine:Bolder"] == 2.0
    assert (shown(page) == before).all()

    page.button(key="latent.directions.undo").click().run()
    assert [kept.name for kept in store.directions.all()] == ["Both"]
    assert (shown(page) == before).all()


def test_a_name_that_is_taken_is_refused_and_the_direction_keeps_its_name(store: RunStore) -> None:
    for name in ("Both", "Bolder"):
        store.directions.add(named(name, tiny().model.latent, [1, 1, 0, 0]))
    page = opened(run="mine")

    page.text_input(key="latent.direction_name_0").set_value("Bolder").run()

    assert "There is a direction 'Bolder' already; choose another name." in said(page)
    assert page.text_input(key="latent.direction_name_0").value == "Both"


def test_a_link_with_a_saved_direction_works_where_the_direction_is_missing(store: RunStore) -> None:
    store.directions.add(named("Both", tiny().model.latent, [1, 1, 0, 0]))
    page = opened(run="mine", bend="mine:Both=2")
    before = shown(page)
    page.button(key="latent.share").click().run()
    store.directions.delete("Both")

    [source] = store.latents("mine").names()
    assert (shown(opened(run="mine", x=source, at=str(LAST))) == before).all()


def test_the_timeline_shows_every_snapshot(store: RunStore, tmp_path: Path) -> None:
    page = turn_to(opened(run="mine", x="A - B"), "Through training")

    strip = component(page, "latent.timeline.strip")
    kept = list(store.snapshots("mine").all())
    assert [cell["value"] for cell in strip["cells"]] == kept
    for picture, images in zip(pixels_of(strip["block"]), kept, strict=True):
        assert (picture == in_terminal(store, tmp_path, "seed:12 - seed:7", images)).all()


@pytest.mark.parametrize("installed", [False, True])
def test_mp4_is_offered_with_ffmpeg_and_otherwise_the_page_says_what_is_missing(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    if installed:
        (tmp_path / "ffmpeg").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    page = turn_to(opened(run="mine"), "Through training")

    offered = page.segmented_control(key="latent.timeline.animation.format").options
    assert offered == ["WEBP", "GIF", *(["MP4"] if installed else [])]
    assert ("MP4 needs the program ffmpeg" in said(page)) != installed


def test_strips_begin_and_end_with_the_chosen_latents(store: RunStore, tmp_path: Path) -> None:
    page = turn_to(opened(run="mine"), "Interpolation")

    for path in ("lerp", "slerp"):
        strip = pixels_of(component(page, f"latent.strip_{path}.frames")["block"])
        assert (strip[0] == in_terminal(store, tmp_path, "seed:12")).all()
        assert (strip[-1] == in_terminal(store, tmp_path, "seed:7")).all()


def test_the_discriminator_scores_the_picture_and_the_nearest_real_images_are_found(store: RunStore) -> None:
    page = turn_to(opened(run="mine"), "D's opinion")
    eventually(lambda: not background.tasks().running(), "the real images were brought")
    page.run()
    eventually(lambda: not background.tasks().running(), "their features were made")
    page.run()

    assert not page.exception
    assert "Chance of real" in said(page)
    distances = [float(cell["caption"]) for cell in component(page, "latent.neighbours")["cells"]]
    assert distances == sorted(distances)
    assert {"latent.saliency.png", "latent.neighbours.png"} <= savable(page)


def test_real_images_are_compared_by_pixels_until_their_features_are_there(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = Event()

    def slow(images: Dataset, report: Report) -> FeatureIndex:
        report(0.5, "Computing features.")
        wait.wait(SECONDS)
        return pixel_index(images)

    monkeypatch.setattr(real_images, "index_real_images", slow)
    store.create(tiny(data__limit=144), "fewer")  # other real images than those of the other tests, whose features stay
    train(store, "fewer")
    page = turn_to(opened(run="fewer"), "D's opinion")
    eventually(
        lambda: not any(key.startswith("real images") for key in background.tasks().running()), "the real images came"
    )
    page.run()

    assert len(component(page, "latent.neighbours")["cells"]) == 8
    assert "Soon they are compared by their features" in said(page)
    wait.set()
    eventually(lambda: not background.tasks().running(), "their features were made")
    assert "Soon" not in said(page.run())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no picture at all", "This is not an image that can be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(21_000_000), "at most 20 MB are read"),
        (png_of(np.full((1, 20_000), 255, np.uint8)), "20,000"),
    ],
)
def test_an_unusable_upload_gets_a_sentence(store: RunStore, data: bytes, sentence: str) -> None:
    page = turn_to(opened(run="mine"), "Find a picture")
    page.segmented_control(key="latent.target_source").set_value("Upload").run()

    page.file_uploader(key="latent.upload").upload("drawing.png", data).run()

    assert not page.exception
    assert sentence in said(page)
    assert shown(page).shape == (8, 8)


def test_the_latent_of_a_generated_picture_is_found_and_put_on_the_shelf(store: RunStore, tmp_path: Path) -> None:
    sought = in_terminal(store, tmp_path, "seed:77")
    page = turn_to(opened(run="mine"), "Find a picture")
    page.segmented_control(key="latent.target_source").set_value("Upload").run()
    page.file_uploader(key="latent.upload").upload("seed.png", png_of(sought)).run()

    page.button(key="latent.find").click().run()
    eventually(lambda: not background.tasks().running(), "the search ended")
    page.run()
    assert "Found: the error is" in said(page)
    assert "latent.found.png" in savable(page)
    page.button(key="latent.shelve").click().run()

    [source] = store.latents("mine").names()
    assert component(page, "latent.editor")["shelf"][3]["source"] == source
    assert page.query_params["x"] == "D"
    assert ((shown(page) / 255.0 - sought / 255.0) ** 2).mean() < FOUND


def test_a_search_can_be_cancelled(store: RunStore, tmp_path: Path) -> None:
    page = turn_to(opened(run="mine"), "Find a picture")
    page.segmented_control(key="latent.target_source").set_value("Upload").run()
    page.file_uploader(key="latent.upload").upload("seed.png", png_of(in_terminal(store, tmp_path, "seed:77"))).run()
    page.button(key="latent.find").click().run()

    for button in page.button:
        if button.key == "latent.cancel":
            button.click().run()

    eventually(lambda: not background.tasks().running(), "the search ended")
    assert not page.run().exception


def test_a_run_with_labels_has_a_class_for_everything_and_all_classes_side_by_side(store: RunStore) -> None:
    page = opened(run="classes", label="3", x="seed:5")
    third = shown(page)

    turn_to(page, "Classes")
    row = pixels_of(component(page, "latent.classes")["block"])
    assert len(row) == 10
    assert (row[3] == third).all()
    page.selectbox(key="latent.label").set_value(8).run()
    assert (shown(page) == row[8]).all()


def drawn_in_terminal(store: RunStore, folder: Path, expression: str, *options: str) -> np.ndarray[Any, Any]:
    """(S, S): the picture that the command line makes for the run with labels."""
    out = folder / "out.png"
    assert cli.main(["latent", "classes", expression, *options, "--out", str(out), "--root", str(store.root)]) == 0
    return np.asarray(Image.open(out))


@pytest.mark.parametrize("expression", ["seed:5", "seed:12 - seed:7 + 0.5*seed:3", "mean(seed:1, seed:2)"])
def test_page_link_and_terminal_show_seeds_in_their_own_classes(
    store: RunStore, tmp_path: Path, expression: str
) -> None:
    page = opened(run="classes", v="2", x=expression)
    copied = opened(**dict(page.query_params))

    assert (shown(page) == drawn_in_terminal(store, tmp_path, expression)).all()
    assert (shown(copied) == shown(page)).all()


@pytest.mark.parametrize(("label", "option"), [(None, ""), ("3", " --label 3")])
def test_the_command_of_a_run_with_labels_names_the_class_that_was_chosen(
    store: RunStore, label: str | None, option: str
) -> None:
    page = opened(run="classes", v="2", x="seed:5", **({} if label is None else {"label": label}))

    command = f"python -m gan_core latent classes seed:5 --at {LAST}{option} --out picture.png"
    assert command in said(turn_to(page, "Download and code"))


def test_an_old_link_keeps_its_meaning(store: RunStore, tmp_path: Path) -> None:
    page = opened(run="classes", x="seed:12 - seed:7", shelf="A=seed:12")

    zero = drawn_in_terminal(store, tmp_path, "seed:12 - seed:7", "--label", "0")
    assert (shown(page) == zero).all()
    assert (page.query_params["v"], page.query_params["label"]) == ("2", "0")
    assert (shown(opened(**dict(page.query_params))) == zero).all()
    assert (drawn_in_terminal(store, tmp_path, "seed:12 - seed:7") != zero).any()


def test_the_contact_sheet_shows_every_class_and_the_seeds_of_the_sample_grid(store: RunStore) -> None:
    seeds = pixels_of(component(opened(run="classes"), "latent.seeds")["block"])

    png = store.samples("classes").png(LAST)
    assert png is not None
    kept = np.asarray(Image.open(io.BytesIO(png)))
    grid = kept.reshape(8, 8, 8, 8).swapaxes(1, 2).reshape(64, 8, 8)
    assert (seeds == grid[: len(seeds)]).all()


def test_what_is_kept_of_mixed_classes_is_the_same_picture(store: RunStore) -> None:
    page = opened(run="classes", v="2", x="seed:12 - seed:7", bend="dim:1=1")
    snapshot = generate.snapshot_ref("classes", LAST)
    edit = url.edit_in(dict(page.query_params))

    saved = edit.with_saved(generate.save_latent(edit, snapshot))
    assert (shown(opened(run="classes", **url.query_of(saved))) == shown(page)).all()


def test_a_strip_between_two_classes_mixes_them(store: RunStore, tmp_path: Path) -> None:
    page = turn_to(opened(run="classes", v="2", shelf="A=seed:12;B=seed:7"), "Interpolation")
    page.number_input(key="latent.strip_frames").set_value(3).run()

    strip = pixels_of(component(page, "latent.strip_lerp.frames")["block"])
    for frame, expression in zip(strip, ("seed:12", "mean(seed:12, seed:7)", "seed:7"), strict=True):
        assert (frame == drawn_in_terminal(store, tmp_path, expression)).all()


def test_classes_in_the_expression_count_until_a_class_is_chosen(store: RunStore, tmp_path: Path) -> None:
    page = opened(run="classes", x="seed:5 + class:3 - 0.5*class:8")
    draw_expression(store, "classes", "seed:5 + class:3 - 0.5*class:8", None, None, False, tmp_path / "mixed.png")
    draw_expression(store, "classes", "seed:5", None, 8, False, tmp_path / "eight.png")

    assert (shown(page) == np.asarray(Image.open(tmp_path / "mixed.png"))).all()
    page.selectbox(key="latent.label").set_value(8).run()
    assert (shown(page) == np.asarray(Image.open(tmp_path / "eight.png"))).all()
    assert page.query_params["x"] == "seed:5"


def test_a_run_without_labels_says_that_it_has_no_classes(store: RunStore) -> None:
    assert "trained without labels" in said(turn_to(opened(run="mine"), "Classes"))


def test_the_command_for_the_picture_is_shown(store: RunStore) -> None:
    page = turn_to(opened(run="mine", x="A - 0.5*B"), "Download and code")

    command = f"python -m gan_core latent mine 'seed:12 - 0.5*seed:7' --at {LAST} --out picture.png"
    assert command in said(page)


def test_all_pictures_can_be_saved(store: RunStore) -> None:
    shown = export.pictures(INITIAL_EDIT, generate.snapshot_ref("mine", LAST))

    assert {word: len(pixels) for word, (pixels, _) in shown.items()} == {
        "Picture": 1,
        "Row of four": 4,
        "Shelf": 3,
        "Seeds": 40,
    }


@pytest.mark.parametrize("run", ["mine", "classes"])
@pytest.mark.parametrize("format_name", ["safetensors", "onnx"])
def test_the_code_that_is_shown_uses_the_file_in_at_most_ten_lines(
    store: RunStore, tmp_path: Path, run: str, format_name: Any
) -> None:
    snapshot = generate.snapshot_ref(run, LAST)
    (tmp_path / f"generator.{format_name}").write_bytes(export.generator_file(snapshot, format_name))
    assert store.snapshots(run).all()[LAST]  # pinned: what was downloaded is kept
    lines = export.code_for(format_name, generate.networks(snapshot))

    assert len(lines.splitlines()) <= 10
    script = f"{lines}assert tuple(images.shape) == (16, 1, 8, 8)\nassert abs(images).max() <= 1\n"
    command = [sys.executable, "-W", "error", "-c", f"import sys; sys.path.append({str(REPOSITORY)!r})\n{script}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_newer_snapshot_is_shown_while_the_run_is_active(
    store: RunStore, signature: Callable[[], object], page_of_an_active_run: AppTest
) -> None:
    drawn = signature()
    assert signature() == drawn

    tensors = store.snapshots("mine").load().tensors
    store.snapshots("mine").add(LAST + 160, tensors)

    assert signature() != drawn
    page_of_an_active_run.run()
    newest = page_of_an_active_run.selectbox(key="latent.at_choice").options[0]
    assert newest == f"Newest, live ({LAST + 160} images)"


def test_the_end_of_a_background_task_redraws_the_page(store: RunStore, signature: Callable[[], object]) -> None:
    drawn = signature()
    background.tasks().restart("a task", lambda task: None)

    eventually(lambda: not background.tasks().running(), "the task ended")
    eventually(lambda: signature() != drawn, "the signature changed")


@pytest.fixture
def page_of_an_active_run(store: RunStore) -> AppTest:
    """The page of a run that waits in the queue."""
    with store.history("mine") as history:
        history.set_progress(status="queued")
    return opened(run="mine")


@pytest.fixture
def signature(monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """What the pulse of the page compares, for a visitor who follows the newest snapshot."""
    monkeypatch.setattr(run_and_snapshot, "selected_at", lambda: run_and_snapshot.LATEST)
    return lambda: run_and_snapshot.signature("mine")

"""What stands around the curves of the Train page: before a run, during it, after it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train import estimates, live_data, preview, summary
from dashboard.train.draft import Draft
from dashboard.train.estimates import Seconds, Speed, Speeds
from dashboard.train.kept_draft import DRAFT
from dashboard.train.setting_field import name_of
from dashboard.ui.text import epochs_in_words, roughly, size
from gan_core.config import with_overrides
from gan_core.data.source import DataError
from gan_core.presets import DEFAULT, PRESETS
from gan_core.runs.notes import Notes
from gan_core.runs.store import RunStore
from gan_core.training import speed_estimate
from tests.dashboard.drawn import key_drawn
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

APP = str(Path(__file__).resolve().parents[3] / "app.py")
SECONDS = 60.0
DIGITS: dict[str, Any] = {"data__name": "mnist-5k", "data__image_size": 28, "train__images": 64}


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """The engine is imported, as it is a moment after the first page."""
    services.warm_up()
    eventually(services.warm, "the engine is imported")


@pytest.fixture
def store(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setattr(speed_estimate, "MEASURE_SECONDS", 0.0)
    yield RunStore(root)
    assert services.worker().shutdown(SECONDS)


def opened(run: str | None = None, **query: str) -> AppTest:
    visitor = AppTest.from_file(APP, default_timeout=SECONDS)
    for name, value in {**({"run": run} if run else {}), **query}.items():
        visitor.query_params[name] = value
    return visitor.run()


def said(page: AppTest) -> str:
    parts = [page.markdown, page.caption, page.error, page.text, page.subheader]
    texts = [str(element.value) for kind in parts for element in kind]
    components = [str(part.proto.json) for part in page.get("bidi_component")]
    return "\n".join([*texts, *components]).replace("\\", "")


def finished(store: RunStore, run: str = "mine", **changes: Any) -> str:
    store.create(tiny(**changes), run)
    assert train(store, run) == "finished"
    return run


# before


def test_without_a_run_the_networks_and_the_time_are_on_the_page(store: RunStore) -> None:
    page = opened()
    assert "Before you start" in said(page)
    assert "G: studio, 165,828 parameters" in said(page)
    assert "MB on the disk" in said(page)

    config = PRESETS[DEFAULT].config
    eventually(lambda: estimates.speeds().known(config) is not None, "its speed is measured")

    assert "Measured with real steps on throw-away copies" in said(page.run())
    seconds = estimates.seconds_for(config)
    assert seconds is not None
    assert f"{seconds.in_words} here" in said(page).lower()


def test_a_change_in_the_form_changes_what_is_foretold(store: RunStore) -> None:
    page = opened()

    page.text_input(key=name_of("model.latent.size")).set_value("33").run()

    assert f"{165_828 + 7 * 7 * 64:,} parameters" in said(page)


def test_what_is_typed_right_before_start_is_pressed_counts(store: RunStore) -> None:
    page = opened()

    page.text_input(key="train.name").set_value("Typed")  # in one message with the press, and called after it
    page.text_input(key=name_of("train.seed")).set_value("77")
    page.text_input(key=name_of("train.images")).set_value("640 images")
    page.button(key="train.start").click().run()

    [run] = store.runs()
    assert (run.name, run.images_target) == ("Typed", 640)
    assert store.config(run.name).train.seed == 77


def test_what_cannot_be_trained_has_no_networks(store: RunStore) -> None:
    page = opened()

    page.text_input(key=name_of("data.image_size")).set_value("30").run()

    assert "These settings cannot be trained" in said(page)


def test_beside_a_run_the_networks_are_shown_on_demand_and_the_run_stays(store: RunStore) -> None:
    page = opened(finished(store))
    assert "Before you start" not in said(page)

    page.button(key="train.see").click().run()
    assert "Before you start" in said(page)
    assert "All images were shown." in said(page)

    page.button(key="train.see").click().run()
    assert "Before you start" not in said(page)


def test_a_speed_that_was_measured_beside_a_run_says_so() -> None:
    config, speeds = tiny(), Speeds()

    speeds.measure(config, "other")
    eventually(lambda: speeds.known(config) is not None, "it is measured")

    assert "while other is training; alone it goes faster" in preview.remark(speeds.known(config))


def test_a_measurement_is_left_when_a_run_begins_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_estimate, "MEASURE_SECONDS", 3_600.0)
    config, speeds = tiny(), Speeds()

    speeds.measure(config, None)
    speeds.leave_where_disturbed("other")
    monkeypatch.setattr(speed_estimate, "MEASURE_SECONDS", 0.0)

    def begun_anew() -> bool:
        speeds.measure(config, "other")
        return speeds.known(config) is not None

    eventually(begun_anew, "it is measured beside the run")
    known = speeds.known(config)
    assert known is not None
    assert known.beside == "other"


def test_what_this_machine_cannot_measure_is_said_with_the_reason() -> None:
    config, speeds = tiny(train__device="mps"), Speeds()

    speeds.measure(config, None)
    eventually(lambda: speeds.known(config) is not None, "it is refused")

    assert "mps is not available on this machine" in preview.remark(speeds.known(config))
    assert preview.remark(None) != preview.remark(Speed(images_per_second=1.0))


def test_the_drawing_and_the_table_hold_the_same_parameters() -> None:
    sizes = estimates.sizes(Draft("studio").config().model_dump_json())

    drawn = preview.network("g", "Generator", sizes.generator, "32 numbers")

    assert drawn["parameters"] == "134,468 parameters"
    assert [block["shape_text"] for block in drawn["blocks"]] == [
        "32", "64 \u00d7 7 \u00d7 7", "32 \u00d7 14 \u00d7 14", "4 \u00d7 14 \u00d7 14", "1 \u00d7 28 \u00d7 28"
    ]  # fmt: skip
    assert sum(int(row[3].replace(",", "")) for row in drawn["rows"]) == 134_468


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0.2, 0.4, "under 1 s"),
        (300, 300, "about 5 min"),
        (240, 360, "4 to 6 min"),
        (260, 280, "4 to 5 min"),
        (290, 410, "4 to 7 min"),
        (50, 90, "50 s to 1 min 30 s"),
        (3_000, 9_000, "50 min to 2 h 30 min"),
    ],
)
def test_an_estimated_time_is_said_as_a_range(least: float, most: float, words: str) -> None:
    assert Seconds(least, most).in_words == words


def test_a_speed_that_was_measured_on_a_busy_machine_says_so() -> None:
    assert "other programs kept this machine busy" in preview.remark(Speed(images_per_second=1.0, busy=True))


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        (1_875.0, "1,875 epochs"),
        (10.0, "10 epochs"),
        (1.0, "1 epoch"),
        (0.4267, "0.427 epochs"),
        (31.25, "31.2 epochs"),
    ],
)
def test_epochs_are_said_in_plain_numbers(epochs: float, words: str) -> None:
    assert epochs_in_words(epochs) == words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "under 1 s"), (8, "8 s"), (154, "2 min 30 s"), (599, "10 min"), (3_569, "59 min"), (7_300, "2 h 2 min")],
)
def test_a_time_to_come_is_told_no_more_exactly_than_it_is_known(seconds: float, text: str) -> None:
    assert roughly(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(999, "999 bytes"), (1_500, "1.5 kB"), (36_581_294, "37 MB"), (9.96e9, "10 GB")]
)
def test_sizes_are_told_in_two_digits(count: float, text: str) -> None:
    assert size(count) == text


# during


def test_a_finished_run_is_made_longer(store: RunStore) -> None:
    page = opened(finished(store))

    page.number_input(key="train.extend.mine.640").set_value(960).run()
    page.button(key="train.go_on").click().run()

    eventually(lambda: store.progress("mine").images_seen == 960, "it goes on")


def test_a_living_run_is_asked_to_go_on_for_longer(store: RunStore) -> None:
    store.create(tiny(), "mine")
    with store.claim("mine", "terminal"), store.history("mine") as history:
        history.set_progress(status="running", images_target=640)
        page = opened("mine")
        page.button(key="train.go_on").click().run()

        assert [(request.kind, request.images) for request in history.requests.all(0)] == [("extend", 1_280)]


def test_a_snapshot_is_pinned_listed_and_let_go(store: RunStore) -> None:
    page = opened(finished(store))

    page.button(key="train.pin").click().run()
    assert store.snapshots("mine").all()[640]
    assert "Pinned from dashboard at 640 images." in said(page)
    [link] = [link for link in page.get("page_link") if "640 images" in link.proto.label]
    assert link.proto.query_string == "run=mine&at=640"

    page.button(key="train.unpin.640").click().run()
    assert not any(store.snapshots("mine").all().values())


def test_a_link_to_a_snapshot_is_followed_whatever_was_looked_at_before(store: RunStore) -> None:
    finished(store)
    page = opened("mine", at="160").switch_page("pages/latent.py").run()
    assert page.selectbox(key="latent.at_choice").value == 160

    page.query_params["at"] = "320"
    page.run()
    assert page.selectbox(key=key_drawn(page, "latent.at_choice")).value == 320

    page.selectbox(key=key_drawn(page, "latent.at_choice")).set_value(480).run()
    assert page.query_params["at"] in ("480", ["480"])


def test_a_title_and_a_note_are_kept_and_the_star_and_the_tags_stay(store: RunStore) -> None:
    finished(store)
    store.write_notes("mine", Notes(star=True, tags=("a", "b")))
    page = opened("mine")

    page.text_input(key="train.title.mine").set_value("  A *first* one ").run()
    page.text_area(key="train.note.mine").set_value("line <b>one</b>\nline two").run()

    expected = Notes(title="A *first* one", tags=("a", "b"), star=True, note="line <b>one</b>\nline two")
    assert store.notes("mine") == expected
    again = opened("mine")
    assert again.text_input(key="train.title.mine").value == "A *first* one"
    assert "A *first* one" in said(again)
    assert "line <b>one</b>" in said(again)


def test_a_note_that_another_page_wrote_is_in_the_field(store: RunStore) -> None:
    finished(store)
    page = opened("mine")

    store.write_notes("mine", replace(store.notes("mine"), title="Theirs"))

    assert page.run().text_input(key="train.title.mine").value == "Theirs"


def test_the_neighbours_of_a_run_are_a_press_away(store: RunStore) -> None:
    for run in ("first", "second", "third"):
        store.create(tiny(), run)

    older = opened("second").button(key="header-older").click().run()
    assert older.query_params["run"] in ("first", ["first"])
    assert opened("first").button(key="header-older").disabled  # a visitor of AppTest meets the header only once

    newer = opened("first").button(key="header-newer").click().run()
    assert newer.query_params["run"] in ("second", ["second"])
    assert opened("third").button(key="header-newer").disabled


def test_the_epochs_are_told_of_all(store: RunStore) -> None:
    run = finished(store)

    progress = live_data.status(store, run)["progress"]

    assert {"label": "Epoch", "value": "epoch 4 of 4"} in progress["figures"]
    [bar] = [part for part in opened(run).get("bidi_component") if "run_figures" in part.proto.component_name]
    assert json.loads(bar.proto.json)["progress"] == progress


# after


def test_a_finished_run_on_digits_is_judged_once_and_says_what_comes_next(store: RunStore) -> None:
    page = opened(finished(store, "mine", **DIGITS))
    assert "Summary" in said(page)

    def counted() -> bool:
        task = summary.newest_count(store.summary("mine"))
        return task is not None and not task.running

    eventually(counted, "the digits are counted")

    assert "A digit classifier clearly recognises" in said(page.run())
    assert any("Open in Latent" in link.proto.label for link in page.get("page_link"))


def test_the_status_that_a_browser_fetches_is_that_of_the_page(store: RunStore) -> None:
    store.create(tiny(), "mine")
    with store.history("mine") as history:
        history.set_progress(status="queued")

    page = opened("mine")

    told = live_data.status(store, "mine")
    [line] = [part for part in page.get("bidi_component") if "run_status" in part.proto.component_name]
    assert json.loads(line.proto.json)["standing"] == told["standing"]
    assert told["standing"]["word"] == "Waiting"
    assert told["verdict"] is None


def test_a_finished_run_hands_its_settings_to_the_form(store: RunStore) -> None:
    page = opened(finished(store, "mine"))

    page.button(key="train.duplicate").click().run()

    draft = page.session_state[DRAFT]
    assert draft.config() == store.config("mine")
    assert page.text_input(key=key_drawn(page, name_of("optim.batch_size", draft.preset))).value == str(
        tiny().optim.batch_size
    )


def test_a_run_whose_digits_cannot_be_downloaded_offers_those_that_need_no_network(store: RunStore) -> None:
    store.create(tiny(data__name="mnist", data__image_size=28, optim__lr_g=0.005), "mine")
    with store.history("mine") as history:
        history.set_progress(status="failed", reason="it cannot be downloaded", code=DataError.code)

    page = opened("mine")
    page.button(key="train.use_embedded").click().run()

    expected = with_overrides(store.config("mine"), {"data.name": "mnist-5k"})
    assert page.session_state[DRAFT].config() == expected


def test_pictures_that_the_judge_does_not_know_are_not_judged(store: RunStore) -> None:
    page = opened(finished(store))

    assert "640 images, 4 epochs, in" in said(page)
    assert "A digit classifier" not in said(page)


def test_a_run_that_goes_on_has_no_summary(store: RunStore) -> None:
    store.create(tiny(), "mine")

    assert "Summary" not in said(opened("mine"))

"""The Train page without a browser: what it shows, what its form holds, what it refuses."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train.draft import FAMILY, LENGTH, Draft
from dashboard.train.kept_draft import DRAFT
from dashboard.train.number_text import text_of
from dashboard.train.setting_field import name_of, value_in
from dashboard.ui import run_picker
from gan_core.config import RunConfig, applies, settings_of, with_overrides
from gan_core.presets import DEFAULT, PRESETS
from gan_core.runs.lock import this_process
from gan_core.runs.queue import Queue, QueueEntry
from gan_core.runs.store import Notes, RunStore
from tests.dashboard.drawn import key_drawn
from tests.tiny_runs import tiny

REPOSITORY = Path(__file__).resolve().parents[3]
APP = str(REPOSITORY / "app.py")
CLAIM = """import sys
from pathlib import Path
from gan_core.runs.store import RunStore
with RunStore(Path(sys.argv[1])).claim("mine", "terminal"):
    print("claimed", flush=True)
    sys.stdin.readline()
"""
SECONDS = 60.0
FORM_ONLY = {
    "pictures.added.name.0",
    "train.preset",
    "train.name",
    "header.run",
    "train.length_unit",
    "train.seeds",
}  # not settings


@pytest.fixture
def store(root: Path) -> Iterator[RunStore]:
    """The runs that the page shows; whatever trains is ended with the test."""
    yield RunStore(root)
    assert services.worker().shutdown(SECONDS)


@pytest.fixture
def page(store: RunStore) -> AppTest:
    """The page as a new visitor sees it."""
    return opened()


def opened(run: str | None = None) -> AppTest:
    visitor = AppTest.from_file(APP, default_timeout=SECONDS)
    if run is not None:
        visitor.query_params["run"] = run
    return visitor.run()


def widgets(page: AppTest, preset: str = DEFAULT) -> set[str]:
    """The dotted names of the settings that the form shows."""
    kinds = (page.selectbox, page.number_input, page.text_input, page.toggle)
    keys = {str(widget.key) for kind in kinds for widget in kind if widget.key not in FORM_ONLY}
    return {key.removeprefix(name_of("", preset)) for key in keys}


def applying(config: RunConfig) -> set[str]:
    settings = settings_of(config)
    values = {setting.path: setting.value for setting in settings}
    return {setting.path for setting in settings if applies(setting, values)}


def said(page: AppTest) -> str:
    """All text on the page, as it reads without its Markdown."""
    parts = [page.markdown, page.caption, page.error, page.warning, page.text, page.title, page.subheader]
    texts = [str(element.value) for kind in parts for element in kind]
    components = [str(part.proto.json) for part in page.get("bidi_component")]
    return "\n".join([*texts, *components]).replace("\\", "")


def labels(page: AppTest) -> str:
    """The texts of all links to pages, as they read without their Markdown."""
    return "\n".join(link.proto.label for link in page.get("page_link")).replace("\\", "")


def start_button(page: AppTest) -> bool:
    """Whether Start can be pressed."""
    return not page.button(key="train.start").disabled


def run_in(store: RunStore, name: str, state: str, reason: str = "", code: str = "") -> None:
    """A run that stands in this state and that nobody trains."""
    store.create(RunConfig(), name, "studio")
    with store.history(name) as history:
        history.begin_attempt(0, 0, RunConfig().train.images)
        history.set_progress(status=state, reason=reason, code=code)


def test_without_a_run_the_page_says_what_to_do_next(page: AppTest) -> None:
    assert not page.exception
    assert "No run yet" in said(page)
    assert start_button(page)


def test_the_form_holds_every_setting_that_applies_and_no_other(page: AppTest) -> None:
    for preset in ("mlp", list(PRESETS)[-1]):
        page.selectbox(key="train.preset").set_value(preset).run()
        assert widgets(page, preset) == applying(PRESETS[preset].config)


def test_the_draft_of_every_preset_has_every_setting_that_applies_and_no_other() -> None:
    for preset in PRESETS:
        assert {setting.path for setting in Draft(preset).settings()} == applying(PRESETS[preset].config)


def test_a_draft_is_validated_once_after_a_change_however_often_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    validated = []

    def counting(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
        validated.append(changes)
        return with_overrides(config, changes)

    monkeypatch.setattr("dashboard.train.draft.with_overrides", counting)
    draft = Draft()
    draft.change("optim.batch_size", 128)
    for _ in range(9):
        draft.config()
        draft.settings()
        draft.problems()

    assert validated == [{"optim.batch_size": 128}]


def test_a_draw_of_the_form_validates_its_draft_once_after_a_change(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    validated = []

    def counting(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
        validated.append(changes)
        return with_overrides(config, changes)

    monkeypatch.setattr("dashboard.train.draft.with_overrides", counting)
    page.text_input(key=name_of("optim.batch_size")).set_value("128").run()
    page.run()

    assert validated == [{"optim.batch_size": 128}]


def test_every_family_of_every_preset_gives_a_form() -> None:
    for preset in PRESETS:
        for path in ("model.generator.family", "model.discriminator.family"):
            [setting] = [setting for setting in Draft(preset).settings() if setting.path == path]
            for family in setting.options:
                draft = Draft(preset)
                draft.change(path, family)
                assert draft.config() == with_overrides(PRESETS[preset].config, {path: family})


def test_a_browser_that_hears_only_of_a_later_run_of_the_script_begins_with_the_same_values(page: AppTest) -> None:
    page.run()  # of what the first one said, only what is said again counts

    texts = {str(widget.key): widget.proto.default for widget in page.text_input}
    switches = {str(widget.key): widget.proto.default for widget in page.toggle}
    for setting in Draft().settings():
        key = name_of(setting.path)
        if key in texts and setting.path != LENGTH:
            assert value_in(setting, texts[key]) == setting.value
        assert switches.get(key, setting.value) == setting.value
    assert texts[name_of(LENGTH)] == "10"
    for box in page.selectbox:
        if box.key not in FORM_ONLY - {"train.preset"}:
            assert box.proto.default == box.index


def test_a_change_of_a_setting_that_the_family_does_not_have_is_ignored() -> None:
    draft = Draft()
    draft.change("model.generator" + FAMILY, "mlp")

    draft.change("model.generator.width", 4)

    assert draft.changes == {"model.generator" + FAMILY: "mlp"}


def test_a_folder_has_no_labels_until_somebody_says_so() -> None:
    draft = Draft("conditional")
    draft.change("data.folder", "pictures")
    draft.change("data.name", "folder")
    assert not draft.config().data.labels

    draft.change("data.labels", True)
    assert Draft.from_config(draft.config(), "conditional").config() == draft.config()
    draft.change("data.folder", "others")
    assert draft.config().data.labels

    draft.change("data.name", "mnist-5k")
    draft.change("data.labels", False)
    draft.change("data.name", "digits")
    assert not draft.config().data.labels


def test_a_setting_appears_when_it_applies_and_goes_when_it_does_not(page: AppTest) -> None:
    assert "data.folder" not in widgets(page)

    page.selectbox(key=name_of("data.name")).set_value("folder").run()
    assert "data.folder" in widgets(page)

    page.selectbox(key=name_of("data.name")).set_value("mnist-5k").run()
    assert "data.folder" not in widgets(page)


def test_a_preset_loads_its_values_and_the_way_back_restores_them(page: AppTest) -> None:
    page.selectbox(key="train.preset").set_value("dcgan").run()
    published = PRESETS["dcgan"].config.optim.lr_g
    assert page.text_input(key=name_of("optim.lr_g", "dcgan")).value == text_of(published)

    page.text_input(key=name_of("optim.lr_g", "dcgan")).set_value("3e-4").run()
    assert page.button(key="train.back").label == "Back to the preset (1 change)"
    assert page.text_input(key=name_of("optim.lr_g", "dcgan")).label == "Learning rate of G (changed)"
    assert "Learning rate of G **0.0003**" in said(page)

    page.button(key="train.back").click().run()
    assert page.text_input(key=key_drawn(page, name_of("optim.lr_g", "dcgan"))).value == text_of(published)
    assert "train.back" not in {button.key for button in page.button}


def test_presets_share_no_field_so_that_nothing_late_from_the_one_before_is_a_change(page: AppTest) -> None:
    before = {field.key for field in page.text_input} - FORM_ONLY
    page.selectbox(key="train.preset").set_value("dcgan").run()

    assert before
    assert before & {field.key for field in page.text_input} == set()


@pytest.mark.parametrize("path", ["model.generator.widths", "train.images"])
def test_what_is_said_late_of_a_field_of_the_preset_before_is_no_change(page: AppTest, path: str) -> None:
    page.selectbox(key="train.preset").set_value("mlp").run()
    field = next(each for each in page.text_input if each.key == name_of(path, "mlp"))

    page.selectbox(key="train.preset").set_value("colab-dcgan")  # both in one message, as a quick hand sends them
    field.set_value("8, 8" if path.endswith("widths") else "128 images")
    page.run()

    assert not page.exception
    assert page.session_state[DRAFT] == Draft("colab-dcgan")


def test_another_family_brings_its_own_settings(page: AppTest) -> None:
    page.selectbox(key=name_of("model.generator.family")).set_value("mlp").run()

    assert page.text_input(key=name_of("model.generator.widths")).value == "128, 256, 512, 1024"
    assert "model.generator.width" not in widgets(page)


def test_what_cannot_run_is_said_at_the_button_and_beside_the_field(page: AppTest) -> None:
    page.text_input(key=name_of("data.image_size")).set_value("30").run()

    assert not start_button(page)
    assert "Image size: must be a multiple of 4" in str(page.error[0].value).replace("\\", "")
    assert any("Must be a multiple of 4" in str(element.value) for element in page.markdown)


def test_numbers_that_are_none_are_refused_beside_their_field(page: AppTest) -> None:
    page.selectbox(key=name_of("model.discriminator.family")).set_value("mlp").run()
    page.text_input(key=name_of("model.discriminator.widths")).set_value("12, x").run()

    assert not start_button(page)
    assert "Discriminator widths: should be a valid integer" in said(page)


@pytest.mark.parametrize(
    ("typed", "saved"),
    [("My first run", "My-first-run"), ("Größe 2", "Groesse-2"), ("../x", "x"), (".hidden", "hidden"), ("数字", "run")],
)
def test_any_name_is_accepted_and_the_name_of_the_folder_is_said_first(page: AppTest, typed: str, saved: str) -> None:
    page.text_input(key="train.name").set_value(typed).run()

    assert start_button(page)
    assert f"Will be saved as {saved}, with the title {typed}." in said(page)


def test_a_name_that_is_taken_gets_a_number(store: RunStore) -> None:
    run_in(store, "mine", "stopped")
    page = opened()

    page.text_input(key="train.name").set_value("mine").run()

    assert start_button(page)
    assert "Will be saved as mine-2." in said(page)


@pytest.mark.parametrize("typed", ["0,01", "0.01", "1e-2"])
def test_a_number_may_have_a_comma(page: AppTest, typed: str) -> None:
    page.text_input(key=name_of("optim.lr_g")).set_value(typed).run()

    assert page.session_state[DRAFT].config().optim.lr_g == 0.01
    assert page.text_input(key=name_of("optim.lr_g")).value == typed
    assert ("Read as 0.01" in said(page)) == (typed != "0.01")
    assert "with 0.01 or more a GAN rarely learns" in said(page)


def test_what_is_no_number_is_refused_and_stays(page: AppTest) -> None:
    page.text_input(key=name_of("optim.batch_size")).set_value("many").run()

    assert not start_button(page)
    assert page.text_input(key=name_of("optim.batch_size")).value == "many"


def test_a_number_out_of_its_bounds_is_refused(page: AppTest) -> None:
    page.text_input(key=name_of("optim.lr_d")).set_value("2").run()

    assert not start_button(page)
    assert "Learning rate of D: should be less than or equal to 1" in said(page)


def test_a_value_with_a_word_is_shown_and_taken_by_it(page: AppTest) -> None:
    assert page.text_input(key=name_of("data.limit")).value == "all"

    page.text_input(key=name_of("data.limit")).set_value("5,000").run()
    assert page.session_state[DRAFT].config().data.limit == 5000
    page.text_input(key=name_of("data.limit")).set_value("All").run()
    assert page.session_state[DRAFT].changes == {}


def test_the_length_of_a_run_is_given_in_epochs_or_in_images(page: AppTest) -> None:
    assert page.text_input(key=name_of(LENGTH)).value == "10"
    assert "600,000 images shown" in said(page)

    page.text_input(key=name_of(LENGTH)).set_value("2,5").run()
    assert page.session_state[DRAFT].config().train.images == 150_000

    page.selectbox(key="train.length_unit").set_value("images").run()
    length = key_drawn(page, name_of(LENGTH))
    assert page.text_input(key=length).value == "150000"
    assert "2.5 epochs of 60,000 images" in said(page)

    page.text_input(key=length).set_value("1,200,000").run()
    assert page.session_state[DRAFT].config().train.images == 1_200_000

    page.text_input(key=length).set_value("3 epochs").run()
    assert page.session_state[DRAFT].config().train.images == 180_000


def test_epochs_that_were_typed_are_kept_for_another_data_set(page: AppTest) -> None:
    page.text_input(key=name_of(LENGTH)).set_value("20").run()
    page.selectbox(key=name_of("data.name")).set_value("mnist-5k").run()

    assert page.session_state[DRAFT].config().train.images == 100_000
    assert "100,000 images shown" in said(page)


@pytest.mark.parametrize("typed", ["0", "-1", "ten"])
def test_a_length_that_is_none_is_refused(page: AppTest, typed: str) -> None:
    page.text_input(key=name_of(LENGTH)).set_value(typed).run()

    assert not start_button(page)


@pytest.fixture
def nothing_trains(store: RunStore) -> Iterator[None]:
    """As if another server trained the queue: runs can be queued, and wait."""
    with store.queue.try_lock():
        yield


@pytest.mark.usefixtures("nothing_trains")
def test_a_run_starts_from_every_preset_with_its_settings(page: AppTest, store: RunStore) -> None:
    for name, chosen in PRESETS.items():
        page.selectbox(key=key_drawn(page, "train.preset")).set_value(name).run()
        page.button(key="train.start").click().run()

        [new] = [run.name for run in store.runs() if run.preset == name]
        assert store.config(new) == chosen.config
    assert len(services.worker().waiting()) == len(PRESETS)


@pytest.mark.usefixtures("nothing_trains")
def test_several_seeds_start_in_one_go(page: AppTest, store: RunStore) -> None:
    page.text_input(key=name_of("train.seed")).set_value("7").run()
    page.text_input(key="train.name").set_value("Group B").run()
    page.number_input(key="train.seeds").set_value(3).run()
    page.button(key="train.start_seeds").click().run()

    runs = {run.name: run.notes.title for run in store.runs()}
    assert runs == {f"Group-B-seed-{seed}": f"Group B seed {seed}" for seed in (7, 8, 9)}
    assert [store.config(f"Group-B-seed-{seed}").train.seed for seed in (7, 8, 9)] == [7, 8, 9]
    assert services.worker().waiting() == tuple(f"Group-B-seed-{seed}" for seed in (7, 8, 9))


@pytest.mark.usefixtures("nothing_trains")
def test_a_run_that_has_to_wait_is_named_and_the_one_that_trains_is_shown(store: RunStore) -> None:
    run_in(store, "busy", "running")
    taken = Queue(taken=QueueEntry("busy"), taker=this_process("dashboard"))
    store.queue.change(lambda _: taken)
    with store.claim("busy", "dashboard"):
        page = opened()
        for name in ("second", "third"):
            page.text_input(key=key_drawn(page, "train.name")).set_value(name).run()
            page.button(key="train.start").click().run()

        assert page.query_params["run"] == "busy"
        assert "Waiting (1st): second" in labels(page)
        assert "Waiting (2nd): third" in labels(page)
        again = opened("third")
        assert "It starts when busy and 1 more have ended or paused." in said(again)


def test_advice_stands_beside_the_field_and_does_not_hinder(page: AppTest) -> None:
    page.selectbox(key=name_of("objective.loss")).set_value("minimax").run()

    assert start_button(page)
    assert "minimax loss has no gradient" in said(page)


def test_every_field_names_its_option_of_the_command_line(page: AppTest) -> None:
    assert "`--set optim.lr_g=...`" in page.text_input(key=name_of("optim.lr_g")).help


def test_the_names_of_the_fields_are_plain_text(page: AppTest) -> None:
    page.text_input(key=name_of("data.image_size")).set_value("32").run()

    for kind in (page.text_input, page.selectbox, page.toggle):
        for widget in kind:
            assert not set(":[]*") & set(widget.label)


@pytest.mark.parametrize(
    ("state", "reason", "sentence", "enabled"),
    [
        ("queued", "", "Press Resume to queue it again.", {"resume", "stop"}),
        ("running", "", "Resume continues from the newest checkpoint.", {"resume"}),
        ("stopped", "Stopped from terminal.", "Stopped from terminal.", {"resume"}),
        (
            "failed",
            "the disk is full",
            "The disk is full. Remove the cause, then press Resume: it begins from the start.",
            {"resume"},
        ),
        (
            "failed",
            "the loss of G became NaN at step 7",
            "Resume would end the same way: start a new run with smaller learning rates",
            {"resume"},
        ),
        (
            "failed",
            "the folder pictures is empty",
            "Correct the folder in the sidebar and start anew",
            {"resume"},
        ),
        (
            "failed",
            "the data cannot be downloaded",
            "Start anew with other data by a button below, or press Resume to try this data once more.",
            {"resume"},
        ),
        ("interrupted", "The server was shut down.", "The server was shut down.", {"resume"}),
        ("finished", "", "Train longer goes on from here.", set()),
    ],
)
def test_every_state_says_what_happened_and_what_can_be_done(
    store: RunStore, state: str, reason: str, sentence: str, enabled: set[str]
) -> None:
    codes = {"NaN": "non_finite", "folder": "folder", "data": "data"}
    run_in(store, "mine", state, reason, next((code for word, code in codes.items() if word in reason), ""))

    page = opened("mine")

    assert not page.exception
    assert sentence in said(page)
    buttons = {str(button.key).removeprefix("train."): not button.disabled for button in page.button}
    assert {name for name in ("pause", "resume", "stop") if buttons.get(name)} == enabled


def test_a_run_that_another_process_trains_names_it(store: RunStore) -> None:
    run_in(store, "mine", "running")
    command = [sys.executable, "-c", CLAIM, str(store.root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as trainer:
        assert trainer.stdout is not None
        trainer.stdout.readline()

        page = opened("mine")

        assert f"Trained by process {trainer.pid} on host" in said(page)
        assert not page.button(key="train.pause").disabled
        trainer.communicate(b"enough\n", timeout=SECONDS)


def test_a_damaged_run_is_shown_with_its_reason_and_breaks_nothing(store: RunStore, root: Path) -> None:
    run_in(store, "mine", "stopped")
    (root / "mine" / "config.json").write_text("{oops")

    page = opened("mine")

    assert not page.exception
    assert "The config.json of run mine is damaged" in said(page)


def test_an_address_with_a_run_that_does_not_exist_says_so(store: RunStore) -> None:
    run_in(store, "mine", "stopped")

    page = opened("yours")

    assert "There is no run yours here" in said(page)


def test_the_list_holds_every_run_with_its_state_newest_first(store: RunStore) -> None:
    run_in(store, "first", "stopped")
    run_in(store, "second", "finished")

    page = opened()

    assert page.selectbox(key="header.run").options == ["second (finished)", "first (stopped)"]


def test_choosing_a_run_shows_it(store: RunStore) -> None:
    run_in(store, "first", "stopped", "Stopped from terminal.")
    run_in(store, "second", "finished")
    page = opened()

    page.selectbox(key="header.run").set_value("first").run()

    assert "Stopped from terminal." in said(page)


def test_the_list_shows_star_and_title_before_the_name(store: RunStore) -> None:
    run_in(store, "mine", "stopped")
    store.write_notes("mine", Notes(title="Round sixes", star=True))

    assert opened().selectbox(key="header.run").options == ["★ Round sixes · mine (stopped)"]


@pytest.mark.parametrize("option", ["mine", "mine (in line)", "★ mine (stopped)", "★ Round (six) · mine (stopped)"])
def test_a_run_is_known_by_its_option_whatever_state_the_browser_still_shows(option: str) -> None:
    assert run_picker.name_in(option) == "mine"


def test_a_name_is_shown_as_it_is_and_not_as_markdown(store: RunStore) -> None:
    run_in(store, "mine", "failed", "the folder **bold** [link](http://example.org) <b>x</b> is empty")

    page = opened("mine")

    [status] = [part for part in page.get("bidi_component") if "run_status" in part.proto.component_name]
    assert "**bold** [link](http://example.org) <b>x</b>" in json.loads(status.proto.json)["standing"]["sentence"]


def test_a_run_started_here_is_trained_and_shown_and_a_double_click_starts_one(page: AppTest, store: RunStore) -> None:
    page.selectbox(key=name_of("data.name")).set_value("digits").run()
    page.text_input(key=name_of("data.image_size")).set_value("8").run()
    page.text_input(key=key_drawn(page, name_of("train.images"))).set_value("64 images").run()
    page.text_input(key="train.name").set_value("mine").run()

    page.button(key="train.start").click().run()
    page.button(key="train.start").click().run()

    assert [run.name for run in store.runs()] == ["mine"]
    assert page.query_params["run"] == "mine"
    assert not page.exception


def test_what_is_in_the_form_belongs_to_one_visitor(page: AppTest) -> None:
    page.text_input(key=name_of("optim.batch_size")).set_value("128").run()

    batch_size = opened().text_input(key=name_of("optim.batch_size")).value
    assert batch_size == str(PRESETS[DEFAULT].config.optim.batch_size)


def test_a_change_that_is_taken_back_is_no_change() -> None:
    draft = Draft()
    draft.change("optim.batch_size", 128)
    draft.change("optim.batch_size", Draft().config().optim.batch_size)

    assert draft.changes == {}


def test_a_change_of_family_forgets_what_was_changed_in_the_other() -> None:
    draft = Draft()
    draft.change("model.generator.width", 100)
    draft.change(f"model.generator{FAMILY}", "dcgan")

    assert draft.changes == {"model.generator.family": "dcgan"}


@pytest.mark.parametrize("known", [True, False])
def test_a_draft_of_another_runs_settings_gives_the_same_settings(known: bool) -> None:
    for preset in PRESETS:
        config = with_overrides(PRESETS[preset].config, {"train.seed": 7, "optim.batch_size": 48})

        draft = Draft.from_config(config, preset if known else "gone")

        assert draft.config() == config
        assert draft.name == ""
        assert not known or set(draft.changes) == {"train.seed", "optim.batch_size"}


def test_a_draft_of_a_run_of_other_families_gives_the_same_settings() -> None:
    assert Draft.from_config(tiny(), "studio").config() == tiny()

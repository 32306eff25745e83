"""The Runs page without a browser: what it lists, and what its buttons do to the folder of runs."""

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from time import perf_counter

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.header import run_settings
from dashboard.runs import actions, disk_usage, table_data
from dashboard.runs.transfer import zip_of
from dashboard.train.kept_draft import DRAFT
from dashboard.ui.thumbnails import thumbnail_of
from gan_core.runs.archive.pack import pack
from gan_core.runs.history.measurements import Measurement
from gan_core.runs.lock import this_process
from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunStore
from tests.tiny_runs import tiny, train

REPOSITORY = Path(__file__).resolve().parents[3]
SECONDS = 60.0
SLACK = 20  # other programs may slow this machine down


@pytest.fixture
def store(root: Path) -> Iterator[RunStore]:
    """The runs that the page shows. Training ends with the test."""
    yield RunStore(root)
    assert services.worker().shutdown(SECONDS)


def opened() -> AppTest:
    visitor = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=SECONDS).run()
    shown = visitor.switch_page("pages/runs.py").run()
    assert not shown.exception
    return shown


def shown(store: RunStore, run: str) -> AppTest:
    """The page with one run beside the table."""
    visitor = opened()
    visitor.query_params["run"] = run
    return visitor.run()


def ticked(*runs: str) -> AppTest:
    """The page with these runs ticked."""
    visitor = opened()
    visitor.session_state["runs.ticked"] = list(runs)
    return visitor.run()


def said(page: AppTest) -> str:
    """All text on the page, as it reads without its Markdown."""
    kinds = (page.markdown, page.caption, page.error, page.success, page.info, page.subheader, page.title)
    texts = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*texts, *(str(box.label) for box in page.expander)]).replace("\\", "")


def listed(store: RunStore) -> list[str]:
    """The names of the runs in the table, newest first."""
    return [row["name"] for row in table_data.table(store)["rows"]]


def runs_like_one(store: RunStore, count: int) -> int:
    """Copies of one run that was trained; returns how many runs there are."""
    store.create(tiny(), "mine", "mlp")
    train(store, "mine", 160)
    for number in range(1, count):
        copy = store.root / f"copy-{number}"
        copy.mkdir()
        for file in ("config.json", "notes.json", "history.sqlite"):
            os.link(store.folder("mine") / file, copy / file)
    return count


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act()` takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def run_in(
    store: RunStore, name: str, status: str = "stopped", notes: Notes | None = None, preset: str = "mlp"
) -> None:
    """A run with this status that no process trains."""
    store.create(tiny(), name, preset)
    with store.history(name) as history:
        history.begin_attempt(0, 0, 640)
        history.set_progress(status=status)
    store.write_notes(name, notes or Notes())


# the list


def test_without_a_run_the_page_says_what_to_do_next(store: RunStore) -> None:
    assert "Train one, or import one" in said(opened())


def test_the_run_that_is_shown_has_title_status_tags_progress_and_note(store: RunStore) -> None:
    run_in(store, "mine", "finished", Notes(title="Round sixes", tags=("keep",), star=True, note="Look at the sixes."))

    page = opened()

    for part in ("**★ Round sixes · mine**", "Finished", "0 of 640 images"):
        assert part in said(page)
    assert page.text_input(key="runs.tags.mine").value == "keep"
    assert page.text_area(key="runs.note.mine").value == "Look at the sixes."


def test_texts_are_not_read_as_markdown(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(title="[x](http://example.org) <b>", tags=("**bold**",), note="$a$ :red[b]"))

    page = opened()

    assert r"\[x\]\(http\:\/\/example\.org\)" in "".join(str(each.value) for each in page.markdown).replace("/", r"\/")


def test_a_damaged_run_is_listed_with_its_reason_and_can_be_deleted(store: RunStore) -> None:
    run_in(store, "mine")
    (store.root / "mine" / "config.json").write_text("{")

    page = shown(store, "mine")
    assert "The config.json of run mine is damaged" in said(page)
    page.button(key="runs.shown.delete").click().run()

    assert [copy.name for copy in store.trash.all()] == ["mine"]


def test_tags_are_read_from_commas() -> None:
    assert actions.tags_in(" digits, fast ,,digits,  two  words ") == ("digits", "fast", "two words")
    assert len(actions.tags_in(",".join(map(str, range(100))))) == actions.MOST_TAGS


# what the table is made of


def test_the_table_has_a_column_for_each_setting_in_which_runs_differ(store: RunStore) -> None:
    store.create(tiny(optim__lr_g=0.005), "a", "mlp")
    store.create(tiny(train__images=1280), "b", "mlp")
    store.create(tiny(model__generator__widths=[4]), "c", "mlp")

    table = table_data.table(store)

    paths = [column["path"] for column in table["columns"]]
    assert paths == ["optim.lr_g", "model.generator.widths"]  # the length has a column of its own
    settings = {row["name"]: row["settings"] for row in table["rows"]}
    usual = tiny().optim.lr_g
    assert settings == {"a": [0.005, [8, 8]], "b": [usual, [8, 8]], "c": [usual, [4]]}


def test_a_setting_that_is_younger_than_a_run_counts_as_its_default(store: RunStore) -> None:
    store.create(tiny(), "old")
    config = store.root / "old" / "config.json"
    record = json.loads(config.read_text())
    del record["config"]["optim"]["ema_halflife_images"]
    config.write_text(json.dumps(record))
    store.create(tiny(), "new")

    assert table_data.table(store)["columns"] == []


def test_a_row_holds_the_best_score_of_all_snapshots(store: RunStore) -> None:
    run_in(store, "mine")
    with store.history("mine") as history:
        for images, value in ((10, 0.25), (20, 0.75), (30, 0.5)):
            history.measurements.add(images, [Measurement(table_data.SCORE, value, None, None, 100)])

    [row] = table_data.table(store)["rows"]

    assert row["score"] == 0.75


def test_the_browser_asks_again_while_a_run_trains(store: RunStore) -> None:
    run_in(store, "mine")
    assert table_data.table(store)["complete"]

    run_in(store, "other", "queued")
    assert not table_data.table(store)["complete"]


@pytest.mark.alone
def test_a_thousand_runs_take_less_than_300_milliseconds(store: RunStore) -> None:
    made = runs_like_one(store, 1_000)
    assert len(table_data.table(store)["rows"]) == made  # reads every run
    fastest = min(timed(lambda: json.dumps(table_data.table(store))) for _ in range(3))

    assert fastest < SLACK * 0.3


# title, tags, note, star


def test_star_title_tags_and_note_are_kept_in_the_run(store: RunStore) -> None:
    run_in(store, "mine")
    page = shown(store, "mine")

    page.button(key="runs.shown.star").click().run()
    page.text_input(key="runs.title.mine").set_value("  Round   sixes ").run()
    page.text_input(key="runs.tags.mine").set_value("keep, lecture").run()
    page.text_area(key="runs.note.mine").set_value("One.\nTwo.").run()

    assert store.notes("mine") == Notes(title="Round sixes", tags=("keep", "lecture"), star=True, note="One.\nTwo.")
    assert "★ Round sixes · mine" in said(opened())


def test_duplicating_fills_the_form_of_the_train_page(store: RunStore) -> None:
    store.create(tiny(optim__lr_g=0.005), "mine", "mlp")
    page = shown(store, "mine")

    page.button(key="runs.shown.duplicate").click().run()

    assert page.session_state[DRAFT].config() == tiny(optim__lr_g=0.005)
    assert page.session_state[run_settings.TO_TRAIN] == "mine"  # the header opens the Train page


# the trash


def test_a_deleted_run_can_be_undone_at_once(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(note="precious"))
    page = shown(store, "mine")

    page.button(key="runs.shown.delete").click().run()
    assert listed(store) == []
    assert "In the trash: the run mine." in said(page)
    page.button(key="runs.undo").click().run()

    assert listed(store) == ["mine"]
    assert store.notes("mine").note == "precious"
    assert "Restored: the run mine." in said(page)


def test_the_trash_restores_beside_a_run_of_the_same_name(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(note="old"))
    copy = store.delete("mine")
    run_in(store, "mine", notes=Notes(note="new"))

    page = opened()
    assert "Trash (1 run, " in said(page)
    page.button(key=f"runs.restore.{copy.stamp}").click().run()

    assert "as mine-2, because another run is called mine now" in said(page)
    assert store.notes("mine-2").note == "old"


def test_emptying_the_trash_erases_what_was_shown_and_nothing_else(store: RunStore) -> None:
    for name in ("a", "b"):
        run_in(store, name)
        store.delete(name)
    page = opened()
    run_in(store, "late")
    late = store.delete("late")

    assert page.button(key="runs.erase").label == "Erase 2 runs"
    page.button(key="runs.erase").click().run()

    assert store.trash.all() == [late]


def test_a_run_that_trains_cannot_be_deleted_and_the_page_says_why(store: RunStore) -> None:
    run_in(store, "mine", "running")
    with store.claim("mine", "terminal"):
        page = shown(store, "mine")

        assert page.button(key="runs.shown.delete").disabled
        assert "A run that trains cannot be deleted. Stop it first." in said(page)
        assert store.exists("mine")


def test_many_runs_are_deleted_and_restored_at_once(store: RunStore) -> None:
    for name in ("a", "b", "c"):
        run_in(store, name)
    page = ticked("a", "c")

    page.button(key="runs.delete").click().run()
    assert listed(store) == ["b"]
    assert "In the trash: 2 runs." in said(page)
    page.button(key="runs.undo").click().run()

    assert sorted(listed(store)) == ["a", "b", "c"]
    assert page.session_state["runs.ticked"] == []


def test_many_runs_are_tagged_and_archived_at_once(store: RunStore) -> None:
    run_in(store, "a", notes=Notes(tags=("old",)))
    run_in(store, "b")
    ticked("a", "b").text_input(key="runs.tag").set_value("lecture, keep").run()
    assert store.notes("a").tags == ("old", "lecture", "keep")
    assert store.notes("b").tags == ("lecture", "keep")

    ticked("a", "b").button(key="runs.untag.old").click().run()
    assert store.notes("a").tags == ("lecture", "keep")

    page = ticked("a", "b")
    page.button(key="runs.archive").click().run()
    assert store.notes("a").archived
    assert store.notes("b").archived
    page.button(key="runs.undo").click().run()
    assert not store.notes("a").archived


def test_an_archived_run_is_not_offered_in_the_header(store: RunStore) -> None:
    run_in(store, "put-away", notes=Notes(archived=True))
    run_in(store, "mine")

    front = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=SECONDS).run()
    assert front.selectbox(key="header.run").options == ["mine (stopped)"]


def test_without_a_tick_nothing_can_be_done_with_many(store: RunStore) -> None:
    run_in(store, "mine")
    page = opened()

    assert all(page.button(key=f"runs.{word}").disabled for word in ("archive", "delete"))


def test_a_run_whose_training_starts_just_before_its_deletion_stays(store: RunStore) -> None:
    run_in(store, "mine")
    page = shown(store, "mine")
    with store.claim("mine", "terminal"):
        page.button(key="runs.shown.delete").click().run()

        assert f"Run mine is being trained by process {os.getpid()}" in said(page)
        assert store.exists("mine")


# zip files


def test_an_uploaded_archive_becomes_a_run_and_a_taken_name_gets_a_number(store: RunStore, tmp_path: Path) -> None:
    run_in(store, "mine")
    pack(store, "mine", tmp_path / "mine.zip")
    page = opened()

    page.file_uploader[0].upload("mine.zip", (tmp_path / "mine.zip").read_bytes()).run()

    assert "Imported as mine-2, because another run is called mine." in said(page)
    assert listed(store) == ["mine", "mine-2"] or listed(store) == ["mine-2", "mine"]
    assert not page.file_uploader[0].value


def test_several_runs_are_exported_and_imported_as_one_file(store: RunStore) -> None:
    for name in ("a", "b"):
        run_in(store, name, notes=Notes(title=f"The {name}", archived=name == "a"))
    page = opened()

    page.file_uploader[0].upload("2-runs.zip", zip_of(store, ["a", "b"])).run()

    assert "Imported as a-2, because another run is called a. Imported as b-2" in said(page)
    assert store.notes("a-2") == store.notes("a")
    assert store.notes("b-2") == store.notes("b")


def test_a_foreign_upload_is_refused_with_one_sentence(store: RunStore) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../outside", b"x")
    page = opened()

    page.file_uploader[0].upload("mine.zip", buffer.getvalue()).run()

    assert "The file is refused, and nothing was written: its entry '../outside' is a path outside" in said(page)
    assert not page.exception
    assert store.runs() == []


# the queue


def test_the_queue_shows_which_run_trains_and_which_wait_and_can_be_changed(store: RunStore) -> None:
    for name in ("now", "b", "c"):
        run_in(store, name, "queued", Notes(title=f"The {name}"))
        store.queue.change(lambda queue, name=name: queue.added(QueueEntry(name)))  # type: ignore[misc]
    store.queue.change(lambda queue: queue.taken_by(this_process("dashboard")))
    with store.queue.try_lock():  # another server trains
        page = opened()
        assert "one after the other" in said(page)
        assert page.button(key="runs.move_up.b").disabled

        page.button(key="runs.move_up.c").click().run()
        assert store.queue.read().runs == ("c", "b")
        page.button(key="runs.remove.b").click().run()

        assert store.queue.read().runs == ("c",)
        assert store.progress("b").status == "stopped"
        store.queue.change(lambda queue: queue.removed("c").finished())
        assert "one after the other" not in said(page.run())


# thumbnails and sizes


def test_a_thumbnail_is_a_part_of_the_newest_pictures_enlarged_by_a_whole_factor(store: RunStore) -> None:
    store.create(tiny(), "mine", "mlp")
    train(store, "mine", 160)

    png = thumbnail_of(store.summary("mine"))

    assert png is not None
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    assert width == height
    assert width % 32 == 0
    assert width == 96  # the largest multiple of 32 that fits


def test_an_unreadable_picture_is_left_out(store: RunStore) -> None:
    run_in(store, "mine")
    store.samples("mine").add(0, 0, 1, 0, b"no picture")

    assert thumbnail_of(store.summary("mine")) is None


def test_the_size_of_a_run_is_measured_again_when_the_run_has_changed(store: RunStore) -> None:
    run_in(store, "mine")
    before = disk_usage.size_of_run(store, store.summary("mine"))
    store.samples("mine").add(0, 0, 1, 0, bytes(50_000))

    assert disk_usage.size_of_run(store, store.summary("mine")) == before
    with store.history("mine") as history:
        history.set_progress(images_seen=64)

    assert disk_usage.size_of_run(store, store.summary("mine")) >= before + 50_000

"""The Runs page without a browser: what it lists, and what its buttons do to the folder of runs."""

import os
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.runs import disk_usage, page, search
from dashboard.train.kept_draft import DRAFT
from dashboard.train.setting_field import name_of
from dashboard.ui.thumbnails import thumbnail_of
from gan_core.runs.archive.pack import pack
from gan_core.runs.lock import this_process
from gan_core.runs.queue import QueueEntry
from gan_core.runs.store import Notes, RunStore, RunSummary
from tests.tiny_runs import tiny, train

REPOSITORY = Path(__file__).resolve().parents[3]
SECONDS = 60.0


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


def more(store: RunStore, run: str) -> AppTest:
    """The page with the details of one run open."""
    visitor = opened()
    visitor.session_state[f"runs.more.{run}"] = True
    return visitor.run()


def said(page: AppTest) -> str:
    """All text on the page, as it reads without its Markdown."""
    kinds = (page.markdown, page.caption, page.error, page.success, page.info, page.subheader, page.title)
    texts = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*texts, *(str(box.label) for box in page.expander)]).replace("\\", "")


def listed(page: AppTest) -> list[str]:
    """The names of the runs on the page, from the top."""
    keys = [str(button.key) for button in page.button]
    return [key.removeprefix("runs.star.") for key in keys if key.startswith("runs.star.")]


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


def test_every_run_is_listed_newest_first_after_the_starred_ones(store: RunStore) -> None:
    run_in(store, "a", "finished", Notes(star=True))
    run_in(store, "b", "failed")
    run_in(store, "c", "interrupted")

    shown = opened()

    assert listed(shown) == ["a", "c", "b"]
    assert "3 runs, " in said(shown)


def test_a_row_shows_title_status_tags_progress_and_note(store: RunStore) -> None:
    run_in(store, "mine", "finished", Notes(title="Round sixes", tags=("keep",), star=True, note="Look at the sixes."))

    text = said(opened())

    for part in ("**★ Round sixes**", "Finished", "keep", "0 of 640 images", "Look at the sixes.", "mine · mlp · "):
        assert part in text


def test_texts_are_not_read_as_markdown(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(title="[x](http://example.org) <b>", tags=("**bold**",), note="$a$ :red[b]"))

    shown = opened()

    assert r"\[x\]\(http\:\/\/example\.org\)" in "".join(str(each.value) for each in shown.markdown).replace("/", r"\/")
    assert r"\*\*bold\*\*" in "".join(str(each.value) for each in shown.markdown)
    assert r"\$a\$ \:red\[b\]" in "".join(str(each.value) for each in shown.caption)


def test_a_damaged_run_is_listed_with_its_reason_and_can_be_deleted(store: RunStore) -> None:
    run_in(store, "mine")
    (store.root / "mine" / "config.json").write_text("{")

    shown = more(store, "mine")
    assert "The config.json of run mine is damaged" in said(shown)
    shown.button(key="runs.delete.mine").click().run()

    assert [copy.name for copy in store.trash.all()] == ["mine"]


SOUGHT = {
    "": ["wide", "narrow", "third"],
    "round": ["narrow"],
    "NARROW": ["narrow"],
    "keep": ["wide", "narrow"],
    "keep wide": ["wide"],
    "dcgan": ["third"],
    "waiting": ["third"],
    "nothing": [],
}


@pytest.mark.parametrize("text", SOUGHT)
def test_search_finds_title_name_tag_preset_and_status(text: str) -> None:
    runs = [
        summary("wide", tags=("keep",)),
        summary("narrow", title="Round sixes", tags=("keep", "other")),
        summary("third", preset="dcgan", status="queued"),
    ]

    assert [run.name for run in search.matching(runs, text)] == SOUGHT[text]


def summary(name: str, title: str = "", tags: tuple[str, ...] = (), star: bool = False, **more: object) -> RunSummary:
    values = {"created": "", "status": "stopped", "preset": "mlp", **more}
    return RunSummary(name=name, notes=Notes(title=title, tags=tags, star=star), **values)  # type: ignore[arg-type]


def test_orders_keep_starred_runs_first_and_newest_first_among_equals() -> None:
    runs = [
        summary("new", images_seen=5, status="finished"),
        summary("middle", title="a title", images_seen=9, status="running"),
        summary("old", star=True, images_seen=1, status="finished"),
        summary("oldest", images_seen=5, status="finished"),
    ]

    orders = {order: [run.name for run in search.ordered(runs, order)] for order in search.ORDERS}

    assert orders == {
        "Newest first": ["old", "new", "middle", "oldest"],
        "Title": ["old", "middle", "new", "oldest"],
        "Images seen": ["old", "middle", "new", "oldest"],
        "Status": ["old", "middle", "new", "oldest"],
    }


def test_tags_are_read_from_commas() -> None:
    assert search.tags_in(" digits, fast ,,digits,  two  words ") == ("digits", "fast", "two words")
    assert len(search.tags_in(",".join(map(str, range(100))))) == search.MOST_TAGS


def test_many_runs_are_shown_a_page_at_a_time(store: RunStore) -> None:
    for number in range(page.RUNS_ON_A_PAGE + 3):
        run_in(store, f"run-{number:02d}")

    shown = opened()
    assert listed(shown)[0] == f"run-{page.RUNS_ON_A_PAGE + 2:02d}"
    assert len(listed(shown)) == page.RUNS_ON_A_PAGE

    shown.session_state["runs.page"] = 2
    shown.run()
    assert listed(shown) == ["run-02", "run-01", "run-00"]

    shown.text_input(key="runs.search").set_value("run-01").run()
    assert listed(shown) == ["run-01"]
    assert f"1 of {page.RUNS_ON_A_PAGE + 3} runs" in said(shown)


# title, tags, note, star


def test_star_title_tags_and_note_are_kept_in_the_run(store: RunStore) -> None:
    run_in(store, "mine")
    shown = more(store, "mine")

    shown.button(key="runs.star.mine").click().run()
    shown.text_input(key="runs.title.mine").set_value("  Round   sixes ").run()
    shown.text_input(key="runs.tags.mine").set_value("keep, lecture").run()
    shown.text_area(key="runs.note.mine").set_value("One.\nTwo.").run()

    assert store.notes("mine") == Notes(title="Round sixes", tags=("keep", "lecture"), star=True, note="One.\nTwo.")
    assert "★ Round sixes" in said(opened())


def test_duplicating_fills_the_form_of_the_train_page(store: RunStore) -> None:
    store.create(tiny(optim__lr_g=0.005), "mine", "mlp")
    shown = more(store, "mine")

    shown.button(key="runs.duplicate.mine").click().run()

    assert shown.title[0].value == "Train"
    assert shown.query_params["run"] == "mine"
    assert shown.session_state[DRAFT].config() == tiny(optim__lr_g=0.005)
    assert shown.text_input(key=name_of("optim.lr_g", "mlp")).value == "0.005"


# the trash


def test_a_deleted_run_can_be_undone_at_once(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(note="precious"))
    shown = more(store, "mine")

    shown.button(key="runs.delete.mine").click().run()
    assert listed(shown) == []
    assert "The run mine is in the trash." in said(shown)
    shown.button(key="runs.undo").click().run()

    assert listed(shown) == ["mine"]
    assert store.notes("mine").note == "precious"
    assert "The run mine was restored." in said(shown)


def test_the_trash_restores_beside_a_run_of_the_same_name(store: RunStore) -> None:
    run_in(store, "mine", notes=Notes(note="old"))
    copy = store.delete("mine")
    run_in(store, "mine", notes=Notes(note="new"))

    shown = opened()
    assert "Trash (1 run, " in said(shown)
    shown.button(key=f"runs.restore.{copy.stamp}").click().run()

    assert "as mine-2, because another run is called mine now" in said(shown)
    assert store.notes("mine-2").note == "old"


def test_emptying_the_trash_erases_what_was_shown_and_nothing_else(store: RunStore) -> None:
    for name in ("a", "b"):
        run_in(store, name)
        store.delete(name)
    shown = opened()
    run_in(store, "late")
    late = store.delete("late")

    assert shown.button(key="runs.erase").label == "Erase 2 runs"
    shown.button(key="runs.erase").click().run()

    assert store.trash.all() == [late]


def test_a_run_that_trains_cannot_be_deleted_and_the_page_says_why(store: RunStore) -> None:
    run_in(store, "mine", "running")
    with store.claim("mine", "terminal"):
        shown = more(store, "mine")

        assert shown.button(key="runs.delete.mine").disabled
        assert "A run that trains cannot be deleted. Stop it first." in said(shown)
        assert store.exists("mine")


def test_a_run_whose_training_starts_just_before_its_deletion_stays(store: RunStore) -> None:
    run_in(store, "mine")
    shown = more(store, "mine")
    with store.claim("mine", "terminal"):
        shown.button(key="runs.delete.mine").click().run()

        assert f"Run mine is being trained by process {os.getpid()}" in said(shown)
        assert store.exists("mine")


# zip files


def test_an_uploaded_archive_becomes_a_run_and_a_taken_name_gets_a_number(store: RunStore, tmp_path: Path) -> None:
    run_in(store, "mine")
    pack(store, "mine", tmp_path / "mine.zip")
    shown = opened()

    shown.file_uploader[0].upload("mine.zip", (tmp_path / "mine.zip").read_bytes()).run()

    assert "Imported as mine-2, because another run is called mine." in said(shown)
    assert listed(shown) == ["mine", "mine-2"] or listed(shown) == ["mine-2", "mine"]
    assert not shown.file_uploader[0].value


def test_a_foreign_upload_is_refused_with_one_sentence(store: RunStore) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../outside", b"x")
    shown = opened()

    shown.file_uploader[0].upload("mine.zip", buffer.getvalue()).run()

    assert "The file is refused, and nothing was written: its entry '../outside' is a path outside" in said(shown)
    assert not shown.exception
    assert store.runs() == []


# the queue


def test_the_queue_shows_which_run_trains_and_which_wait_and_can_be_changed(store: RunStore) -> None:
    for name in ("now", "b", "c"):
        run_in(store, name, "queued", Notes(title=f"The {name}"))
        store.queue.change(lambda queue, name=name: queue.added(QueueEntry(name)))  # type: ignore[misc]
    store.queue.change(lambda queue: queue.taken_by(this_process("dashboard")))
    with store.queue.try_lock():  # another server trains
        shown = opened()
        assert "one after the other" in said(shown)
        assert shown.button(key="runs.move_up.b").disabled

        shown.button(key="runs.move_up.c").click().run()
        assert store.queue.read().runs == ("c", "b")
        shown.button(key="runs.remove.b").click().run()

        assert store.queue.read().runs == ("c",)
        assert store.progress("b").status == "stopped"
        store.queue.change(lambda queue: queue.removed("c").finished())
        assert "one after the other" not in said(shown.run())


# thumbnails and sizes


def test_a_thumbnail_is_a_part_of_the_newest_pictures_enlarged_by_a_whole_factor(store: RunStore) -> None:
    store.create(tiny(), "mine", "mlp")
    train(store, "mine", 160)

    address = thumbnail_of(store.summary("mine"))

    assert address is not None
    png = b64decode(address.removeprefix("data:image/png;base64,"))
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    assert width == height
    assert width % 32 == 0
    assert width == 96  # the largest multiple of 32 that fits


def test_an_unreadable_picture_is_left_out(store: RunStore) -> None:
    run_in(store, "mine")
    store.samples("mine").add(0, 0, 1, 0, b"no picture")

    assert thumbnail_of(store.summary("mine")) is None
    assert "No picture" in said(opened())


def test_the_size_of_a_run_is_measured_again_when_the_run_has_changed(store: RunStore) -> None:
    run_in(store, "mine")
    before = disk_usage.size_of_run(store, store.summary("mine"))
    store.samples("mine").add(0, 0, 1, 0, bytes(50_000))

    assert disk_usage.size_of_run(store, store.summary("mine")) == before
    with store.history("mine") as history:
        history.set_progress(images_seen=64)

    assert disk_usage.size_of_run(store, store.summary("mine")) >= before + 50_000

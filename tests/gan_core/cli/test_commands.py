"""The commands, called in this process: what each does, and one sentence for each kind of wrong input."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import safetensors
from PIL import Image

from gan_core.cli import main
from gan_core.presets import PRESETS
from gan_core.presets.preset import sentence_of
from gan_core.runs.store import RunStore
from tests.terminals import tiny_settings
from tests.tiny_runs import tiny, train

Answer = Callable[..., str]


@pytest.fixture
def store(root: Path, elsewhere: Path) -> RunStore:
    return RunStore(root)


@pytest.fixture(scope="module")
def finished_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two finished runs: `digits`, and `labelled`, which was trained with labels."""
    store = RunStore(tmp_path_factory.mktemp("finished"))
    for name, labels in (("digits", False), ("labelled", True)):
        assert train(store, store.create(tiny(data__labels=labels), name, "mlp")) == "finished"
    return store.root


@pytest.fixture
def finished(finished_root: Path, elsewhere: Path) -> RunStore:
    """The store of those runs, for tests that only read."""
    return RunStore(finished_root)


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command that succeeds; returns what it prints."""

    def run(*arguments: object) -> str:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert status == 0, printed.err
        return printed.out

    return run


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command with bad input; returns the one line that it prints to stderr."""

    def run(*arguments: object) -> str:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert status == 2
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        return printed.err.strip()

    return run


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(path) as image:
        return np.asarray(image)


# presets and runs


def test_presets_as_json_hold_every_preset_with_its_configuration(answer: Answer) -> None:
    listing = json.loads(answer("presets", "--json"))

    assert listing["schema"] == 1
    assert {each["name"]: each["config"] for each in listing["presets"]} == {
        name: preset.config.model_dump(mode="json") for name, preset in PRESETS.items()
    }


def test_presets_for_people_are_a_line_each_and_one_of_what_they_reached(answer: Answer) -> None:
    lines = answer("presets").splitlines()

    assert [line.split()[0] for line in lines[::2]] == list(PRESETS)
    assert [line.strip() for line in lines[1::2]] == [sentence_of(preset.reached) for preset in PRESETS.values()]


def test_runs_as_json_have_the_status_of_each_run(finished: RunStore, answer: Answer) -> None:
    listing = json.loads(answer("runs", "--json", "--root", finished.root))

    assert listing["schema"] == 1
    assert [run["name"] for run in listing["runs"]] == ["labelled", "digits"]
    assert all(run["state"] == run["status"] for run in listing["runs"])
    assert {(run["status"], run["images_seen"], run["images_target"]) for run in listing["runs"]} == {
        ("finished", 640, 640)
    }


def test_runs_for_people_are_one_line_each(finished: RunStore, answer: Answer) -> None:
    lines = answer("runs", "--root", finished.root).splitlines()

    assert [line.split()[:2] for line in lines] == [["labelled", "finished"], ["digits", "finished"]]


def test_a_missing_root_has_no_runs_and_is_not_created(elsewhere: Path, answer: Answer) -> None:
    assert json.loads(answer("runs", "--json", "--root", elsewhere / "none")) == {"schema": 1, "runs": []}
    assert not (elsewhere / "none").exists()


def test_a_folder_without_runs_and_a_missing_one_are_told_apart(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for root, words in ((elsewhere / "none", "there is no"), (elsewhere, "there are no runs in")):
        assert main(["runs", "--root", str(root)]) == 0
        assert capsys.readouterr().err.startswith(f"{words} {root}")


# train and resume


def test_train_makes_the_run_that_the_settings_describe(store: RunStore, answer: Answer) -> None:
    answer("train", "--run", "a", "--preset", "mlp", *tiny_settings(optim__lr_g=0.005), "--root", store.root)

    assert store.progress("a").status == "finished"
    assert store.progress("a").images_seen == 640
    assert store.config("a").optim.lr_g == 0.005
    assert store.record("a")["preset"] == "mlp"


def test_train_counts_images_from_the_option_before_the_setting(store: RunStore, answer: Answer) -> None:
    answer("train", "--run", "a", *tiny_settings(), "--images", "320", "--root", store.root)

    assert store.config("a").train.images == 320
    assert store.progress("a").images_seen == 320


def test_train_without_a_name_calls_the_run_after_its_preset(store: RunStore, answer: Answer) -> None:
    answer("train", "--preset", "dcgan", *tiny_settings(train__images=16), "--root", store.root)

    (run,) = store.runs()
    assert run.name.startswith("dcgan-2")


def test_train_without_a_root_uses_checkpoints_in_the_current_folder(elsewhere: Path, answer: Answer) -> None:
    answer("train", "--run", "a", *tiny_settings(train__images=16))

    assert (elsewhere / "checkpoints" / "a" / "config.json").is_file()


def test_train_shows_a_bar_with_the_name_of_the_run_on_a_terminal(
    store: RunStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    assert main(["train", "--run", "watched", *tiny_settings(), "--root", str(store.root)]) == 0

    assert "watched: 100%" in capsys.readouterr().err


def test_train_writes_plain_lines_where_there_is_no_terminal(
    store: RunStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_core.cli.display.FIRST_LINE_SECONDS", 0.0)
    monkeypatch.setattr("gan_core.cli.display.LINE_SECONDS", 0.0)

    assert main(["train", "--run", "watched", *tiny_settings(), "--root", str(store.root)]) == 0

    text = capsys.readouterr().err
    line = r"watched: \d+ of 640 images, loss of D [\d.e-]+, of G [\d.e-]+, [\d,]+ images/s, \d+:\d\d left"
    assert len(re.findall(line, text)) > 10
    assert "\r" not in text
    assert "watched: training from 0 to 640 images" in text
    assert text.splitlines()[-1] == (
        f"run watched is finished at 640 images; its pictures are in {store.root / 'watched' / 'samples'}"
    )


def test_resume_extends_a_finished_run_to_the_same_end_as_a_longer_one(store: RunStore, answer: Answer) -> None:
    answer("train", "--run", "short", *tiny_settings(), "--root", store.root)
    answer("train", "--run", "long", *tiny_settings(), "--images", "960", "--root", store.root)

    answer("resume", "short", "--images", "960", "--root", store.root)

    assert store.progress("short").images_seen == 960
    prints = [answer("fingerprint", run, "--root", store.root) for run in ("short", "long")]
    assert prints[0] == prints[1]


def test_resume_trains_a_run_that_was_only_created(store: RunStore, answer: Answer) -> None:
    store.create(tiny(), "waiting")

    answer("resume", "waiting", "--root", store.root)

    assert store.progress("waiting").status == "finished"


@pytest.mark.parametrize(("state", "kinds"), [("running", ["extend"]), ("paused", ["extend", "resume"])])
def test_resume_asks_the_trainer_of_a_running_run_to_extend_it(
    store: RunStore, answer: Answer, state: str, kinds: list[str]
) -> None:
    store.create(tiny(train__images=640), "mine")
    with store.claim("mine", "terminal"), store.history("mine") as history:
        history.set_progress(status=state)

        answer("resume", "mine", "--images", "960", "--root", store.root)

        assert [request.kind for request in history.requests.all(0)] == kinds
        assert history.requests.all(0)[0].images == 960


def test_resume_refuses_a_finished_run_and_says_how_to_extend_it(finished: RunStore, refusal: Answer) -> None:
    sentence = refusal("resume", "digits", "--root", finished.root)

    assert "has shown 640 images and is finished; give a larger total to extend it" in sentence


def test_resume_refuses_a_total_that_a_stopped_run_has_reached(store: RunStore, refusal: Answer) -> None:
    run = store.create(tiny(), "stopped")
    with store.history(run) as history:
        history.set_progress(status="stopped", images_seen=7_312, images_target=10_000)

    assert "has shown 7,312 images; give a larger total" in refusal(
        "resume", run, "--images", 500, "--root", store.root
    )


def test_an_expression_may_begin_with_a_minus_or_have_a_true_one(
    finished: RunStore, answer: Answer, elsewhere: Path
) -> None:
    for name, expression in (
        ("plain", "seed:3 - seed:7"),
        ("first", "-seed:7 + seed:3"),
        ("true", "seed:3 \u2212 seed:7"),
    ):
        answer("latent", "digits", expression, "--out", elsewhere / f"{name}.png", "--root", finished.root)

    assert (elsewhere / "plain.png").read_bytes() == (elsewhere / "true.png").read_bytes()
    assert np.array_equal(pixels(elsewhere / "plain.png"), pixels(elsewhere / "first.png"))


def test_train_refuses_a_run_that_exists_and_points_to_resume(finished: RunStore, refusal: Answer) -> None:
    before = finished.summary("digits")

    sentence = refusal("train", "--run", "digits", *tiny_settings(), "--root", finished.root)

    assert sentence == "run digits already exists; resume it, or choose another name"
    assert finished.summary("digits") == before


# what cannot be


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "studoi"], ["no preset 'studoi'", "did you mean 'studio'?", "dcgan"]),
        (["--set", "optim.batchsize=4"], ["optim.batchsize", "is no setting", "'optim.batch_size'"]),
        (["--set", "nonsense=4"], ["nonsense", "is no setting"]),
        (["--set", "model.generator=4"], ["model.generator", "is no setting"]),
        (["--set", "optim.batch_size"], ["--set wants dotted.key=value, got 'optim.batch_size'"]),
        (["--set", "optim.batch_size=many"], ["optim.batch_size", "integer", "got 'many'"]),
        (["--set", "optim.batch_size=2.5"], ["optim.batch_size", "integer", "got 2.5"]),
        (["--set", "optim.lr_g=NaN"], ["optim.lr_g", "finite"]),
        (["--set", "objective.loss=best"], ["objective.loss", "'hinge'", "got 'best'"]),
        (["--set", "model.generator.family=best"], ["model.generator", "best"]),
        (["--set", "data.name=folder"], ["data.folder", "must name a folder"]),
        (["--set", "data.image_size=30"], ["data.image_size", "multiple of 4"]),
        (["--images", "0"], ["train.images", "greater than or equal to 1"]),
        (["--images", "many"], ["'--images'", "valid integer"]),
        (["--run", "../x"], ["'../x' cannot be the name of a run", "letters, digits"]),
        (["--run", ""], ["'' cannot be the name of a run"]),
        (["--colour"], ["--colour"]),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_created(
    arguments: list[str], words: list[str], store: RunStore, elsewhere: Path, refusal: Answer
) -> None:
    sentence = refusal("train", *arguments, "--root", store.root)

    assert [word for word in words if word not in sentence] == []
    assert list(store.root.iterdir()) == []
    assert list(elsewhere.iterdir()) == []


def test_all_that_is_out_of_range_is_reported_at_once(store: RunStore, refusal: Answer) -> None:
    settings = ("optim.batch_size=1", "optim.lr_g=2", "optim.beta1=1", "train.seed=-1", "train.speed=9")

    sentence = refusal("train", *(part for text in settings for part in ("--set", text)), "--root", store.root)

    assert [text for text in settings if text.partition("=")[0] not in sentence] == []
    assert list(store.root.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["resume"],
        ["pause"],
        ["stop"],
        ["fingerprint"],
        ["sample", "--out", "a.png"],
        ["latent", "seed:1", "--out", "a.png"],
        ["export", "--out", "a"],
    ],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize(("run", "words"), [("nowhere", "there is no run 'nowhere'"), ("../x", "cannot be the name")])
def test_a_missing_run_is_one_sentence(
    arguments: list[str], run: str, words: str, store: RunStore, elsewhere: Path, refusal: Answer
) -> None:
    sentence = refusal(arguments[0], run, *arguments[1:], "--root", store.root)

    assert words in sentence
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("arguments", [["nonsense"], ["sample"], ["sample", "digits"], ["train", "one", "two"]])
def test_a_command_that_cannot_be_understood_is_one_sentence(arguments: list[str], refusal: Answer) -> None:
    assert refusal(*arguments).count(" ") >= 2


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    printed = capsys.readouterr()
    assert "fingerprint" in printed.out + printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("command", ["pause", "stop"])
def test_a_run_that_does_not_train_cannot_be_paused(command: str, finished: RunStore, refusal: Answer) -> None:
    assert refusal(command, "digits", "--root", finished.root).startswith("run digits is finished, so ")


def test_stop_removes_a_waiting_run_from_the_queue(store: RunStore, answer: Answer) -> None:
    store.create(tiny(), "waiting")

    answer("stop", "waiting", "--root", store.root)

    assert store.progress("waiting").status == "stopped"


def test_a_run_without_a_checkpoint_has_no_fingerprint(store: RunStore, refusal: Answer) -> None:
    store.create(tiny(), "waiting")

    assert "no checkpoint was ever saved" in refusal("fingerprint", "waiting", "--root", store.root)


def test_a_run_without_steps_cannot_be_drawn(store: RunStore, elsewhere: Path, refusal: Answer) -> None:
    store.create(tiny(), "waiting")

    assert "no snapshot yet" in refusal("sample", "waiting", "--out", elsewhere / "a.png", "--root", store.root)
    assert list(elsewhere.iterdir()) == []


def test_a_damaged_run_is_one_sentence(store: RunStore, refusal: Answer) -> None:
    store.create(tiny(), "damaged")
    (store.root / "damaged" / "config.json").write_text("{")

    assert "damaged" in refusal("resume", "damaged", "--root", store.root)


# failures


@pytest.mark.parametrize(("content", "words"), [(None, "does not exist"), ("", "is empty"), ("text", "no image")])
def test_a_folder_without_pictures_makes_no_run(
    content: str | None, words: str, store: RunStore, elsewhere: Path, refusal: Answer
) -> None:
    pictures = elsewhere / "pictures"
    if content is not None:
        pictures.mkdir()
    if content:
        (pictures / "notes.txt").write_text(content)
    settings = tiny_settings(data__name="folder", data__folder=pictures)

    assert words in refusal("train", "--run", "a", *settings, "--root", store.root)
    assert not store.exists("a")


def test_a_failed_run_can_be_resumed_after_its_cause_is_removed(
    store: RunStore, elsewhere: Path, answer: Answer
) -> None:
    pictures = elsewhere / "pictures"
    store.create(tiny(data__name="folder", data__folder=str(pictures), data__limit=0), "a")
    assert main(["resume", "a", "--root", str(store.root)]) == 1
    assert "does not exist" in store.progress("a").reason
    pictures.mkdir()
    for value in range(3):
        Image.new("L", (8, 8), value * 100).save(pictures / f"{value}.png")

    answer("resume", "a", "--root", store.root)

    assert store.progress("a").status == "finished"


# pictures


def test_sample_draws_seeds_in_rows_of_eight_native_pixels(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    answer("sample", "digits", "--seeds", "0-9", "--out", elsewhere / "a.png", "--root", finished.root)

    assert pixels(elsewhere / "a.png").shape == (16, 64)


def test_sample_draws_exactly_the_grid_that_the_run_wrote(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    answer("sample", "digits", "--out", elsewhere / "a.png", "--root", finished.root)

    assert (elsewhere / "a.png").read_bytes() == finished.samples("digits").png()


def test_sample_at_an_earlier_snapshot_draws_the_grid_of_that_snapshot(
    finished: RunStore, elsewhere: Path, answer: Answer
) -> None:
    answer("sample", "digits", "--at", "320", "--out", elsewhere / "a.png", "--root", finished.root)

    assert (elsewhere / "a.png").read_bytes() == finished.samples("digits").png(320)
    assert (elsewhere / "a.png").read_bytes() != finished.samples("digits").png()


def test_seeds_are_drawn_in_the_order_that_they_are_named_in(
    finished: RunStore, elsewhere: Path, answer: Answer
) -> None:
    for seeds in ("3,7", "7, 3"):
        answer("sample", "digits", "--seeds", seeds, "--out", elsewhere / f"{seeds}.png", "--root", finished.root)

    first, second = pixels(elsewhere / "3,7.png"), pixels(elsewhere / "7, 3.png")
    assert first[:, :8].tolist() == second[:, 8:].tolist()
    assert first[:, 8:].tolist() == second[:, :8].tolist()


def test_raw_draws_the_generator_itself_and_not_its_average(
    finished: RunStore, elsewhere: Path, answer: Answer
) -> None:
    for name, options in (("average", []), ("raw", ["--raw"])):
        answer("sample", "digits", *options, "--out", elsewhere / name, "--root", finished.root)

    assert pixels(elsewhere / "raw").shape == pixels(elsewhere / "average").shape
    assert (elsewhere / "raw").read_bytes() != (elsewhere / "average").read_bytes()


def test_a_label_is_drawn_for_every_seed(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    for name, seeds, label in (("turns", "0-9", []), ("threes", "3", ["--label", "3"])):
        answer("sample", "labelled", "--seeds", seeds, *label, "--out", elsewhere / name, "--root", finished.root)

    fourth = pixels(elsewhere / "turns")[:8, 24:32]
    assert pixels(elsewhere / "threes").tolist() == fourth.tolist()


def test_latent_of_one_seed_is_the_picture_of_that_seed(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    answer("latent", "digits", "seed:5 + seed:9 - seed:9", "--out", elsewhere / "sum.png", "--root", finished.root)
    answer("sample", "digits", "--seeds", "5", "--out", elsewhere / "five.png", "--root", finished.root)

    assert (elsewhere / "sum.png").read_bytes() == (elsewhere / "five.png").read_bytes()


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--psi", "1.5"], "--psi must be a number from 0 to 1, got 1.5"),
        (["--psi", "nan"], "--psi must be a number from 0 to 1, got nan"),
        (["--tau", "0"], "--tau must be a number above 0 and at most 10, got 0.0"),
        (["--tau", "inf"], "--tau must be a number above 0 and at most 10, got inf"),
    ],
)
def test_latent_refuses_a_truncation_out_of_range(
    finished: RunStore, elsewhere: Path, refusal: Answer, option: list[str], sentence: str
) -> None:
    said = refusal("latent", "digits", "seed:5", *option, "--out", elsewhere / "a.png", "--root", finished.root)
    assert said == sentence


def test_latent_takes_the_snapshot_the_label_and_the_raw_weights(
    finished: RunStore, elsewhere: Path, answer: Answer
) -> None:
    options: dict[str, list[str]] = {"plain": [], "at": ["--at", "160"], "label": ["--label", "4"], "raw": ["--raw"]}
    for name, option in options.items():
        answer("latent", "labelled", "seed:1", *option, "--out", elsewhere / name, "--root", finished.root)

    assert len({(elsewhere / name).read_bytes() for name in options}) == len(options)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("seed:1 +", "is incomplete"),
        ("seed:1 ++", "'+' at character 9 is not expected here"),
        ("seed:1 * seed:2", "multiplies two seeds"),
        ("3", "contains no seed"),
        ("__import__('os')", "cannot be understood"),
        ("", "is incomplete"),
    ],
)
def test_a_bad_expression_is_one_sentence_that_names_the_place(
    expression: str, words: str, finished: RunStore, elsewhere: Path, refusal: Answer
) -> None:
    sentence = refusal("latent", "digits", expression, "--out", elsewhere / "a.png", "--root", finished.root)

    assert words in sentence
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("seeds", ["x", "", "3-", "-3", "5-2", "1,,2", "1.5", "²", "9" * 5000, "0-4096", "1-2-3"])
def test_bad_seeds_are_one_sentence(seeds: str, finished: RunStore, elsewhere: Path, refusal: Answer) -> None:
    sentence = refusal("sample", "digits", f"--seeds={seeds}", "--out", elsewhere / "a.png", "--root", finished.root)

    assert "--seeds" in sentence
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("run", "options", "words"),
    [
        ("labelled", ["--label", "10"], "has no label 10: use one of 0..9"),
        ("labelled", ["--label=-1"], "has no label -1"),
        ("digits", ["--label", "0"], "it was trained without labels"),
        ("digits", ["--at", "5"], "has no snapshot at 5 images; it has those at 0, "),
        ("digits", ["--at", "320", "--raw"], "--raw shows the newest checkpoint and cannot be combined with --at"),
        ("digits", ["--out", "missing/a.png"], "could not write missing/a.png"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_one_sentence(
    run: str, options: list[str], words: str, finished: RunStore, elsewhere: Path, refusal: Answer
) -> None:
    sentence = refusal("sample", run, "--out", "a.png", *options, "--root", finished.root)

    assert words in sentence
    assert list(elsewhere.iterdir()) == []


# away with it


def test_an_exported_file_holds_the_weights_and_the_configuration(
    finished: RunStore, elsewhere: Path, answer: Answer
) -> None:
    out = elsewhere / "g.safetensors"

    answer("export", "digits", "--format", "safetensors", "--at", "320", "--out", out, "--root", finished.root)

    with safetensors.safe_open(out, "pt") as file:
        assert json.loads(file.metadata()["config"]) == finished.config("digits").model_dump(mode="json")
        assert file.metadata()["images_seen"] == "320"
        assert len(list(file.keys())) > 4


def test_the_end_of_a_name_says_the_format(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    for name, kind in (("a.png", "PNG"), ("a.webp", "WEBP"), ("a.gif", "GIF"), ("a.jpg", "JPEG"), ("a", "PNG")):
        answer("sample", "digits", "--seeds", "0-7", "--out", elsewhere / name, "--root", finished.root)
        with Image.open(elsewhere / name) as picture:
            assert picture.format == kind
    answer("export", "digits", "--out", elsewhere / "g.onnx", "--root", finished.root)
    assert b"pytorch" in (elsewhere / "g.onnx").read_bytes()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["sample", "digits", "--out", "a.bmp"], "and not as .bmp"),
        (["latent", "digits", "seed:1", "--out", "a.xyz"], "and not as .xyz"),
        (["export", "digits", "--format", "onnx", "--out", "g.safetensors"], "but the format is onnx; change one"),
    ],
)
def test_a_name_that_contradicts_the_format_is_refused(
    finished: RunStore, elsewhere: Path, refusal: Answer, command: list[str], words: str
) -> None:
    assert words in refusal(*command, "--root", finished.root)
    assert list(elsewhere.iterdir()) == []


def test_an_exported_snapshot_is_pinned(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    answer("export", "labelled", "--at", "480", "--out", elsewhere / "g", "--root", finished.root)

    assert finished.snapshots("labelled").all()[480] is True


def test_an_exported_network_runs_without_torch(finished: RunStore, elsewhere: Path, answer: Answer) -> None:
    out = elsewhere / "g.onnx"
    answer("export", "labelled", "--format", "onnx", "--out", out, "--root", finished.root)

    session = onnxruntime.InferenceSession(out)
    (images,) = session.run(None, {"z": np.zeros((3, 4), np.float32), "y": np.array([0, 1, 2])})

    assert images.shape == (3, 1, 8, 8)


def test_an_unknown_format_is_one_sentence(finished: RunStore, elsewhere: Path, refusal: Answer) -> None:
    sentence = refusal("export", "digits", "--format", "pickle", "--out", elsewhere / "g", "--root", finished.root)

    assert "'pickle'" in sentence
    assert "safetensors" in sentence


def test_a_fingerprint_is_the_same_each_time_and_another_for_another_run(finished: RunStore, answer: Answer) -> None:
    prints = [answer("fingerprint", run, "--root", finished.root).strip() for run in ("digits", "digits", "labelled")]

    assert len(bytes.fromhex(prints[0])) == 32
    assert prints[0] == prints[1] != prints[2]

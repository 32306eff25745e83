"""The benchmark of the presets on tiny runs: times, resuming, measurements, pictures, and the page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import gradients
from benchmarks import presets as benchmark
from benchmarks import presets_page as page
from gan_core.config import RunConfig, with_overrides
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.preset import Preset, Reached, reached_by
from gan_core.runs.store import RunError, RunStore
from tests.tiny import tiny

MARKS = (0.4, 1.1)  # seconds of training
JUST_OVER = 1.5  # a run is looked at twice a second


def as_preset(name: str, config: RunConfig) -> Preset:
    return replace(PRESETS[name], config=config)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, one_processor: None) -> RunStore:
    """One run of the preset `mlp`, as tiny as it can be, trained through both marks."""
    store = RunStore(tmp_path_factory.mktemp("measured"))
    benchmark.train(store, as_preset("mlp", tiny()), MARKS)
    return store


@pytest.mark.alone
def test_a_run_is_trained_to_the_last_mark_and_has_a_pinned_snapshot_at_each(store: RunStore) -> None:
    pinned = [images_seen for images_seen, pinned in store.snapshots("mlp").all().items() if pinned]

    assert store.progress("mlp").status == "stopped"
    assert MARKS[-1] <= store.progress("mlp").seconds < MARKS[-1] + JUST_OVER
    assert len(pinned) == len(MARKS)
    assert pinned[-1] == store.progress("mlp").images_seen


def test_a_finished_run_is_not_trained_again_and_a_shorter_one_is_resumed(store: RunStore) -> None:
    before = store.progress("mlp").images_seen
    benchmark.train(store, as_preset("mlp", tiny()), MARKS)
    unchanged = store.progress("mlp").images_seen
    mark = store.progress("mlp").seconds + 0.2
    benchmark.train(store, as_preset("mlp", tiny()), [*MARKS, mark])

    assert unchanged == before
    assert store.progress("mlp").seconds >= mark
    assert store.progress("mlp").images_seen > before


def test_a_run_with_other_settings_than_its_preset_is_refused(store: RunStore) -> None:
    with pytest.raises(RunError, match="trained with other settings than the preset has now; move it away"):
        benchmark.train(store, as_preset("mlp", tiny(optim__batch_size=32)), MARKS)


def test_the_snapshots_nearest_to_the_marks_are_distinct_and_within_the_run(store: RunStore) -> None:
    marks = [*MARKS, MARKS[-1] + 0.001, 1_000]
    near = benchmark.snapshots_near(store, "mlp", [0, *marks])

    assert [images_seen for _, images_seen in near] == sorted({images_seen for _, images_seen in near})
    assert near[0] == (0.0, 0)
    assert len(near) == len(benchmark.frames(store, "mlp", marks)) >= 2
    assert all(min(abs(seconds - mark) for mark in (0, *MARKS)) < JUST_OVER for seconds, _ in near)


def test_a_measurement_is_found_for_the_same_settings_only(store: RunStore, tmp_path: Path) -> None:
    path, longer = tmp_path / "measured.json", with_overrides(tiny(), {"train.images": 10_000})
    reached = benchmark.measure(store, "mlp", MARKS)
    benchmark.write_measured(store, "mlp", reached, path)

    assert reached_by("mlp", tiny(), path) == reached_by("mlp", longer, path) == tuple(reached)
    assert reached_by("mlp", tiny(optim__batch_size=32), path) == ()
    assert reached_by("dcgan", tiny(), path) == ()
    assert len(reached[0].shares) == 10
    assert 0 <= reached[0].confident <= 1
    assert 0 <= reached[0].accuracy_real <= 1
    assert reached[0].threads == 1
    assert reached[-1].images_per_second > 0


def test_a_measurement_with_a_removed_setting_is_ignored(store: RunStore, tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    benchmark.write_measured(store, "mlp", [], path)
    values = json.loads(path.read_text())
    values["presets"]["mlp"]["config"]["optim"]["momentum"] = 0.9
    (tmp_path / "older.json").write_text(json.dumps(values))

    assert reached_by("mlp", tiny(), tmp_path / "older.json") == ()


def test_the_page_has_a_table_a_section_and_pictures(store: RunStore, tmp_path: Path) -> None:
    chosen, measured = as_preset("mlp", tiny()), tmp_path / "measured.json"
    benchmark.write(store, chosen, tmp_path, measured)
    text = (tmp_path / "presets.md").read_text()

    assert {path.name for path in (tmp_path / "presets").iterdir()} == {"mlp.png", "mlp.webp"}
    with Image.open(tmp_path / "presets" / "mlp.png") as grid:
        assert grid.size == (64, 64)
    assert (tmp_path / "presets" / "mlp.webp").read_bytes()[8:12] == b"WEBP"
    assert text.count("### ") == len(PRESETS)
    assert PRESETS["keras-conv"].unlike in text


def labelled_run(root: Path) -> RunStore:
    store = RunStore(root)
    benchmark.train(store, as_preset("conditional", tiny(data__labels=True)), [0.1])
    return store


def test_a_run_with_labels_is_measured_for_each_digit(tmp_path: Path) -> None:
    (reached,) = benchmark.measure(labelled_run(tmp_path), "conditional", [0.1])

    assert len(reached.shares) == 10


def measurement(**changes: object) -> Reached:
    good = Reached(
        seconds=300.2,
        images_seen=120_000,
        shares=(0.07,) * 10,
        accuracy_real=0.8,
        accuracy_fake=0.7,
        threads=1,
        precision="bfloat16",
    )
    return replace(good, **changes)  # type: ignore[arg-type]  # whatever a test wants to be otherwise


VERDICTS = [
    ({}, "sure of 70% of the samples. All ten digits occur, and D is not too strong for G."),
    ({"shares": (0.0, 0.01, *(0.09,) * 8)}, "0 and 1 are missing."),
    ({"shares": (0.0,) * 10}, "No digit makes up 2 %"),
    ({"shares": (0.03,) * 10}, "Most samples are not clear digits."),
    ({"shares": (*(0.01,) * 8, 0.9, 0.0)}, "It takes 90% of them for a 8, as it may do with noise"),
    ({"images_seen": 30_000}, "It is slow: at 100 images a second it has seen 30,000 of 60,000 images"),
    (
        {"accuracy_real": 1.0, "accuracy_fake": 0.995},
        "D classifies 100.0% of the real and 99.5% of the generated images correctly",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), VERDICTS)
def test_the_page_says_what_is_wrong_and_why(changes: dict[str, object], sentence: str) -> None:
    assert sentence in page.verdict([measurement(**changes)])


def test_the_page_says_when_a_run_has_become_worse() -> None:
    early, late = measurement(seconds=60.0), measurement(shares=(0.04,) * 10)

    assert "better after 1 minutes (70%)" in page.verdict([early, late])
    assert "become worse" not in page.verdict([late, measurement()])


def test_the_best_preset_of_a_table_has_the_most_digits_then_the_most_sure_samples() -> None:
    clear, whole = measurement(shares=(0.0, *(0.1,) * 9)), measurement(shares=(0.05,) * 10)
    known = {"minimax": (clear,), "mlp": (whole,)}

    assert page.table_at(5, known).endswith("share of sure samples: `mlp`.")
    assert page.table_at(5, {**known, DEFAULT: (clear,)}).endswith(
        f"`mlp`. The default, `{DEFAULT}`, is number 3 of 3."
    )
    assert page.table_at(5, {**known, DEFAULT: (measurement(),)}).endswith(
        f"sure samples: `{DEFAULT}`. It is the default."
    )
    assert page.table_at(10, known) == ""


def test_gradients_writes_a_table_and_a_picture_of_both_losses(tmp_path: Path) -> None:
    digits = {name: with_overrides(PRESETS[name].config, {"data.name": "digits"}) for name in gradients.NAMES}
    curves = {name: [gradients.curves_of(config, 2)] for name, config in digits.items()}
    gradients.draw_gradients(curves, tmp_path / "gradients.png")
    rows = gradients.table_rows("minimax", curves["minimax"])

    assert [len(column) for column in curves["minimax"][0]] == [57] * 3  # steps of 64 up to twice 1,797
    assert curves["minimax"][0].probability_fake[0] == curves["non-saturating"][0].probability_fake[0]
    assert curves["minimax"][0].grad_norm_g[0] < curves["non-saturating"][0].grad_norm_g[0]
    assert [row["loss"] for row in rows] == ["minimax"] * 4
    gradients.write_page([*rows, *gradients.table_rows("non-saturating", curves["non-saturating"])], tmp_path)
    assert "times as long" in (tmp_path / "gradients.md").read_text()
    with Image.open(tmp_path / "gradients.png") as drawn:
        assert drawn.size == (800, 600)

"""One run from its first step to its last, with changes of its files, data and machine in between."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_core.runs.store import OwnedError, RunStore
from gan_core.training.state import fingerprint
from tests.tiny_runs import tiny, train


@pytest.fixture
def store(tmp_path: Path, elsewhere: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def end_of(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def kinds(store: RunStore, run: str) -> list[str]:
    return [event.kind for event in store.events(run)]


def states(store: RunStore, run: str) -> list[Path]:
    return sorted(store.folder(run).glob("state-*"))


def test_a_truncated_newest_state_falls_back_says_so_and_ends_the_same(store: RunStore) -> None:
    straight, damaged = store.create(tiny(), "straight"), store.create(tiny(), "damaged")
    train(store, straight)
    train(store, damaged, images=480)
    newest = states(store, damaged)[-1]
    newest.write_bytes(newest.read_bytes()[:1000])

    assert train(store, damaged, images=640) == "finished"

    assert "fallback" in kinds(store, damaged)
    assert end_of(store, damaged) == end_of(store, straight)


def test_a_state_of_another_configuration_is_passed_over(store: RunStore) -> None:
    run, other = store.create(tiny(), "run"), store.create(tiny(model__latent__size=5), "other")
    train(store, run, images=320)
    train(store, other, images=640)
    foreign = states(store, other)[-1]
    (store.folder(run) / foreign.name).write_bytes(foreign.read_bytes())

    assert train(store, run, images=640) == "finished"

    assert any("does not fit" in event.text for event in store.events(run))
    assert store.progress(run).images_seen == 640


def test_changed_data_are_refused_with_the_way_out(store: RunStore, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(20):
        Image.fromarray(np.full((8, 8), number, np.uint8)).save(pictures / f"{number:02}.png")
    run = store.create(tiny(data__name="folder", data__folder=str(pictures), data__limit=0), "run")
    train(store, run, images=160)
    Image.fromarray(np.full((8, 8), 200, np.uint8)).save(pictures / "19.png")

    assert train(store, run, images=640) == "failed"

    assert "put the old data back" in store.progress(run).reason


def test_other_versions_are_an_event_and_do_not_stop_a_run(store: RunStore) -> None:
    run = store.create(tiny(), "run")
    train(store, run, images=320)
    record_file = store.folder(run) / "config.json"
    record = json.loads(record_file.read_text())
    record["resolved"]["versions"]["torch"] = "1.0"
    record_file.write_text(json.dumps(record))

    assert train(store, run, images=640) == "finished"

    assert any("torch was 1.0" in event.text for event in store.events(run))


def test_a_colour_folder_with_labels_trains_conditional_networks(store: RunStore, tmp_path: Path) -> None:
    for label, colour in (("red", (255, 0, 0)), ("blue", (0, 0, 255))):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for number in range(10):
            picture = Image.new("RGB", (20 + number, 16), colour)
            picture.save(tmp_path / "pictures" / label / f"{number}.jpg")
    config = tiny(
        data__name="folder",
        data__folder=str(tmp_path / "pictures"),
        data__limit=0,
        data__labels=True,
        data__channels=3,
    )
    run = store.create(config, "run")

    assert train(store, run) == "finished"

    resolved = store.record(run)["resolved"]
    assert resolved["classes"] == ["blue", "red"]
    assert "resized to 8 pixels" in resolved["data_source"]


def test_a_second_trainer_is_refused_by_the_owners_name(store: RunStore) -> None:
    run = store.create(tiny(), "run")
    with store.claim(run, "dashboard"), pytest.raises(OwnedError, match="dashboard"):
        train(store, run)


def test_what_auto_came_out_as_is_kept_by_a_resumed_run(store: RunStore) -> None:
    run = store.create(tiny(train__precision="auto"), "run")
    train(store, run, images=320)
    before = store.record(run)
    train(store, run, images=640)
    assert store.record(run) == before
    assert before["resolved"]["precision"] in ("float32", "bfloat16")


def test_an_unforeseen_error_is_the_runs_reason_and_its_trace_an_event(store: RunStore) -> None:
    run = store.create(tiny(), "run")
    store.resolve(run, {"unheard": "of"})
    assert train(store, run) == "failed"
    assert store.progress(run).reason == "KeyError: 'device'"
    assert kinds(store, run) == ["trace", "failed"]


DEEP = [8] * 8  # without norms, so that the numbers grow from layer to layer
DIVERGING: dict[str, dict[str, Any]] = {
    "the gradient of D": {
        "objective__loss": "least_squares",
        "optim__lr_g": 1.0,
        "optim__lr_d": 1.0,
        "model__generator__widths": DEEP,
        "model__generator__norm": "none",
        "model__generator__output": "linear",
    },
    "the gradient of G": {
        "objective__loss": "wasserstein",
        "optim__lr_d": 1.0,
        "model__discriminator__widths": DEEP,
    },
}


@pytest.mark.parametrize("subject", DIVERGING)
def test_a_run_that_diverges_fails_with_a_code_and_names_the_number_and_the_step(store: RunStore, subject: str) -> None:
    run = store.create(tiny(**DIVERGING[subject]), "run")

    assert train(store, run) == "failed"

    progress, [event] = store.progress(run), store.events(run)
    assert re.fullmatch(f"{subject} became (infinite|NaN) at step {progress.step + 1}", progress.reason)
    assert progress.code == store.summary(run).code == "non_finite"
    assert (event.kind, event.text) == ("failed", progress.reason)
    curve = store.curve(run, points=2000)
    assert curve["step"].tolist() == list(range(1, progress.step + 1))  # the steps before it are kept
    assert np.isfinite(curve[["loss_d", "loss_g", "grad_norm_d", "grad_norm_g"]].to_numpy()).all()
    saved = store.checkpoints(run).newest().tensors.values()
    assert all(bool(tensor.isfinite().all()) for tensor in saved)

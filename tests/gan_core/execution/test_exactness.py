"""A run that was saved, loaded and resumed is bit for bit the run that was not stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import torch

from gan_core.config import AugmentName, LossName, PenaltyName, Precision, RunConfig
from gan_core.evaluation.digit_classifier import load_classifier
from gan_core.execution.recorder import Recorder, sample_grid
from gan_core.execution.worker import Worker
from gan_core.numerics.rng import latents_for_seeds
from gan_core.pictures.render import render
from gan_core.runs.networks import generator_at
from gan_core.runs.store import RunStore
from gan_core.training.state import TrainState, fingerprint
from gan_core.training.trainer import Trainer
from tests.pairwise import Pair, Row, pairwise
from tests.tiny import CLASSES, CPU, digits, tiny, tiny_family
from tests.tiny_runs import tiny as tiny_run
from tests.tiny_runs import train
from tests.waiting import eventually

STEPS = 4
CONVOLUTIONAL = ("dcgan", "resize", "studio")
FACTORS = {
    "loss": get_args(LossName),
    "penalty": get_args(PenaltyName),
    "family": ("mlp", *CONVOLUTIONAL),
    "norm": ("none", "batch", "layer", "spectral"),
    "augment": get_args(AugmentName),
    "halflife": (0, 10_000),
    "dropout": (0.0, 0.3),
    "d_steps": (1, 2),
    "labels": (False, True),
    "precision": ("float32", "bfloat16"),
}
NEVER: list[Pair] = [(("family", family), ("norm", "layer")) for family in CONVOLUTIONAL]
ROWS = pairwise(FACTORS, NEVER)


def name_of(row: Row) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items())


def config_of(row: Row) -> RunConfig:
    """The configuration of one row; generators have no spectral norm, and not every family can drop or do without."""
    norm, spectral = ("none", True) if row["norm"] == "spectral" else (row["norm"], False)
    generator: dict[str, Any] = {
        "mlp": {"model__generator__norm": norm, "model__generator__dropout": row["dropout"]},
        "resize": {"model__generator__norm": norm},
    }.get(row["family"], {})
    return tiny_family(
        row["family"],
        **generator,
        model__discriminator__norm=norm,
        model__discriminator__spectral_norm=spectral,
        model__discriminator__dropout=row["dropout"],
        objective__loss=row["loss"],
        objective__penalty=row["penalty"],
        objective__gamma_end=0.1,
        objective__gamma_images=STEPS * 8,
        objective__augment=row["augment"],
        optim__ema_halflife_images=row["halflife"],
        optim__d_steps=row["d_steps"],
        data__labels=row["labels"],
        train__precision=row["precision"],
    )


def start(config: RunConfig, precision: Precision = "float32") -> Trainer:
    classes = CLASSES if config.data.labels else 0
    return Trainer(config, TrainState(config, classes, CPU), digits(), CPU, precision, threads=1)


def go(trainer: Trainer, steps: int, between: Callable[[], object] = lambda: None) -> Trainer:
    target = trainer.state.images_seen + steps * trainer.config.images_per_step
    for _ in trainer.steps(target):
        between()
    return trainer


def end_of(trainer: Trainer) -> str:
    return fingerprint(trainer.state.tensors(), trainer.state.counters())


def saved_and_loaded(trainer: Trainer, store: RunStore, precision: Precision) -> Trainer:
    """Save the state of a trainer and load it into a new one."""
    run = store.create(trainer.config)
    store.checkpoints(run).save(trainer.state.tensors(), trainer.state.counters())
    successor = start(store.config(run), precision)
    assert end_of(successor) != end_of(trainer)
    assert store.checkpoints(run).newest(successor.state.load).complaints == []
    return successor


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_half_the_steps_saved_loaded_and_the_other_half_are_all_steps(row: Row, tmp_path: Path) -> None:
    config, precision = config_of(row), row["precision"]
    straight = go(start(config, precision), STEPS)

    half = go(start(config, precision), STEPS // 2)
    broken = go(saved_and_loaded(half, RunStore(tmp_path), precision), STEPS // 2)

    assert end_of(broken) == end_of(straight)
    straight.state.check_finite()


def test_every_row_of_the_covering_set_trains_differently() -> None:
    ends = {end_of(go(start(config_of(row), row["precision"]), 2)) for row in ROWS}

    assert len(ends) == len(ROWS)


def test_a_run_broken_after_every_single_step_is_the_same_across_the_end_of_an_epoch(tmp_path: Path) -> None:
    config = tiny_family("mlp", optim__batch_size=512, model__discriminator__dropout=0.3)
    straight = go(start(config), 8)  # 4,096 of 1,797 images

    trainer, store = start(config), RunStore(tmp_path)
    for _ in range(8):
        trainer = saved_and_loaded(go(trainer, 1), store, "float32")

    assert end_of(trainer) == end_of(straight)


def test_a_run_broken_between_two_updates_of_its_average_is_the_same(tmp_path: Path) -> None:
    config = tiny(optim__ema_halflife_images=2_000)
    trainers = [start(config) for _ in range(2)]
    for trainer in trainers:
        trainer.state.step, trainer.state.images_seen = 10_000, 80_000  # late: the average moves each fourth step
    straight = go(trainers[0], 8)

    trainer, store = trainers[1], RunStore(tmp_path)
    for steps in (1, 2, 3, 2):
        trainer = saved_and_loaded(go(trainer, steps), store, "float32")

    assert end_of(trainer) == end_of(straight)


def watched(trainer: Trainer, store: RunStore) -> Callable[[], None]:
    """A function that does everything that may happen between two steps."""
    run, state, config = store.create(trainer.config), trainer.state, trainer.config
    recorder = Recorder(store.open(run), state, len(digits()), state.generator.inputs.classes)
    recorder.begin(config.train.images)
    classifier = load_classifier()

    def look() -> None:
        sample_grid(config, state.generator.inputs.classes, state)
        recorder.sample()
        recorder.save()
        _, generator = generator_at(store, run, "latest")
        labels = torch.zeros(5, dtype=torch.int64) if config.data.labels else None
        classifier.probabilities(render(generator, config, latents_for_seeds(range(5), config.model.latent), labels))
        store.checkpoints(run).newest()
        store.curve(run)
        store.samples(run).all()
        store.runs()

    return look


@pytest.mark.parametrize("family", ["mlp", *CONVOLUTIONAL])
def test_previews_the_classifier_and_readers_between_steps_change_nothing(family: str, tmp_path: Path) -> None:
    extras = {"model__generator__dropout": 0.3} if family == "mlp" else {}
    config = tiny_family(
        family,
        **extras,
        model__discriminator__dropout=0.3,
        model__discriminator__spectral_norm=True,
        objective__augment="translation_cutout",
        data__labels=True,
    )
    straight = go(start(config), STEPS)

    trainer = start(config)
    look = watched(trainer, RunStore(tmp_path))

    def look_and_draw() -> None:
        look()
        torch.rand(7)  # a stranger draws from the global generator

    assert end_of(go(trainer, STEPS, look_and_draw)) == end_of(straight)


def test_training_leaves_the_global_random_numbers_alone(tmp_path: Path) -> None:
    before = torch.get_rng_state()

    trainer = start(tiny_family("resize", model__discriminator__dropout=0.3, objective__augment="translation"))
    go(trainer, 2, watched(trainer, RunStore(tmp_path)))

    assert torch.equal(torch.get_rng_state(), before)


def end_of_run(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def test_a_pause_in_between_changes_nothing(tmp_path: Path) -> None:
    store, config = RunStore(tmp_path), tiny_run(train__images=12_800, train__sample_every=1_600)
    straight, paused = store.create(config, "straight"), store.create(config, "paused")
    train(store, straight)

    worker = Worker(store)
    worker.resume(paused)
    eventually(lambda: store.progress(paused).step > 0, "the run trains")
    worker.pause(paused)
    eventually(lambda: store.progress(paused).status == "paused", "the run is paused")
    worker.resume(paused)
    eventually(lambda: store.progress(paused).status == "finished", "the run is finished")
    worker.shutdown(30)

    assert end_of_run(store, paused) == end_of_run(store, straight)


def test_a_run_that_is_extended_is_one_that_was_always_meant_to_be_longer(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    straight, extended = store.create(tiny_run(train__images=640)), store.create(tiny_run(train__images=320))
    train(store, straight)

    train(store, extended)
    train(store, extended, 480)
    train(store, extended, 640)

    assert end_of_run(store, extended) == end_of_run(store, straight)


def test_recorded_and_bare_training_are_the_same(tmp_path: Path) -> None:
    store, config = RunStore(tmp_path), tiny_run(data__limit=0, train__images=640)
    run = store.create(config)
    train(store, run)
    trainer = start(config)
    trainer.threads = store.record(run)["resolved"]["threads"]

    assert end_of(go(trainer, 40)) == end_of_run(store, run)

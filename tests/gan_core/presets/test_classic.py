"""The defects of the classic projects: each one that was repaired has a test that fails if it returns."""

from pathlib import Path

import pytest
import torch
from torch import nn

from gan_core.cli.draw import draw_expression, draw_seeds
from gan_core.config import ConfigError, with_overrides
from gan_core.config.advice import advice_on
from gan_core.data.registry import load
from gan_core.models.networks import build_discriminator, build_generator
from gan_core.numerics.pixel_range import AFFINE
from gan_core.presets import PRESETS, Preset
from gan_core.presets.classic import CLASSIC
from gan_core.runs.store import RunStore
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer
from tests.tiny import CPU, DATA
from tests.tiny_runs import train

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)
ENOUGH_FOR_BATCH_NORM = 16  # images


@pytest.fixture(params=[each.name for each in CLASSIC])
def each(request: pytest.FixtureRequest) -> Preset:
    return PRESETS[request.param]


def trainer_of(chosen: Preset) -> Trainer:
    """The preset itself, at step 0, on images that need no disk."""
    config = with_overrides(chosen.config, {"data.name": "digits", "optim.batch_size": 16})
    dataset = load(config.data, CPU, root=DATA)
    return Trainer(config, TrainState(config, 0, CPU), dataset, CPU, "float32", threads=1)


def test_no_batch_norm_sees_a_batch_of_one(each: Preset) -> None:
    small = with_overrides(each.config, {"optim.batch_size": ENOUGH_FOR_BATCH_NORM - 1})
    warned = any(advice.field == "optim.batch_size" for advice in advice_on(small))

    assert warned == (each.config.model.generator.family in ("colab-dcgan", "auto-write"))
    assert each.config.optim.batch_size >= ENOUGH_FOR_BATCH_NORM
    with pytest.raises(ConfigError, match=r"optim\.batch_size"):
        with_overrides(each.config, {"optim.batch_size": 1})


def test_generated_and_real_images_have_the_same_range(each: Preset) -> None:
    trainer = trainer_of(each)
    shown = trainer.dataset.batch(torch.arange(8), each.config.data.value_range)
    (last,) = [layer for layer in trainer.state.generator.layers if isinstance(layer, nn.Tanh | nn.Sigmoid)]
    scale, black = AFFINE[each.config.data.value_range]

    assert shown.min().item() == black
    assert last(torch.tensor([-1e4, 1e4])).tolist() == pytest.approx([black, black + 255 * scale], abs=1e-6)


def test_every_epoch_is_shuffled_differently(each: Preset) -> None:
    order = trainer_of(each).order
    first, second = order.indices(0, order.size), order.indices(order.size, order.size)

    assert not torch.equal(first, torch.arange(order.size))
    assert not torch.equal(first, second)
    assert torch.equal(first.sort().values, torch.arange(order.size))


def test_both_players_can_be_put_into_eval_mode_and_back(each: Preset) -> None:
    for network in (build_generator(each.config, 0), build_discriminator(each.config, 0)):
        assert not any(module.training for module in network.eval().modules())
        assert all(module.training for module in network.train().modules())


@pytest.mark.parametrize("name", ["colab-dcgan", "colab-linear", "auto-write"])
def test_gains_and_shifts_of_every_norm_are_trained(name: str) -> None:
    trainer = trainer_of(PRESETS[name])
    networks = (trainer.state.generator, trainer.state.discriminator)
    norms = [module for network in networks for module in network.modules() if isinstance(module, NORMS)]
    before = [parameter.clone() for norm in norms for parameter in norm.parameters()]

    for _ in range(2):
        trainer.step()

    assert norms
    after = [parameter for norm in norms for parameter in norm.parameters()]
    assert all(not torch.equal(*pair) for pair in zip(before, after, strict=True))


def test_sums_and_differences_of_seeds_give_different_images(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    config = with_overrides(
        PRESETS["colab-dcgan"].config,
        {"data.name": "digits", "train.images": 16, "train.precision": "float32", "train.threads": 1},
    )
    assert train(store, store.create(config, "colab")) == "finished"
    out = tmp_path / "out.png"

    pictures = []
    for expression in ("seed:12 - seed:7", "seed:12 + seed:7", "seed:7 - seed:12"):
        draw_expression(store, "colab", expression, None, None, False, out)
        pictures.append(out.read_bytes())
    for seed in (7, 12):
        draw_seeds(store, "colab", [seed], None, None, False, out)
        pictures.append(out.read_bytes())

    assert len(set(pictures)) == 5


def test_a_run_that_fails_says_why(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    config = with_overrides(
        PRESETS["colab-linear"].config, {"data.name": "folder", "data.folder": str(tmp_path / "none")}
    )

    assert train(store, store.create(config, "colab")) == "failed"
    assert str(tmp_path / "none") in store.progress("colab").reason

"""The presets: each can be built and trained, has a description, and is found by its name."""

import pytest

from gan_core.config import ConfigError, config_from, with_overrides
from gan_core.data.registry import load
from gan_core.objective.losses import loss_for
from gan_core.presets import DEFAULT, PRESETS, Preset, classic, modern, preset, recommended
from gan_core.training.state import TrainState
from gan_core.training.step_report import scalars_of
from gan_core.training.trainer import Trainer
from tests.tiny import CPU


@pytest.fixture(params=list(PRESETS))
def each(request: pytest.FixtureRequest) -> Preset:
    return PRESETS[request.param]


def test_two_steps_of_a_preset_move_both_players_to_finite_weights(each: Preset) -> None:
    small = {"data.name": "digits", "optim.batch_size": 16}  # the preset's networks, on images that need no disk
    config = with_overrides(each.config, small)
    dataset = load(config.data, CPU)
    state, start = TrainState(config, 0, CPU), TrainState(config, 0, CPU)
    trainer = Trainer(config, state, dataset, CPU, "float32", threads=1)

    reports = list(trainer.steps(2 * config.images_per_step))

    assert [report.step for report in reports] == [1, 2]
    assert all(values.isfinite().all() for values in scalars_of(reports, loss_for(config.objective)).values())
    state.check_finite()
    before, after = start.tensors(), state.tensors()
    for player in ("generator", "discriminator", "average"):
        weights = [name for name in after if name.startswith(player) and name.endswith("weight")]
        assert all(not after[name].equal(before[name]) for name in weights)


def test_a_preset_has_a_complete_description(each: Preset) -> None:
    sentences = [each.summary, *each.repaired, *([each.unlike] if each.unlike else [])]

    assert each.name
    assert each.title
    assert each.source
    assert not each.source.endswith(".")
    assert all(sentence.endswith(".") for sentence in sentences)


def test_every_classic_preset_but_the_two_losses_says_what_was_repaired_or_done_differently() -> None:
    classics = [each for each in PRESETS.values() if each.group == "classic"]

    assert [each.name for each in classics if not (each.repaired or each.unlike)] == ["minimax", "non-saturating"]


def test_every_preset_that_a_file_defines_is_offered() -> None:
    files = (recommended, classic, modern)
    defined = [value for file in files for value in vars(file).values() if isinstance(value, Preset)]

    assert {each.name for each in defined} == set(PRESETS)


def test_a_preset_comes_back_from_json(each: Preset) -> None:
    assert config_from(each.config.model_dump(mode="json")) == each.config


def test_a_preset_is_found_by_its_own_name(each: Preset) -> None:
    assert preset(each.name) is each


def test_names_and_titles_are_unique() -> None:
    presets = list(PRESETS.values())

    assert len({each.name for each in presets}) == len({each.title for each in presets}) == len(presets)
    assert len({each.config for each in presets}) == len(presets)


def test_the_default_is_a_preset() -> None:
    assert DEFAULT in PRESETS


def test_an_unknown_preset_is_refused_with_the_nearest_and_all_that_there_are() -> None:
    with pytest.raises(ConfigError) as refusal:
        preset("dcgam")

    assert str(refusal.value) == (
        f"preset: there is no preset 'dcgam'; did you mean 'dcgan'? (there are: {', '.join(PRESETS)})"
    )

"""Advice: each rule applies to the configurations that it is for and to no others; presets get no advice."""

from pathlib import Path
from typing import Any, get_args

import pytest

from gan_core.config import PenaltyName, RunConfig, settings_of, with_overrides
from gan_core.config.advice import RULES, Rule, advice_on
from gan_core.presets import PRESETS

NO_NORM_IN_D = {"model.discriminator.norm": "none"}
LINEAR_D = {"model.discriminator.family": "mlp"}
WASSERSTEIN = {"objective.loss": "wasserstein", **NO_NORM_IN_D, "optim.lr_g": 1e-4, "optim.lr_d": 1e-4}
RELATIVISTIC = {"objective.loss": "relativistic", "objective.penalty": "r1_r2", **NO_NORM_IN_D}
LINEAR_G_WITHOUT_NORM = {"model.generator.family": "mlp", "model.generator.norm": "none"}

# for each rule, in order: a configuration that it warns of, and a similar one that is good
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"data.value_range": "unit"}, {"data.value_range": "unit", "model.generator.output": "sigmoid"}),
    ({"model.generator.output": "sigmoid"}, {"model.generator.output": "linear"}),
    ({"objective.loss": "minimax"}, {"objective.loss": "non_saturating"}),
    (WASSERSTEIN, {**WASSERSTEIN, "model.discriminator.spectral_norm": True}),
    ({"objective.penalty": "gradient_penalty"}, {"objective.penalty": "gradient_penalty", **NO_NORM_IN_D}),
    ({**RELATIVISTIC, "model.discriminator.norm": "batch"}, RELATIVISTIC),
    ({**RELATIVISTIC, "objective.penalty": "r1"}, RELATIVISTIC),
    ({"optim.batch_size": 15}, {"optim.batch_size": 16}),
    ({**NO_NORM_IN_D, "optim.lr_d": 2e-3}, {**NO_NORM_IN_D, "optim.lr_d": 1e-3}),
    ({"data.name": "mnist-5k"}, {"data.name": "mnist-5k", "objective.augment": "translation"}),
    ({"model.generator.family": "dcgan", **LINEAR_D}, {"model.generator.family": "dcgan"}),
    ({"optim.lr_g": 0.01}, {"optim.lr_g": 0.003}),
    ({"optim.lr_d": 0.01}, {"optim.lr_d": 0.003}),
    ({"optim.lr_g": 1e-7, "optim.lr_d": 1e-7}, {"optim.lr_g": 1e-5, "optim.lr_d": 1e-5}),
    ({"optim.lr_g": 1e-4, "optim.lr_d": 5e-3}, {"optim.lr_g": 1e-4, "optim.lr_d": 4e-4}),
    ({"objective.penalty": "r1", "objective.gamma_start": 5e3}, {"objective.penalty": "r1"}),
]
PAIRS = [(rule, *case) for rule, case in zip(RULES, CASES, strict=False)]


def configured(overrides: dict[str, Any]) -> RunConfig:
    return with_overrides(RunConfig(), overrides)


def test_every_rule_has_a_test_case() -> None:
    assert len(CASES) == len(RULES)


@pytest.mark.parametrize(("rule", "unwise", "well"), PAIRS, ids=[rule.advice.sentence[:40] for rule, *_ in PAIRS])
def test_a_rule_applies_to_the_unwise_configuration_and_not_to_a_similar_one(
    rule: Rule, unwise: dict[str, Any], well: dict[str, Any]
) -> None:
    assert rule.advice in advice_on(configured(unwise))
    assert rule.advice not in advice_on(configured(well))


@pytest.mark.parametrize("well", [well for _, well in CASES], ids=str)
def test_a_good_configuration_gets_no_advice(well: dict[str, Any]) -> None:
    assert advice_on(configured(well)) == []


# kept as in their projects, to show what happens
UNWISE = {"minimax": ["objective.loss"], "udacity-linear": ["optim.lr_d"]}


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_is_advised_against_but_for_the_two_classics_that_show_why(name: str) -> None:
    assert [advice.field for advice in advice_on(PRESETS[name].config)] == UNWISE.get(name, [])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.advice.sentence[:40])
def test_every_advice_is_a_sentence_with_a_source_beside_a_field(rule: Rule) -> None:
    assert rule.advice.sentence.endswith(".")
    assert rule.advice.source
    assert rule.advice.field in {setting.path for setting in settings_of(RunConfig())}


@pytest.mark.parametrize("augment", ["none", "translation"])
@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist", "mnist-5k", "digits"])
def test_augmentation_is_advised_for_the_two_small_sets(name: str, augment: str) -> None:
    fields = [advice.field for advice in advice_on(configured({"data.name": name, "objective.augment": augment}))]

    assert ("objective.augment" in fields) == (name in ("mnist-5k", "digits") and augment == "none")


def test_augmentation_is_advised_for_a_small_folder_and_for_few_images_of_a_large_set(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.png").touch()
    folder = {"data.name": "folder", "data.folder": str(tmp_path)}

    for overrides in (folder, {"data.limit": 500}):
        assert [advice.field for advice in advice_on(configured(overrides))] == ["objective.augment"]


@pytest.mark.parametrize("rate", [1.0, 0.05, 0.01])
def test_an_odd_learning_rate_is_advised_against_whatever_the_norm(rate: float) -> None:
    for norm in ("batch", "none"):
        config = configured({"optim.lr_g": rate, "optim.lr_d": rate, "model.discriminator.norm": norm})
        assert {"optim.lr_g", "optim.lr_d"} <= {advice.field for advice in advice_on(config)}


@pytest.mark.parametrize("overrides", [LINEAR_G_WITHOUT_NORM, {"model.generator.family": "resize"}])
def test_a_small_batch_matters_to_a_generator_with_batch_norm_only(overrides: dict[str, Any]) -> None:
    fields = [advice.field for advice in advice_on(configured({**overrides, "optim.batch_size": 8}))]

    assert ("optim.batch_size" in fields) == (overrides != LINEAR_G_WITHOUT_NORM)


def test_a_changed_setting_without_effect_says_when_it_applies() -> None:
    (advice,) = advice_on(configured({"objective.gamma_end": 5.0}))

    assert advice.field == "objective.gamma_end"
    penalties = " or ".join(name for name in get_args(PenaltyName) if name != "none")
    assert advice.sentence == f"has no effect here: it applies when objective.penalty is {penalties}."


def test_a_setting_that_applies_or_was_not_changed_is_not_mentioned() -> None:
    assert advice_on(configured({"objective.gamma_end": 5.0, "objective.penalty": "r1"})) == []
    assert advice_on(configured({"objective.label_smoothing": 0.1})) == []
    assert advice_on(RunConfig()) == []

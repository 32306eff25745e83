"""Advice on configurations that can run but are unwise: a table of rules, each with its reason and its source."""

from collections.abc import Callable
from typing import NamedTuple

from gan_core.config import RunConfig, applies, choices, settings_of

FEW_IMAGES = 10_000  # a data set with fewer is memorised by D

GREAT_RATE = 1e-2
TINY_RATE = 1e-6
MOST_UNEQUAL = 10  # times the other learning rate
HEAVY_GAMMA = 1_000
TOO_FAST = (
    "Adam moves every weight by about the learning rate at each step, and with 0.01 or more a GAN rarely learns: usual "
    "are 0.0001 to 0.003."
)


class Advice(NamedTuple):
    """One piece of advice: the dotted field that it concerns, a sentence, and its source."""

    field: str
    sentence: str
    source: str


class Rule(NamedTuple):
    """Advice, and a test for the configurations that it applies to."""

    concerns: Callable[[RunConfig], bool]
    advice: Advice


def output_of(config: RunConfig) -> str:
    return config.model.generator.output


def few_images(config: RunConfig) -> bool:
    images: int = choices.DATA_SETS.row(config.data.name).outlook(config.data).images
    used = min(images, config.data.limit) if config.data.limit else images
    return 0 < used < FEW_IMAGES


def is_unequal(config: RunConfig) -> bool:
    rates = sorted((config.optim.lr_g, config.optim.lr_d))
    return rates[1] > MOST_UNEQUAL * rates[0]


def norm_free(config: RunConfig) -> bool:
    return config.model.discriminator.norm == "none" and not config.model.discriminator.spectral_norm


RULES: tuple[Rule, ...] = (
    Rule(
        lambda c: c.data.value_range == "unit" and output_of(c) == "tanh",
        Advice(
            "model.generator.output",
            "tanh gives values in [-1, 1] but the data lie in [0, 1], so D always wins: use sigmoid or signed data.",
            "a defect of a classic notebook",
        ),
    ),
    Rule(
        lambda c: c.data.value_range == "signed" and output_of(c) == "sigmoid",
        Advice(
            "model.generator.output",
            "sigmoid gives values in [0, 1] but the data lie in [-1, 1]: G cannot make black; use tanh, or unit data.",
            "a defect of a classic notebook",
        ),
    ),
    Rule(
        lambda c: c.objective.loss == "minimax",
        Advice(
            "objective.loss",
            "G's minimax loss has no gradient where D is confident; non_saturating has one, and the same fixed point.",
            "Goodfellow et al. 2014, section 3",
        ),
    ),
    Rule(
        lambda c: c.objective.loss == "wasserstein" and c.objective.penalty == "none" and norm_free(c),
        Advice(
            "objective.penalty",
            "The Wasserstein loss needs a Lipschitz critic: choose gradient_penalty (gamma 10) or spectral norm.",
            "Gulrajani et al. 2017, section 4",
        ),
    ),
    Rule(
        lambda c: c.objective.penalty == "gradient_penalty" and c.model.discriminator.norm == "batch",
        Advice(
            "model.discriminator.norm",
            "The gradient penalty is per image, but batch norm mixes the batch: use none or, in an mlp, layer.",
            "Gulrajani et al. 2017, section 4",
        ),
    ),
    Rule(
        lambda c: c.objective.loss == "relativistic" and c.model.discriminator.norm == "batch",
        Advice(
            "model.discriminator.norm",
            "Batch norm is incompatible with the relativistic loss and its penalties: use none.",
            "Huang et al. 2024, section 3",
        ),
    ),
    Rule(
        lambda c: c.objective.loss == "relativistic" and c.objective.penalty != "r1_r2",
        Advice(
            "objective.penalty",
            "The relativistic loss diverged with R1 alone and without a penalty: use r1_r2.",
            "Huang et al. 2024, table 1",
        ),
    ),
    Rule(
        lambda c: c.model.generator.norm == "batch" and c.optim.batch_size < 16,
        Advice(
            "optim.batch_size",
            "Batch norm with fewer than 16 images makes every image depend on its neighbours: use 16 or more.",
            "Ioffe 2017, section 1",
        ),
    ),
    Rule(
        lambda c: norm_free(c) and max(c.optim.lr_g, c.optim.lr_d) > 1e-3,
        Advice(
            "optim.lr_d",
            "Networks without norms are rarely stable with a learning rate above 0.001.",
            "Huang et al. 2024, section 3",
        ),
    ),
    Rule(
        lambda c: few_images(c) and c.objective.augment == "none",
        Advice(
            "objective.augment",
            "With so few images D memorises them: translation or translation_cutout helps.",
            "Zhao et al. 2020, section 4",
        ),
    ),
    Rule(
        lambda c: c.model.generator.family == "dcgan" and c.model.discriminator.family == "mlp",
        Advice(
            "model.discriminator.family",
            "A linear D does not see texture, so a convolutional G can leave artifacts in it.",
            "our own runs",
        ),
    ),
    Rule(
        lambda c: c.optim.lr_g >= GREAT_RATE,
        Advice("optim.lr_g", TOO_FAST, "Kingma & Ba 2015, section 2.1; Radford et al. 2016, section 4"),
    ),
    Rule(
        lambda c: c.optim.lr_d >= GREAT_RATE,
        Advice("optim.lr_d", TOO_FAST, "Kingma & Ba 2015, section 2.1; Radford et al. 2016, section 4"),
    ),
    Rule(
        lambda c: min(c.optim.lr_g, c.optim.lr_d) < TINY_RATE,
        Advice(
            "optim.lr_d",
            "With a learning rate below 0.000001 the networks hardly change in a run: usual are 0.0001 to 0.003.",
            "Kingma & Ba 2015, section 2.1",
        ),
    ),
    Rule(
        is_unequal,
        Advice(
            "optim.lr_d",
            "One network learns more than 10 times as fast as the other and leaves it behind: usual are 1 to 4 times.",
            "Heusel et al. 2017; Zhang et al. 2019, section 4",
        ),
    ),
    Rule(
        lambda c: c.objective.penalty != "none" and max(c.objective.gamma_start, c.objective.gamma_end) >= HEAVY_GAMMA,
        Advice(
            "objective.gamma_start",
            "With so heavy a penalty D stays flat and tells G nothing: usual are 0.1 to 100.",
            "Huang et al. 2024, whose runs use 0.05 to 150",
        ),
    ),
)


def advice_on(config: RunConfig) -> list[Advice]:
    """All advice on a configuration."""
    return [rule.advice for rule in RULES if rule.concerns(config)] + without_effect(config)


def without_effect(config: RunConfig) -> list[Advice]:
    """Settings that were changed but have no effect in this configuration."""
    settings = settings_of(config)
    values = {setting.path: setting.value for setting in settings}
    return [
        Advice(setting.path, f"has no effect here: it applies when {conditions(setting.extra['when'])}.", "")
        for setting in settings
        if not applies(setting, values) and setting.value != setting.info.default
    ]


def conditions(when: dict[str, list[str]]) -> str:
    return " and ".join(f"{path} is {' or '.join(map(str, values))}" for path, values in when.items())

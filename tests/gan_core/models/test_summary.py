"""The summary of the networks: every layer of every family in words, with shapes and parameter counts."""

from itertools import pairwise

import pytest

from gan_core.config import FAMILIES
from gan_core.models.family import ClassicGenerator
from gan_core.models.networks import build_discriminator, build_generator
from gan_core.models.summary import WORDS, blocks, parameters, summarize
from gan_core.presets import PRESETS
from tests.tiny import CLASSES, choices_of, classic, offered, tiny, tiny_family

CLASSICS = {name for name, family in FAMILIES.items() if issubclass(family.generator, ClassicGenerator)}


@pytest.mark.parametrize("labels", [0, CLASSES])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_shapes_go_from_latent_to_image_to_logit_and_all_parameters_are_counted(family: str, labels: int) -> None:
    config = (classic if family in CLASSICS else tiny_family)(family, data__labels=bool(labels))

    found = summarize(config, labels)

    image = (config.data.channels, config.data.image_size, config.data.image_size)
    assert (found.generator[0].inputs, found.generator[-1].outputs) == ((config.model.latent.size,), image)
    assert (found.discriminator[0].inputs, found.discriminator[-1].outputs) == (image, (1,))
    for layers in (found.generator, found.discriminator):
        assert all(before.outputs == after.inputs for before, after in pairwise(layers))
    real = (build_generator(config, labels), build_discriminator(config, labels))
    counts = tuple(sum(weight.numel() for weight in network.parameters()) for network in real)
    assert (parameters(found.generator), parameters(found.discriminator)) == counts


def test_spectral_norm_is_named_and_adds_no_parameter() -> None:
    plain = summarize(tiny(), 0)
    normed = summarize(tiny(model__discriminator__spectral_norm=True), 0)

    assert parameters(normed.discriminator) == parameters(plain.discriminator)
    assert [layer.kind for layer in normed.discriminator if "spectral norm" in layer.kind] == [
        "Linear, spectral norm"
    ] * 3


def test_every_kind_of_layer_that_a_network_is_made_of_has_a_name() -> None:
    for family in FAMILIES.keys() - CLASSICS:
        dropout = offered(family, model__discriminator__dropout=0.1)
        for norm in choices_of("discriminator", family, "norm") or (None,):
            summarize(tiny_family(family, **offered(family, model__discriminator__norm=norm), **dropout), 0)
    for output in ("tanh", "sigmoid", "linear"):
        summarize(tiny(model__generator__output=output, model__generator__norm="layer"), 0)
    used = {type(module) for module in build_generator(tiny(), 0).modules()} & set(WORDS)
    assert used


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_blocks_hold_every_parameter_and_hand_on_what_the_layers_do(preset: str) -> None:
    config = PRESETS[preset].config
    found, size = summarize(config, 0), config.data.image_size

    for layers, last in ((found.generator, (1, size, size)), (found.discriminator, (1,))):
        made = blocks(layers)
        assert sum(block.parameters for block in made) == parameters(layers)
        assert made[-1].outputs == last
        assert all(len(block.kinds) <= 4 for block in made)


def test_the_blocks_of_the_studio_generator() -> None:
    made = blocks(summarize(PRESETS["studio"].config, 0).generator)

    assert [(block.kinds[0], block.outputs) for block in made] == [
        ("Linear", (64, 7, 7)),
        ("Transposed convolution 4 \u00d7 4, stride 2", (32, 14, 14)),
        ("Convolution 3 \u00d7 3", (4, 14, 14)),
        ("Pixel shuffle", (1, 28, 28)),
    ]

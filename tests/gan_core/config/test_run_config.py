"""The configuration: every field bounded, described and read; every problem reported at once; JSON loses nothing."""

import ast
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from gan_core import config as configuration
from gan_core.config import (
    PLAYERS,
    ConfigError,
    Json,
    LossName,
    PenaltyName,
    Problem,
    RunConfig,
    applies,
    config_from,
    dotted_keys,
    families_of,
    known_keys,
    parse_assignment,
    settings_of,
    with_overrides,
)

GAN_CORE = Path(configuration.__file__).parents[1]
NAMES = list(families_of("model.generator"))
CONFIGS = {
    name: with_overrides(RunConfig(), {f"{player}.family": name for player in PLAYERS}) for name in NAMES
}  # one configuration a family
SETTINGS = {
    (setting.path, name): setting
    for name, config in CONFIGS.items()
    for setting in settings_of(config)
    if name == "studio" or setting.path.startswith(tuple(PLAYERS))
}  # every field once: what is outside the networks is the same in each family


def schema_of(path: str, name: str) -> Json:
    """The JSON Schema of one field."""
    *parents, leaf = path.split(".")
    model: Any = CONFIGS[name]
    for parent in parents:
        model = getattr(model, parent)
    schema: Json = type(model).model_json_schema()["properties"][leaf]
    return schema


SCHEMAS = {key: schema_of(*key) for key in SETTINGS}
NUMBERS = {key: schema for key, schema in SCHEMAS.items() if schema["type"] in ("integer", "number")}
RANGES = {key: schema for key, schema in NUMBERS.items() if "enum" not in schema}


def problems(**overrides: Any) -> dict[str, str]:
    """Field -> rule of every problem; `overrides` are dotted, with two underscores for a dot."""
    with pytest.raises(ConfigError) as refusal:
        with_overrides(RunConfig(), {key.replace("__", "."): value for key, value in overrides.items()})
    return dict(refusal.value.problems)


def built(name: str, overrides: Json) -> RunConfig | None:
    """A family's configuration with some values, or None if they do not fit together."""
    try:
        return with_overrides(CONFIGS[name], overrides)
    except ConfigError:
        return None


def test_every_field_has_a_description_in_sentences() -> None:
    for key, setting in SETTINGS.items():
        description = setting.info.description or ""
        sentence = description.endswith(".") and description[0] == description[0].upper()
        assert sentence or key[0].endswith(".family"), key


def test_every_family_describes_itself() -> None:
    for player in PLAYERS:
        for name, kind in families_of(player).items():
            assert (kind.__doc__ or "").endswith("."), (player, name)


def test_every_field_is_bounded() -> None:
    for key, schema in SCHEMAS.items():
        bounds = {name.replace("exclusiveM", "m") for name in schema}
        if key in RANGES:
            assert {"minimum", "maximum"} <= bounds, key
        elif schema["type"] == "array":
            assert {"minItems", "maxItems"} <= bounds, key
            assert {"minimum", "maximum"} <= set(schema["items"]), key
        else:
            closed = "enum" in schema or "const" in schema or schema["type"] == "boolean"
            assert closed or key[0] == "data.folder", key


def test_a_value_beyond_the_bounds_is_refused_and_named() -> None:
    for (path, name), schema in RANGES.items():
        low = schema["minimum"] - 1 if "minimum" in schema else schema["exclusiveMinimum"]
        high = schema["maximum"] + 1 if "maximum" in schema else schema["exclusiveMaximum"]
        for value in (low, high, "many"):
            with pytest.raises(ConfigError) as refusal:
                with_overrides(CONFIGS[name], {path: value})

            (problem,) = refusal.value.problems
            assert problem.field == path
            assert problem.rule.startswith("should be "), path
            assert problem.rule.endswith(f"got {value!r}"), path


def test_the_bounds_themselves_are_accepted() -> None:
    for (path, name), schema in RANGES.items():
        bounds = [schema[end] for end in ("minimum", "maximum") if end in schema]

        configs = [with_overrides(CONFIGS[name], {path: bound}) for bound in bounds]

        assert [dict(leaves(config))[path] for config in configs] == bounds, path


def leaves(config: RunConfig) -> list[tuple[str, Any]]:
    return [(setting.path, setting.value) for setting in settings_of(config)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "-Infinity"])
def test_a_number_must_be_finite(value: object) -> None:
    assert problems(optim__lr_g=value)["optim.lr_g"].startswith("should be ")


def test_all_problems_are_reported_at_once_with_field_rule_and_value() -> None:
    found = problems(
        optim__batch_size=0,
        optim__batchsize=64,
        objective__loss="hings",
        data__labels="maybe",
        model__generator__family="transformer",
    )

    assert set(found) == {
        "optim.batch_size",
        "optim.batchsize",
        "objective.loss",
        "data.labels",
        "model.generator.family",
    }
    assert found["optim.batch_size"] == "should be greater than or equal to 2, got 0"
    assert found["model.generator.family"] == f"must be one of {', '.join(NAMES)}, got 'transformer'"


def test_rules_between_fields_are_reported_with_the_problems_of_single_fields() -> None:
    found = problems(optim__lr_g=0, data__image_size=30, data__limit=20, data__name="folder")

    assert set(found) == {"optim.lr_g", "data.image_size", "data.folder", "data.limit"}
    assert (
        "multiple of 4 for the convolutions of model.generator, model.discriminator, got 30"
        in (found["data.image_size"])
    )
    assert found["data.limit"] == "must be 0 or at least optim.batch_size (64), got 20"


def test_a_broken_field_is_not_blamed_on_another() -> None:
    assert set(problems(optim__batch_size=1, data__limit=10)) == {"optim.batch_size"}
    assert set(problems(data__name="folders")) == {"data.name"}


def test_linear_networks_take_any_size_and_each_convolution_a_multiple_of_four() -> None:
    linear = {f"{player}.family": "mlp" for player in PLAYERS}

    assert with_overrides(RunConfig(), {**linear, "data.image_size": 31}).data.image_size == 31
    found = problems(**{"model__generator__family": "mlp", "data__image_size": 31})
    assert found == {
        "data.image_size": "must be a multiple of 4 for the convolutions of model.discriminator, got 31",
    }


def test_an_error_reads_as_one_line() -> None:
    error = ConfigError([Problem("optim.lr_g", "should be less"), Problem("", "--set wants dotted.key=value")])

    assert str(error) == "optim.lr_g: should be less; --set wants dotted.key=value"


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("optim.batchsize", "optim.batch_size"),
        ("batch_size", "optim.batch_size"),
        ("model.generator.widht", "model.generator.width"),
        ("optim.batch_size.images", "optim.batch_size"),
    ],
)
def test_an_unknown_override_is_refused_with_the_nearest_setting(key: str, suggestion: str) -> None:
    assert problems(**{key: 3}) == {key: f"is no setting; did you mean {suggestion!r}?"}


@pytest.mark.parametrize("key", ["optim", "model.generator", "", ".", "zzz"])
def test_a_section_is_no_setting(key: str) -> None:
    assert problems(**{key: {}})[key].startswith("is no setting")


@pytest.mark.parametrize(
    ("values", "field", "suggestion"),
    [
        ({"optim": {"batchsize": 3}}, "optim.batchsize", "optim.batch_size"),
        ({"modle": {}}, "modle", "model"),
        ({"model": {"generator": {"family": "mlp", "width": 3}}}, "model.generator.width", "model.generator.widths"),
        (
            {"model": {"generator": {"family": "mlp", "dropuot": 0}}},
            "model.generator.dropuot",
            "model.generator.dropout",
        ),
    ],
)
def test_an_unknown_key_of_a_file_is_refused_with_the_nearest_one(values: Json, field: str, suggestion: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        config_from(values)

    assert refusal.value.problems == (Problem(field, f"is no setting; did you mean {suggestion!r}?"),)


@pytest.mark.parametrize("values", [5, None, [], "optim.batch_size=3"])
def test_anything_but_a_mapping_is_refused(values: Any) -> None:
    with pytest.raises(ConfigError, match="should be a valid dictionary"):
        config_from(values)


def test_an_override_replaces_one_value_and_leaves_the_rest() -> None:
    before, after = dict(leaves(RunConfig())), dict(leaves(with_overrides(RunConfig(), {"optim.batch_size": 128})))

    assert {path for path in before if before[path] != after[path]} == {"optim.batch_size"}
    assert after["optim.batch_size"] == 128


def test_another_family_starts_from_its_own_defaults_in_any_order_of_the_overrides() -> None:
    config = with_overrides(RunConfig(), {"model.generator.width": 16})

    changed = with_overrides(config, {"model.generator.width": 8, "model.generator.family": "dcgan"})
    default = with_overrides(config, {"model.generator.family": "dcgan"})

    assert changed.model.generator.model_dump() == {**default.model.generator.model_dump(), "width": 8}
    assert default.model.generator == families_of("model.generator")["dcgan"]()


def test_the_same_family_again_keeps_its_knobs() -> None:
    config = with_overrides(RunConfig(), {"model.generator.width": 16})

    assert with_overrides(config, {"model.generator.family": "studio"}) == config


@pytest.mark.parametrize("widths", [[64, 32], (64, 32), "64, 32", "64,32,"])
def test_widths_may_be_written_as_a_list_or_with_commas(widths: object) -> None:
    overrides = {"model.generator.family": "mlp", "model.generator.widths": widths}

    assert dict(leaves(with_overrides(RunConfig(), overrides)))["model.generator.widths"] == (64, 32)


def test_a_lone_width_is_one_layer() -> None:
    overrides = {"model.generator.family": "mlp", "model.generator.widths": 64}

    assert dict(leaves(with_overrides(RunConfig(), overrides)))["model.generator.widths"] == (64,)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("optim.batch_size=128", "optim.batch_size", 128),
        ("optim.lr_g=2e-4", "optim.lr_g", 2e-4),
        ("data.labels=true", "data.labels", True),
        ("model.generator.widths=[8, 8]", "model.generator.widths", [8, 8]),
        ("model.generator.widths=8,8", "model.generator.widths", "8,8"),
        ("objective.loss=hinge", "objective.loss", "hinge"),
        (" objective.loss = hinge ", "objective.loss", "hinge"),
        ("data.folder=/a=b", "data.folder", "/a=b"),
        ("data.folder=", "data.folder", ""),
        ("optim.batch_size=" + "9" * 5_000, "optim.batch_size", "9" * 5_000),
        ("optim.batch_size=" + "[" * 100_000, "optim.batch_size", "[" * 100_000),
    ],
    ids=lambda case: str(case)[:40],
)
def test_an_assignment_is_a_key_and_a_value(text: str, key: str, value: object) -> None:
    assert parse_assignment(text) == (key, value)


@pytest.mark.parametrize("text", ["optim.batch_size", "=3", "  =3", ""])
def test_text_without_a_key_or_an_equals_sign_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"--set wants dotted\.key=value, got "):
        parse_assignment(text)


def value_of(schema: Json) -> st.SearchStrategy[Any]:
    """Any value that a field accepts."""
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if schema["type"] == "array":
        return st.lists(value_of(schema["items"]), min_size=schema["minItems"], max_size=schema["maxItems"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema["type"] == "number":
        low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum", 1)
        return st.floats(low, high, exclude_min="minimum" not in schema, exclude_max="maximum" not in schema)
    return st.booleans() if schema["type"] == "boolean" else st.text(max_size=8)


@given(st.data())
def test_every_configuration_comes_back_from_json_as_it_was(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    fields = [key for key in SCHEMAS if key[1] == name or not key[0].startswith(tuple(PLAYERS))]
    chosen = data.draw(st.lists(st.sampled_from(fields), max_size=8, unique=True))
    overrides = {path: data.draw(value_of(SCHEMAS[path, family]), label=path) for path, family in chosen}
    config = built(name, overrides)
    assume(config is not None)
    assert config is not None

    again = config_from(json.loads(json.dumps(config.model_dump(mode="json"))))

    assert again == config
    assert leaves(again) == leaves(config)


def test_widths_come_back_from_json_as_a_tuple() -> None:
    config = CONFIGS["mlp"]

    again = config_from(json.loads(config.model_dump_json()))

    assert dict(leaves(again))["model.generator.widths"] == (128, 256, 512, 1024)
    assert hash(again) == hash(config)


def test_a_configuration_cannot_be_changed() -> None:
    config = RunConfig()

    with pytest.raises(ValidationError, match="frozen"):
        config.optim.batch_size = 2


def test_settings_are_the_leaves_in_the_order_of_the_file() -> None:
    for config in CONFIGS.values():
        assert [setting.path for setting in settings_of(config)] == dotted_keys(config.model_dump(mode="json"))


def test_every_setting_of_every_family_is_a_known_key() -> None:
    assert {path for path, _ in SETTINGS} <= set(known_keys())


def test_the_title_of_a_setting_is_given_or_made_of_its_name() -> None:
    titles = {setting.path: setting.title for setting in SETTINGS.values()}

    assert titles["optim.lr_g"] == "Learning rate of G"
    assert titles["model.generator.width"] == "Generator width"
    assert titles["optim.batch_size"] == "Batch size"


def test_every_condition_names_a_setting_and_values_that_it_can_have() -> None:
    conditions = {key: setting.extra["when"] for key, setting in SETTINGS.items() if setting.extra.get("when")}

    assert conditions
    for when in conditions.values():
        for path, values in when.items():
            assert set(values) <= set(SCHEMAS[path, "studio"]["enum"])


def test_label_smoothing_applies_to_the_cross_entropies() -> None:
    setting = SETTINGS["objective.label_smoothing", "studio"]

    applying = {loss for loss in get_args(LossName) if applies(setting, {"objective.loss": loss})}

    assert {"non_saturating", "minimax"} <= applying
    assert not {"least_squares", "hinge", "wasserstein", "relativistic"} & applying


def test_the_weight_of_the_penalty_applies_if_there_is_a_penalty() -> None:
    for path in ("objective.gamma_start", "objective.gamma_end", "objective.gamma_images"):
        for penalty in get_args(PenaltyName):
            applying = applies(SETTINGS[path, "studio"], {"objective.penalty": penalty})
            assert applying == (penalty != "none"), (path, penalty)


def test_a_setting_without_a_condition_always_applies() -> None:
    assert applies(SETTINGS["optim.batch_size", "studio"], {})


def test_a_step_shows_d_steps_batches() -> None:
    assert with_overrides(RunConfig(), {"optim.batch_size": 16, "optim.d_steps": 3}).images_per_step == 48


def attributes_read() -> set[tuple[str, str]]:
    """(holder, attribute) of every `holder.attribute` in the engine, except where the configuration is defined."""
    trees = [ast.parse(path.read_text()) for path in GAN_CORE.rglob("*.py") if path.parent.name != "config"]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {(name_of(node.value), node.attr) for node in nodes}


def name_of(holder: ast.expr) -> str:
    return holder.attr if isinstance(holder, ast.Attribute) else holder.id if isinstance(holder, ast.Name) else ""


def test_every_field_is_read_somewhere_in_the_engine() -> None:
    read = attributes_read()
    for path in sorted({path for path, _ in SETTINGS}):
        *_, section, leaf = path.split(".")
        # a section is held by a variable of its name or by `config`, and by `self` where a family builds its layers
        holders = {section, "config", "self", "settings"} if path.startswith(PLAYERS) else {section, "config"}
        assert {(holder, leaf) for holder in holders} & read, path


def test_the_options_of_a_setting_are_its_choices_and_nothing_else_has_any() -> None:
    options = {setting.path: setting.options for setting in SETTINGS.values()}

    assert options["objective.loss"] == get_args(LossName)
    assert options["data.channels"] == (1, 3)
    assert options["model.generator.family"] == tuple(NAMES)
    for path in ("data.labels", "data.folder", "optim.batch_size", "optim.lr_g", "model.generator.widths"):
        assert options[path] == (), path

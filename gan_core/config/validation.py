"""A configuration from plain values, or every reason why it is refused."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from pydantic import ValidationError

from gan_core.config.families import PLAYERS, families_of
from gan_core.config.problem import ConfigError, Problem, nearest
from gan_core.config.run_config import RULES, RunConfig
from gan_core.config.settings import FAMILY, known_keys


def config_from(values: Mapping[str, Any]) -> RunConfig:
    """The configuration in `values` (nested, as in `config.json`).

    Raises ConfigError with every problem at once: unknown keys, wrong types, values out of range, broken rules.
    """
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        problems = problems_of(error)
        raise ConfigError([*problems, *problems_between(values, [problem.field for problem in problems])]) from error


def problems_between(values: Mapping[str, Any], invalid: list[str]) -> list[Problem]:
    """The rules that are broken between valid fields; pydantic skips these checks if any field is invalid."""
    if not isinstance(values, Mapping):
        return []
    try:
        RunConfig.model_validate(reduce(without, invalid, values))
    except ValidationError as error:
        return [
            problem
            for problem in problems_of(error)
            if not any(field.startswith((problem.field, *read_for(problem.field))) for field in invalid)
        ]
    return []


def read_for(field: str) -> tuple[str, ...]:
    """The other fields that the rules of `field` read."""
    return tuple(other for rule in RULES if rule.field == field for other in rule.reads)


def without(values: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """Nested `values` without one dotted field (or without its parent, if that is not a mapping)."""
    head, _, rest = field.partition(".")
    if rest and isinstance(values.get(head), Mapping):
        return {**values, head: without(values[head], rest)}
    return {key: value for key, value in values.items() if key != head}


def problems_of(error: ValidationError) -> list[Problem]:
    """Pydantic's errors as problems: the dotted field, and the rule with the value."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, ConfigError):
            problems.extend(cause.problems)
        else:
            field = field_of(detail["loc"]) + (FAMILY if detail["type"].startswith("union_tag") else "")
            problems.append(Problem(field, rule_of(field, detail)))
    return problems


def field_of(location: tuple[int | str, ...]) -> str:
    """The dotted name of a place in the configuration, without the family that pydantic inserts into it."""
    parts = [str(part) for part in location]
    if ".".join(parts[:2]) in PLAYERS and len(parts) > 2:
        del parts[2]
    return ".".join(parts)


def rule_of(field: str, detail: Mapping[str, Any]) -> str:
    """One error of pydantic as `rule, got value`."""
    if detail["type"] == "extra_forbidden":
        return f"is no setting{nearest(field, [key for key in known_keys() if key != field])}"
    if detail["type"].startswith("union_tag"):
        given = detail["input"].get("family")
        return f"must be one of {', '.join(families_of(field.removesuffix(FAMILY)))}, got {given!r}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{message[:1].lower()}{message[1:]}, got {detail['input']!r}"

"""What every part of the configuration is made of: frozen models whose fields have bounds, a unit and a source."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Json: TypeAlias = dict[str, Any]


class Frozen(BaseModel):
    """A model that cannot be changed, refuses unknown keys, and holds no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def knob(
    default: object,
    text: str,
    *,
    title: str | None = None,
    unit: str = "",
    source: str = "",
    when: Mapping[str, tuple[Any, ...]] | None = None,
    words: Mapping[Any, str] | None = None,
    **bounds: float,
) -> Any:
    """A field with a default, a help text, a unit, a source and bounds.

    `when` says where it applies: for each dotted field, the values that it must have. `title` is for a name that does
    not read well in words: see `Setting.title`. `words` names values that do not explain themselves, for forms and
    tables: see `Setting.text_of`.
    """
    extra: Json = {
        "unit": unit,
        "source": source,
        "when": {path: list(values) for path, values in (when or {}).items()},
        "words": dict(words or {}),
    }
    # ge, le, gt and lt, which the stubs do not accept as **
    fixed = {"title": title, "description": text, "json_schema_extra": extra}
    return Field(default=default, **fixed, **bounds)  # type: ignore[call-overload]


def split_commas(value: object) -> object:
    """`"128, 256"` or a single `128`, as a form or a terminal gives them, as a list; anything else unchanged."""
    if type(value) is int:
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Width = Annotated[int, Field(ge=1, le=4096)]
Widths = Annotated[tuple[Width, ...], Field(min_length=1, max_length=8), BeforeValidator(split_commas)]

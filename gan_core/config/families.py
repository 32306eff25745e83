"""The families of networks that can be chosen for each player.

A family's settings are defined in its file in `gan_core/models/families`, beside the layers that they describe. This is
the only file of config with an import from a later package; `choices` imports the rows by name.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from gan_core.config import choices
from gan_core.models.family import DiscriminatorSettings, Family, GeneratorSettings

FAMILIES: Mapping[str, Family] = choices.FAMILIES.rows()
PLAYERS = ("model.generator", "model.discriminator")

if TYPE_CHECKING:  # a type checker cannot list a folder
    GeneratorConfig: TypeAlias = GeneratorSettings
    DiscriminatorConfig: TypeAlias = DiscriminatorSettings
else:
    CHOSEN_BY_FAMILY = Field(discriminator="family")
    GeneratorConfig = Annotated[reduce(or_, (row.generator for row in FAMILIES.values())), CHOSEN_BY_FAMILY]
    DiscriminatorConfig = Annotated[reduce(or_, (row.discriminator for row in FAMILIES.values())), CHOSEN_BY_FAMILY]


def families_of(player: str) -> dict[str, type[GeneratorSettings] | type[DiscriminatorSettings]]:
    """The settings of each family, by name; `player` is "model.generator" or "model.discriminator"."""
    leaf = player.removeprefix("model.")
    return {name: getattr(family, leaf) for name, family in FAMILIES.items()}

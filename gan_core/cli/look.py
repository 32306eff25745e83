"""What is in a folder of one's own images, for a terminal."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from gan_core.cli.printing import Reading, print_json
from gan_core.config import with_overrides
from gan_core.data.folder_look import look_at_folder
from gan_core.presets import DEFAULT, preset


def look_at(settings: Mapping[str, Any], as_json: bool) -> None:
    """Print how many images there are, of which classes, and what was passed over. Raises DataError, ConfigError."""
    config = with_overrides(preset(DEFAULT).config, {"data.labels": False, **settings}).data
    with closing(Reading()) as report:
        found = look_at_folder(config, report)
    if as_json:
        print_json(
            images=found.images,
            classes=found.classes,
            passed_over=found.ignored,
            looked_at=found.shown,
            coloured=found.coloured,
            of_one_colour=found.plain,
        )
        return
    print(f"{found.images:,} images")
    for number, (name, count) in enumerate(found.classes.items()):
        print(f"{number:>4}  {name}: {count:,}")
    for phrase in found.ignored:
        print(phrase)
    print(f"of {found.shown:,} that were looked at, {found.coloured:,} are in colour, {found.plain:,} of one colour")

"""The two themes: whatever is written or drawn can be read (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
READABLE = 4.5  # WCAG's level AA for text
CAPTION = 0.6  # the opacity in which Streamlit writes captions
VISIBLE = 3.0  # WCAG's level AA for large text and parts of graphics


def theme(name: str) -> dict[str, Any]:
    colours: dict[str, Any] = tomllib.loads(CONFIG.read_text())["theme"][name]
    return colours


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`: 0 for black, 1 for white."""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours: 1 for equal ones, 21 for black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(front: str, back: str, opacity: float) -> str:
    """`front` seen through over `back`."""
    pairs = [(int(front[at : at + 2], 16), int(back[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(opacity * above + (1 - opacity) * below):02x}" for above, below in pairs)


def test_black_on_white_has_the_contrast_that_wcag_gives_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_links_and_chart_colours_are_readable(name: str, background: str) -> None:
    colours = theme(name)
    written = [colours["textColor"], colours["linkColor"], *colours["chartCategoricalColors"]]
    written.append(mixed(colours["textColor"], colours[background], CAPTION))
    too_faint = [colour for colour in written if contrast(colour, colours[background]) < READABLE]
    assert too_faint == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_label_of_a_primary_button_is_readable_and_the_button_visible(name: str) -> None:
    colours = theme(name)
    assert contrast("#ffffff", colours["primaryColor"]) >= READABLE
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= VISIBLE


def test_both_themes_draw_the_same_number_of_things() -> None:
    light, dark = theme("light"), theme("dark")
    assert len(light["chartCategoricalColors"]) == len(dark["chartCategoricalColors"])
    assert len(light["chartSequentialColors"]) == len(dark["chartSequentialColors"]) == 10

"""The description of a preset: its card in the sidebar, and a comparison of two presets."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from dashboard.train.draft import dict_of
from dashboard.ui.text import NOTHING_YET, escaped
from gan_core.config import RunConfig, Setting, applies, settings_of
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.preset import Group, sentence_of

GROUP_WORDS: Mapping[Group, str] = {
    "recommended": "recommended",
    "classic": "classic tutorials",
    "modern": "later methods",
}
SIDES = ("train.compare.left", "train.compare.right")
COMPARES = "train.compares"


class Difference(NamedTuple):
    """One setting that differs between two presets, as texts."""

    title: str
    left: str
    right: str


def titled(name: str) -> str:
    """A preset's title and group, as the select box lists it."""
    return f"{PRESETS[name].title} · {GROUP_WORDS[PRESETS[name].group]}"


def show(name: str) -> None:
    """The card: a sentence, and buttons for the details."""
    st.caption(escaped(PRESETS[name].summary))
    with st.container(horizontal=True, key="train-card"):
        with st.popover("About", type="tertiary"):
            st.markdown(story(name))
        st.button("Compare presets", key="train.compare", type="tertiary", on_click=open_comparison)
        if st.session_state.get(COMPARES):
            compare(name)


def open_comparison() -> None:
    """Show the comparison in every run of the page until it is closed: the pulse draws the page again meanwhile."""
    st.session_state[COMPARES] = True


def close_comparison() -> None:
    st.session_state[COMPARES] = False


def story(name: str) -> str:
    """A preset's source, repairs, differences from the source and results, as Markdown."""
    chosen = PRESETS[name]
    repaired = ["**Repaired**", "\n".join(f"- {escaped(sentence)}" for sentence in chosen.repaired)]
    parts = [
        f"**{escaped(chosen.title)}**",
        f"From {escaped(chosen.source)}.",
        *(repaired if chosen.repaired else []),
        *(["**Unlike its project**", escaped(chosen.unlike)] if chosen.unlike else []),
        "**Reached here**",
        escaped(sentence_of(chosen.reached)),
    ]
    return "\n\n".join(parts)


@st.dialog("Compare presets", width="medium", icon=":material/compare_arrows:", on_dismiss=close_comparison)
def compare(name: str) -> None:
    """Compare two presets: a table of the settings that differ."""
    other = DEFAULT if name != DEFAULT else next(each for each in PRESETS if each != DEFAULT)
    for key, start in zip(SIDES, (name, other), strict=True):
        st.session_state.setdefault(key, start)  # Streamlit forgets it when the dialog closes
    left, right = (
        PRESETS[column.selectbox(word, list(PRESETS), format_func=titled, key=key)]
        for column, word, key in zip(st.columns(2), ("This", "Against"), SIDES, strict=True)
    )
    rows = differences(left.config, right.config)
    if not rows:
        st.caption("They have the same settings.")
        return
    columns = zip(("Setting", left.title, right.title), zip(*rows, strict=True), strict=True)
    st.table(dict(columns), border="horizontal", hide_index=True, alt="The settings that differ")


def differences(left: RunConfig, right: RunConfig) -> list[Difference]:
    """The effective settings that differ, in the order of the form; a dash where a preset lacks the setting."""
    sides = (effective(left), effective(right))
    paths = dict.fromkeys([*sides[0], *sides[1]])
    parts = list(dict.fromkeys(part_of(setting.path) for setting in settings_of(left)))
    rows = []
    for path in sorted(paths, key=lambda path: parts.index(part_of(path))):
        values = [side[path].text_of(side[path].value) if path in side else NOTHING_YET for side in sides]
        if values[0] != values[1]:
            [title, *_] = (side[path].title for side in sides if path in side)
            rows.append(Difference(title, *values))
    return rows


def part_of(path: str) -> str:
    """`model.generator` of `model.generator.width`."""
    return path.rpartition(".")[0]


def effective(config: RunConfig) -> dict[str, Setting]:
    """The settings that have an effect in a configuration, by dotted name."""
    values = dict_of(config)
    return {setting.path: setting for setting in settings_of(config) if applies(setting, values)}

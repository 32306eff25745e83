"""The expression as text, the switch back to the shell, and recipes."""

from dataclasses import replace

import streamlit as st

from dashboard.latent import editor
from dashboard.latent.edit import Bench, Scene
from dashboard.ui.text import as_sentence, escaped
from gan_core.latent.expression import ExpressionError

KEY = "latent.expression"
SYNCED = "latent.expression_synced"  # what the box was last filled with
WRONG = "latent.expression_wrong"
SHELL_KEY = "latent.shell"
GROUPS = ("A, seed:24", "B, seed:31", "C, seed:18")
SHOWN_CHARACTERS = 160


def box(bench: Bench) -> None:
    """The text that says the same as the weights."""
    if st.session_state.get(SYNCED) != bench.scene.expression or KEY not in st.session_state:
        st.session_state[KEY] = st.session_state[SYNCED] = bench.scene.expression
        st.session_state.pop(WRONG, None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.text_input(
            "Expression",
            key=KEY,
            on_change=lambda: say(bench),
            placeholder="A - B + 0.5*C",
            help="Letters of the shelf, `seed:12`, numbers, `+ - *`, parentheses and `mean(A, B, seed:3)`. "
            "The weights of the shelf say the same.",
        )
        recipe(bench)
        st.session_state[SHELL_KEY] = bench.scene.on_shell
        st.toggle(
            "On the shell",
            key=SHELL_KEY,
            on_change=lambda: put_on_shell(bench),
            help="Stretches the result to the length of a typical latent. The generator was trained on latents of "
            "nearly one length; sums and differences are longer or shorter, where it has seen nothing.",
        )
    if wrong := st.session_state.get(WRONG):
        point_at(st.session_state[KEY], *wrong)


def say(bench: Bench) -> None:
    """Somebody wrote an expression."""
    text = st.session_state[KEY]
    st.session_state[SYNCED] = bench.scene.expression
    try:
        bench.take(bench.scene.says(text))
    except ExpressionError as problem:
        st.session_state[WRONG] = (str(problem), problem.start, problem.stop)
        return
    st.session_state.pop(WRONG, None)
    st.session_state[SYNCED] = bench.scene.expression


def point_at(text: str, sentence: str, start: int, stop: int) -> None:
    """What cannot be read, with marks below the place where it is short enough to be shown."""
    st.error(escaped(as_sentence(sentence)), icon=":material/error:")
    if stop and stop <= SHOWN_CHARACTERS and "\n" not in text:
        st.code(f"{text[:SHOWN_CHARACTERS]}\n{' ' * start}{'^' * max(1, stop - start)}", language=None)


def put_on_shell(bench: Bench) -> None:
    bench.take(replace(bench.scene, on_shell=st.session_state[SHELL_KEY]))


def recipe(bench: Bench) -> None:
    """Averages of several exemplars, which are steadier than single ones."""
    with st.popover("Recipe", icon=":material/functions:"):
        st.markdown(
            "**Averages of exemplars.** One latent of a kind carries much that is its own; the mean of three says what "
            "the kind has in common (Radford et al. 2016, section 6.3.2)."
        )
        texts = [
            st.text_input(label, example, key=f"latent.recipe_{index}")
            for index, (label, example) in enumerate(
                zip(("Mean of", "minus the mean of", "plus the mean of"), GROUPS, strict=True)
            )
        ]
        st.button("Use it", key="latent.recipe_use", type="primary", on_click=lambda: cook(bench, texts))


def cook(bench: Bench, texts: list[str]) -> None:
    """mean(group 1) - mean(group 2) + mean(group 3)"""
    editor.attempt(bench, lambda scene: averaged(scene, texts))


def averaged(scene: Scene, texts: list[str]) -> Scene:
    one, other, third = texts
    return scene.says(f"mean({one}) - mean({other}) + mean({third})")

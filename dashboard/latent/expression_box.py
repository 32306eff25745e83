"""The expression as text, the switch for the typical length, and a recipe for averages."""

from dataclasses import replace

import streamlit as st

from dashboard.latent import editor
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.ui.text import as_sentence, escaped
from gan_core.latent.expression import ExpressionError

KEY = "latent.expression"
FILLED_WITH = "latent.expression_filled_with"  # the text that the page wrote into the box last
PROBLEM = "latent.expression_problem"  # (sentence, start, stop)
SHELL_KEY = "latent.shell"
RECIPE = {
    "Mean of": "A, seed:24",
    "minus the mean of": "B, seed:31",
    "plus the mean of": "C, seed:18",
}
SHOWN_CHARACTERS = 160


def show_expression(history: EditHistory) -> None:
    """The expression, which the weights of the shelf change too."""
    if st.session_state.get(FILLED_WITH) != history.edit.expression or KEY not in st.session_state:
        st.session_state[KEY] = st.session_state[FILLED_WITH] = history.edit.expression
        st.session_state.pop(PROBLEM, None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.text_input(
            "Expression",
            key=KEY,
            on_change=lambda: take_expression(history),
            placeholder="A - B + 0.5*C",
            help="Letters of the shelf, `seed:12`, numbers, `+ - *`, parentheses and `mean(A, B, seed:3)`. "
            "The sliders on the shelf show the same weights.",
        )
        show_recipe(history)
        st.session_state[SHELL_KEY] = history.edit.on_shell
        st.toggle(
            "Keep the typical length",
            key=SHELL_KEY,
            on_change=lambda: take_on_shell(history),
            help="Scales the latent to the length of a typical latent. Nearly all latents that the generator saw in "
            "training have this length. Sums and differences are longer or shorter, where it was never trained.",
        )
    if problem := st.session_state.get(PROBLEM):
        show_problem(st.session_state[KEY], *problem)


def take_expression(history: EditHistory) -> None:
    """Callback of the text box."""
    text = st.session_state[KEY]
    st.session_state[FILLED_WITH] = history.edit.expression
    try:
        history.apply(history.edit.with_expression(text))
    except ExpressionError as problem:
        st.session_state[PROBLEM] = (str(problem), problem.start, problem.stop)
        return
    st.session_state.pop(PROBLEM, None)
    st.session_state[FILLED_WITH] = history.edit.expression


def show_problem(text: str, sentence: str, start: int, stop: int) -> None:
    """What cannot be read and, below a text that is short enough, marks at characters `start` to `stop`."""
    st.error(escaped(as_sentence(sentence)), icon=":material/error:")
    if stop and stop <= SHOWN_CHARACTERS and "\n" not in text:
        st.code(f"{text[:SHOWN_CHARACTERS]}\n{' ' * start}{'^' * max(1, stop - start)}", language=None)


def take_on_shell(history: EditHistory) -> None:
    """Callback of the switch."""
    history.apply(replace(history.edit, on_shell=st.session_state[SHELL_KEY]))


def show_recipe(history: EditHistory) -> None:
    """A form for arithmetic with means of several examples, which is more stable than with single ones."""
    with st.popover("Recipe", icon=":material/functions:"):
        st.markdown(
            "**Averages of examples.** A single latent has many features of its own; the mean of three has what they "
            "have in common (Radford et al. 2016, section 6.3.2)."
        )
        groups = [
            st.text_input(label, example, key=f"latent.recipe_{index}")
            for index, (label, example) in enumerate(RECIPE.items())
        ]
        st.button(
            "Use it",
            key="latent.recipe_use",
            type="primary",
            on_click=lambda: editor.attempt_change(history, lambda edit: with_means(edit, *groups)),
        )


def with_means(edit: LatentEdit, group: str, subtracted: str, added: str) -> LatentEdit:
    """mean(group) - mean(subtracted) + mean(added), each a list such as `A, seed:24`."""
    return edit.with_expression(f"mean({group}) - mean({subtracted}) + mean({added})")

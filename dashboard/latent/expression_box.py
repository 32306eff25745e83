"""The expression as text, what is wrong with it, and help with writing one."""

import streamlit as st

from dashboard.latent import editor
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.ui.text import as_sentence, escaped
from gan_core.latent.expression import ExpressionError

KEY = "latent.expression"
FILLED_WITH = "latent.expression_filled_with"  # the text that the page wrote into the box last
PROBLEM = "latent.expression_problem"  # (sentence, start, stop)
MEANS = {
    "Mean of": "A, seed:24",
    "minus the mean of": "B, seed:31",
    "plus the mean of": "C, seed:18",
}
MEANS_KEYS = [f"latent.recipe_{index}" for index in range(len(MEANS))]
SHOWN_CHARACTERS = 160


def show_expression(history: EditHistory) -> None:
    """The expression, which the weights of the shelf change too."""
    if st.session_state.get(FILLED_WITH) != history.edit.expression or KEY not in st.session_state:
        st.session_state[KEY] = st.session_state[FILLED_WITH] = history.edit.expression
        st.session_state.pop(PROBLEM, None)
    st.text_input(
        "Expression",
        key=KEY,
        label_visibility="collapsed",
        icon=":material/function:",
        on_change=lambda: take_expression(history),
        placeholder="A - B + 0.5*C",
    )


def take_typed(history: EditHistory) -> None:
    """Take what was typed a moment before a button was pressed: Streamlit may call the button first."""
    if KEY in st.session_state and st.session_state[KEY] != history.edit.expression:
        take_expression(history)


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


def show_problem_of_expression() -> None:
    """Why the text in the box is not the expression of the page, if it is not."""
    if problem := st.session_state.get(PROBLEM):
        show_problem(st.session_state[KEY], *problem)


def show_problem(text: str, sentence: str, start: int, stop: int) -> None:
    """What cannot be read and, below a text that is short enough, marks at characters `start` to `stop`."""
    st.error(escaped(as_sentence(sentence)), icon=":material/error:")
    if stop and stop <= SHOWN_CHARACTERS and "\n" not in text:
        st.code(f"{text[:SHOWN_CHARACTERS]}\n{' ' * start}{'^' * max(1, stop - start)}", language=None)


def show_help(history: EditHistory) -> None:
    """What an expression can hold, and a form for means of several examples, which are more stable than single ones."""
    with st.popover("Examples", icon=":material/functions:"):
        st.markdown(
            "**An expression** is made of letters of the shelf, `seed:12`, numbers, `+ - *`, parentheses and "
            "`mean(A, B, seed:3)`. The sliders of the shelf show its weights.\n\n"
            "**Means of examples.** One latent has many features of its own; the mean of three has what they have in "
            "common (Radford et al. 2016, section 6.3.2)."
        )
        for key, (label, example) in zip(MEANS_KEYS, MEANS.items(), strict=True):
            st.text_input(label, example, key=key)
        st.button(
            "Use it",
            key="latent.recipe_use",
            type="primary",
            on_click=lambda: editor.attempt_change(history, with_means_typed),
        )


def with_means_typed(edit: LatentEdit) -> LatentEdit:
    """The edit with the three groups in the fields, which may have been typed a moment ago."""
    group, subtracted, added = (st.session_state[key] for key in MEANS_KEYS)
    return with_means(edit, group, subtracted, added)


def with_means(edit: LatentEdit, group: str, subtracted: str, added: str) -> LatentEdit:
    """mean(group) - mean(subtracted) + mean(added), each a list such as `A, seed:24`."""
    return edit.with_expression(f"mean({group}) - mean({subtracted}) + mean({added})")

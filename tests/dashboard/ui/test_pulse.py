"""The pulse: it draws nothing, it alone asks for a rerun, and it does so when the signature has changed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[3]
PULSE = REPOSITORY / "dashboard" / "ui" / "pulse.py"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("dashboard", "pages"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def attribute_of_st(node: ast.AST) -> str:
    """`fragment` of `st.fragment` or of `st.fragment(...)`; an empty text for anything else."""
    called = node.func if isinstance(node, ast.Call) else node
    plain = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "st"
    return called.attr if plain and isinstance(called, ast.Attribute) else ""


def fragments(tree: ast.AST) -> list[Function]:
    """The functions that are fragments: `@st.fragment(...)`, or `st.fragment(function, ...)` for one of this module."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and attribute_of_st(node) == "fragment"]
    names = {argument.id for call in calls for argument in call.args[:1] if isinstance(argument, ast.Name)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, Function)
        and (node.name in names or any(attribute_of_st(decorator) == "fragment" for decorator in node.decorator_list))
    ]


def test_every_fragment_is_found_by_this_test() -> None:
    for path, tree in sources():
        used = [
            node for node in ast.walk(tree) if attribute_of_st(node) == "fragment" and isinstance(node, ast.Attribute)
        ]
        assert len(used) == len(fragments(tree)), path


def test_no_fragment_holds_another_one() -> None:
    for path, tree in sources():
        for fragment in fragments(tree):
            inside = [part for statement in fragment.body for part in ast.walk(statement)]
            assert not any(attribute_of_st(part) == "fragment" for part in inside), f"{path}: {fragment.name}"


def test_only_the_pulse_asks_for_a_rerun() -> None:
    for path, tree in sources():
        asks = [
            node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and attribute_of_st(node) == "rerun"
        ]
        assert len(asks) == (path == PULSE), f"{path}: {asks}"


def test_the_pulse_draws_nothing() -> None:
    [fragment] = fragments(ast.parse(PULSE.read_text()))

    used = {attribute_of_st(node) for node in ast.walk(fragment)} - {""}

    assert used == {"fragment", "rerun"}


def changing_page() -> None:
    import streamlit as st

    from dashboard.ui.pulse import Pulse

    def signature() -> object:
        st.session_state["asked"] = st.session_state.get("asked", 0) + 1
        if st.session_state.get("fails"):
            raise ValueError("it cannot be read")
        return 7

    pulse = Pulse(signature)
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
    pulse.start(1.0)


def test_a_page_whose_signature_stays_the_same_is_drawn_once() -> None:
    page = AppTest.from_function(changing_page).run()

    assert page.session_state["drawn"] == 1
    assert not page.exception


def test_a_signature_that_fails_draws_no_error() -> None:
    page = AppTest.from_function(changing_page)
    page.session_state["fails"] = True

    page.run()

    assert page.session_state["drawn"] == 1
    assert not page.exception
    assert not page.error


def page_with_a_text() -> None:
    import streamlit as st

    from dashboard.ui.pulse import Pulse

    pulse = Pulse(lambda: 7)
    st.text("drawn after the signature")
    pulse.start(1.0)


def test_the_place_of_the_pulse_is_the_first_of_a_page() -> None:
    """A browser that has drawn only the beginning of another page can place what a poll sends."""
    page = AppTest.from_function(page_with_a_text).run()

    types = [(element.type, len(getattr(element, "children", ()))) for element in page.main.children.values()]

    assert types == [("flex_container", 1), ("text", 0)]

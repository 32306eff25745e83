"""The names of runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_core.runs.names import checked_name, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mine", "mine"),
        ("My first run", "My-first-run"),
        ("Größe 2 (neu)", "Groesse-2-neu"),
        ("Ünïcödé Straße", "Uenicoede-Strasse"),
        ("../x", "x"),
        (".hidden", "hidden"),
        ("lr=0,01", "lr-0-01"),
        ("数字", "run"),
        ("---", "---"),
        ("x" * 65, "x" * 64),
        ("", "run"),
    ],
)
def test_every_text_becomes_a_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_a_safe_name_is_a_name(text: str) -> None:
    assert checked_name(safe_name(text)) == safe_name(text)

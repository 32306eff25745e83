"""The edit of a visitor as a value: shelf, weights, amounts along directions, undo, and the address that holds it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.latent import edit as edit_module
from dashboard.latent.edit import (
    AMOUNTS,
    INITIAL_EDIT,
    LETTERS,
    PSIS,
    TAUS,
    WEIGHTS,
    EditError,
    EditHistory,
    LatentEdit,
    ShelfItem,
)
from dashboard.latent.url import AddressError, edit_in, query_of
from gan_core.latent.expression import ExpressionError, Names, Weights, parse

FULL = LatentEdit(
    shelf=tuple(ShelfItem(letter=letter, source=seed) for seed, letter in enumerate(LETTERS)), expression="A"
)
SOURCES = st.integers(0, 10**15 - 1) | st.from_regex(r"kept:[0-9a-f]{12}", fullmatch=True)
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC 0123456789äß-+=&?#%", max_size=24).map(str.strip)
KEYS = st.sampled_from(["ganspace:1", "sefa:12", "dim:64", "mine:bold = good", "mine:a=b"])


@st.composite
def edits(draw: st.DrawFn) -> LatentEdit:
    letters = draw(st.sets(st.sampled_from(LETTERS)))
    sources = draw(st.lists(SOURCES, min_size=len(letters), max_size=len(letters), unique=True))
    shelf = tuple(
        ShelfItem(letter=letter, source=source, name=draw(NAMES), pinned=draw(st.booleans()))
        for letter, source in zip(sorted(letters), sources, strict=True)
    )
    expressions = ["seed:5 - 0.25*seed:7", "mean(seed:1, seed:2)", *(f"2*{item.letter}" for item in shelf)]
    bends = draw(st.dictionaries(KEYS, st.floats(*AMOUNTS).filter(bool), max_size=4))
    return LatentEdit(
        shelf=shelf,
        expression=draw(st.sampled_from(expressions)),
        bends=tuple(bends.items()),
        psi=draw(st.floats(*PSIS)),
        tau=draw(st.floats(*TAUS)),
        on_shell=draw(st.booleans()),
        label=draw(st.none() | st.integers(0, 999)),
    )


@given(edits())
def test_an_edit_survives_the_way_through_the_address(edit: LatentEdit) -> None:
    assert edit_in(query_of(edit)) == edit


@pytest.mark.parametrize(
    "query",
    [
        {"shelf": "A=seed:12;B=7"},
        {"shelf": "A=seed:1;" * 1000},
        {"x": "A - Q"},
        {"x": "1" * 100_000},
        {"x": "__import__('os')"},
        {"bend": "ganspace:1=a lot"},
        {"psi": "nan"},
        {"psi": "1e999"},
        {"tau": "nan"},
        {"label": "-1"},
        {"x": "A", "v": "3"},
        {"label": "9" * 30},
    ],
)
def test_an_invalid_address_is_refused_with_a_sentence(query: dict[str, str]) -> None:
    with pytest.raises((AddressError, EditError, ExpressionError)) as refused:
        edit_in(query)

    assert 10 < len(str(refused.value)) < 200


def test_an_address_without_a_version_shows_class_zero_as_it_did_when_it_was_made() -> None:
    old = {"shelf": "A=seed:5", "x": "A"}

    assert edit_in(old).label == edit_in({**old, "v": "1"}).label == 0
    assert edit_in({**old, "label": "3"}).label == 3
    assert edit_in({**old, "v": "2"}).label is None
    assert edit_in({**old, "v": "2", "label": "3"}).label == 3
    assert query_of(edit_in(old))["label"] == "0"


def test_an_address_without_an_edit_gives_the_initial_edit() -> None:
    assert edit_in({"run": "mine"}) == INITIAL_EDIT


def test_a_weight_changes_the_expression_and_weight_zero_removes_the_item() -> None:
    heavy = INITIAL_EDIT.with_slider("weight:B", -1.0).with_slider("weight:C", 0.5)
    assert heavy.expression == "A - B + 0.5*C"

    assert heavy.with_slider("weight:B", 0).expression == "A + 0.5*C"
    assert INITIAL_EDIT.with_slider("weight:A", 0).expression == "0*A"


def test_the_sliders_show_the_weights_of_the_expression() -> None:
    edit = INITIAL_EDIT.with_expression("2*(A - B) + C - seed:99")

    assert [edit.slider_value(f"weight:{letter}") for letter in "ABC"] == [2.0, -2.0, 1.0]


def test_an_amount_of_zero_removes_the_bend() -> None:
    bent = INITIAL_EDIT.with_slider("ganspace:1", 1.5)

    assert bent.slider_value("ganspace:1") == 1.5
    assert bent.with_slider("ganspace:1", 0.0) == INITIAL_EDIT


def test_a_value_beyond_the_end_of_a_slider_is_clipped() -> None:
    assert INITIAL_EDIT.with_slider("ganspace:1", 1e9).slider_value("ganspace:1") == AMOUNTS[1]
    assert INITIAL_EDIT.with_slider("weight:A", -1e9).slider_value("weight:A") == WEIGHTS[0]
    assert INITIAL_EDIT.with_slider("psi", -1).psi == 0.0
    assert INITIAL_EDIT.with_slider("tau", 0.0).tau == TAUS[0]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", None, True, [1.0], {"a": 1}])
@pytest.mark.parametrize("key", ["psi", "tau", "weight:A", "ganspace:1"])
def test_a_value_that_is_not_a_finite_number_is_refused(key: str, value: object) -> None:
    with pytest.raises(EditError, match="a slider takes a number between"):
        INITIAL_EDIT.with_sliders({"dim:1": 1.0, key: value})


def test_a_slider_of_an_item_that_is_not_on_the_shelf_is_refused() -> None:
    with pytest.raises(EditError, match="there is no Z on the shelf"):
        INITIAL_EDIT.with_slider("weight:Z", 1.0)


def test_a_seed_takes_the_first_free_letter() -> None:
    assert INITIAL_EDIT.without("B").with_source(40).item("B").source == 40
    assert INITIAL_EDIT.with_source(40).item("D").source == 40


def test_a_seed_is_not_put_on_the_shelf_twice() -> None:
    assert INITIAL_EDIT.with_source(12) == INITIAL_EDIT


def test_a_full_shelf_replaces_an_item_that_is_not_pinned_and_has_no_weight() -> None:
    edit = FULL.with_pin_toggled("B").with_source(99)

    assert edit.item("C").source == 99
    assert {item.letter for item in edit.shelf} == set(LETTERS)


def test_a_full_shelf_of_pinned_items_says_what_to_do() -> None:
    edit = FULL
    for letter in LETTERS:
        edit = edit.with_pin_toggled(letter)

    with pytest.raises(EditError, match="unpin or drop one first"):
        edit.with_source(99)


def test_an_item_taken_off_the_shelf_stays_in_the_expression() -> None:
    edit = INITIAL_EDIT.with_expression("A - B")

    assert edit.without("A").weights == edit.weights
    assert edit.without("A").expression == "seed:12 - B"


def test_a_name_is_shortened_and_loses_characters_that_an_address_cannot_hold() -> None:
    assert INITIAL_EDIT.with_name("A", "  a;b~c\n" + "x" * 99).item("A").name == "abc" + "x" * 21


def test_a_nudge_adds_a_small_amount_of_another_seed() -> None:
    assert INITIAL_EDIT.nudged(5).weights == {12: 1.0, 5: 0.2}


def test_the_arithmetic_row_is_a_b_their_difference_and_their_sum() -> None:
    assert INITIAL_EDIT.arithmetic_row() == {
        "A": {12: 1.0},
        "B": {7: 1.0},
        "A - B": {12: 1.0, 7: -1.0},
        "A + B": {12: 1.0, 7: 1.0},
    }
    assert INITIAL_EDIT.without("A").without("B").arithmetic_row() == {}


def test_undo_and_redo_lead_through_the_edits() -> None:
    history = EditHistory()
    history.apply(INITIAL_EDIT.with_source(40))
    history.apply(history.edit.with_expression("D"))

    history.undo()
    assert history.edit == INITIAL_EDIT.with_source(40)
    history.undo()
    history.undo()
    assert history.edit == INITIAL_EDIT
    history.redo()
    history.redo()
    assert history.edit.expression == "D"


def test_after_undo_and_a_new_edit_there_is_nothing_to_redo() -> None:
    history = EditHistory()
    history.apply(INITIAL_EDIT.with_source(40))
    history.undo()
    history.apply(INITIAL_EDIT.with_source(41))
    history.redo()

    assert history.edit == INITIAL_EDIT.with_source(41)


def test_several_sliders_can_be_moved_at_once() -> None:
    edit = INITIAL_EDIT.with_sliders({"ganspace:1": 1.2, "psi": 0.5, "weight:B": 2.0})

    assert (edit.slider_value("ganspace:1"), edit.psi, edit.slider_value("weight:B")) == (1.2, 0.5, 2.0)


def test_classes_in_the_expression_replace_the_chosen_class() -> None:
    edit = INITIAL_EDIT.with_expression("A + class:3 - 2*class:5")

    assert replace(INITIAL_EDIT, label=7).condition == 7
    assert edit.condition == (("class:3", 1.0), ("class:5", -2.0))
    assert edit.with_class(4) == replace(INITIAL_EDIT, label=4)
    assert INITIAL_EDIT.with_expression("class:3").with_class(4).expression == "seed:0"
    assert INITIAL_EDIT.with_expression("mean(A, B)").with_class(4).expression == "mean(A, B)"


def test_each_expression_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(text: str, names: Names) -> Weights:
        parsed.append(text)
        return parse(text, names)

    monkeypatch.setattr(edit_module, "parse", counted)
    edit_module.weights_of.cache_clear()

    edit = edit_in({"shelf": "A=seed:5;B=seed:6;C=seed:7", "x": "A - B"}).with_sliders({"weight:C": 0.5, "dim:1": 1.0})
    for _ in range(2):
        assert edit.weights == {5: 1.0, 6: -1.0, 7: 0.5}
        assert edit.condition == 0
        assert edit.slider_value("weight:B") == -1.0

    assert parsed == ["A - B", "A - B + 0.5*C"]

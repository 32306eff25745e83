"""What a visitor has before him, as plain values: shelf, weights, bends, undo, and the address that says all of it."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.latent.edit import AMOUNTS, FIRST, LETTERS, PSIS, TAUS, WEIGHTS, Bench, Scene, SceneError, Thing
from dashboard.latent.url import AddressError, query_of, scene_in
from gan_core.latent.expression import ExpressionError

FULL = Scene(shelf=tuple(Thing(letter=letter, source=seed) for seed, letter in enumerate(LETTERS)), expression="A")
SOURCES = st.integers(0, 10**15 - 1) | st.from_regex(r"kept:[0-9a-f]{12}", fullmatch=True)
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC 0123456789äß-+=&?#%", max_size=24).map(str.strip)
KEYS = st.sampled_from(["ganspace:1", "sefa:12", "dim:64", "mine:bold = good", "mine:a=b"])


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    letters = draw(st.sets(st.sampled_from(LETTERS)))
    sources = draw(st.lists(SOURCES, min_size=len(letters), max_size=len(letters), unique=True))
    shelf = tuple(
        Thing(letter=letter, source=source, name=draw(NAMES), pinned=draw(st.booleans()))
        for letter, source in zip(sorted(letters), sources, strict=True)
    )
    expressions = ["seed:5 - 0.25*seed:7", "mean(seed:1, seed:2)", *(f"2*{thing.letter}" for thing in shelf)]
    bends = draw(st.dictionaries(KEYS, st.floats(*AMOUNTS).filter(bool), max_size=4))
    return Scene(
        shelf=shelf,
        expression=draw(st.sampled_from(expressions)),
        bends=tuple(bends.items()),
        psi=draw(st.floats(*PSIS)),
        tau=draw(st.floats(*TAUS)),
        on_shell=draw(st.booleans()),
        label=draw(st.integers(0, 999)),
    )


@given(scenes())
def test_the_address_gives_back_the_scene_that_it_was_made_from(scene: Scene) -> None:
    assert scene_in(query_of(scene)) == scene


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
        {"label": "9" * 30},
    ],
)
def test_an_address_that_makes_no_sense_is_refused_in_a_sentence(query: dict[str, str]) -> None:
    with pytest.raises((AddressError, SceneError, ExpressionError)) as refused:
        scene_in(query)

    assert 10 < len(str(refused.value)) < 200


def test_an_address_without_a_scene_is_the_first_scene() -> None:
    assert scene_in({"run": "mine"}) == FIRST


def test_a_weight_rewrites_the_expression_and_zero_takes_it_out() -> None:
    heavy = FIRST.moved("weight:B", -1.0).moved("weight:C", 0.5)
    assert heavy.expression == "A - B + 0.5*C"

    assert heavy.moved("weight:B", 0).expression == "A + 0.5*C"
    assert FIRST.moved("weight:A", 0).expression == "0*A"


def test_the_sliders_stand_where_the_expression_says() -> None:
    scene = FIRST.says("2*(A - B) + C - seed:99")

    assert [scene.value(f"weight:{letter}") for letter in "ABC"] == [2.0, -2.0, 1.0]


def test_a_bend_at_zero_is_none() -> None:
    bent = FIRST.moved("ganspace:1", 1.5)

    assert bent.value("ganspace:1") == 1.5
    assert bent.moved("ganspace:1", 0.0) == FIRST


def test_a_slider_beyond_its_end_stops_there() -> None:
    assert FIRST.moved("ganspace:1", 1e9).value("ganspace:1") == AMOUNTS[1]
    assert FIRST.moved("weight:A", -1e9).value("weight:A") == WEIGHTS[0]
    assert FIRST.moved("psi", -1).psi == 0.0
    assert FIRST.moved("tau", 0.0).tau == TAUS[0]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", None, True, [1.0], {"a": 1}])
@pytest.mark.parametrize("key", ["psi", "tau", "weight:A", "ganspace:1"])
def test_a_slider_that_gives_no_number_is_refused(key: str, value: object) -> None:
    with pytest.raises(SceneError, match="a slider gives a number between"):
        FIRST.all_moved({"dim:1": 1.0, key: value})


def test_a_slider_of_something_that_is_not_there_is_refused() -> None:
    with pytest.raises(SceneError, match="there is no Z on the shelf"):
        FIRST.moved("weight:Z", 1.0)


def test_a_seed_takes_the_first_free_letter() -> None:
    assert FIRST.dropped("B").picked(40).thing("B").source == 40
    assert FIRST.picked(40).thing("D").source == 40


def test_a_seed_that_lies_on_the_shelf_is_not_put_there_twice() -> None:
    assert FIRST.picked(12) == FIRST


def test_a_full_shelf_makes_room_where_nothing_is_pinned_or_weighs() -> None:
    scene = FULL.pinned("B").picked(99)

    assert scene.thing("C").source == 99
    assert {thing.letter for thing in scene.shelf} == set(LETTERS)


def test_a_full_shelf_of_pinned_things_says_what_to_do() -> None:
    scene = FULL
    for letter in LETTERS:
        scene = scene.pinned(letter)

    with pytest.raises(SceneError, match="unpin or drop one first"):
        scene.picked(99)


def test_what_leaves_the_shelf_stays_in_the_expression() -> None:
    scene = FIRST.says("A - B")

    assert scene.dropped("A").weights == scene.weights
    assert scene.dropped("A").expression == "seed:12 - B"


def test_a_name_is_kept_short_and_without_what_an_address_cannot_hold() -> None:
    assert FIRST.renamed("A", "  a;b~c\n" + "x" * 99).thing("A").name == "abc" + "x" * 21


def test_a_nudge_adds_a_little_of_another_seed() -> None:
    assert FIRST.nudged(5).weights == {12: 1.0, 5: 0.2}


def test_the_classic_row_is_a_b_their_difference_and_their_sum() -> None:
    assert FIRST.classic() == {"A": {12: 1.0}, "B": {7: 1.0}, "A - B": {12: 1.0, 7: -1.0}, "A + B": {12: 1.0, 7: 1.0}}
    assert FIRST.dropped("A").dropped("B").classic() == {}


def test_undo_and_redo_walk_through_the_scenes() -> None:
    bench = Bench()
    bench.take(FIRST.picked(40))
    bench.take(bench.scene.says("D"))

    bench.undo()
    assert bench.scene == FIRST.picked(40)
    bench.undo()
    bench.undo()
    assert bench.scene == FIRST
    bench.redo()
    bench.redo()
    assert bench.scene.expression == "D"


def test_a_new_act_after_undo_leaves_nothing_to_redo() -> None:
    bench = Bench()
    bench.take(FIRST.picked(40))
    bench.undo()
    bench.take(FIRST.picked(41))
    bench.redo()

    assert bench.scene == FIRST.picked(41)


def test_several_sliders_move_together() -> None:
    scene = FIRST.all_moved({"ganspace:1": 1.2, "psi": 0.5, "weight:B": 2.0})

    assert (scene.value("ganspace:1"), scene.psi, scene.value("weight:B")) == (1.2, 0.5, 2.0)


def test_classes_in_the_expression_are_told_in_place_of_the_chosen_one() -> None:
    scene = FIRST.says("A + class:3 - 2*class:5")

    assert replace(FIRST, label=7).told == 7
    assert scene.told == (("class:3", 1.0), ("class:5", -2.0))
    assert scene.of_class(4) == replace(FIRST, label=4)
    assert FIRST.says("class:3").of_class(4).expression == "seed:0"
    assert FIRST.says("mean(A, B)").of_class(4).expression == "mean(A, B)"

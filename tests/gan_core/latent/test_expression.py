"""Latent expressions: the grammar, exact weights, and errors with their position."""

from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan_core.config import LatentConfig
from gan_core.latent.combination import class_weights, combine, labels_of
from gan_core.latent.expression import DEEPEST, LARGEST_SEED, LONGEST, ExpressionError, Source, parse, written
from gan_core.numerics.rng import latents_for_seeds

LATENT = LatentConfig(size=5)
Weights = dict[int, Fraction]

numbers = st.decimals(0, 1_000, allow_nan=False, allow_infinity=False, places=3)
leaves = st.builds(lambda seed: (f"seed:{seed}", {seed: Fraction(1)}), st.integers(0, 5))


def times(part: tuple[str, Weights], factor: Fraction, text: str) -> tuple[str, Weights]:
    return text.format(part[0]), {seed: weight * factor for seed, weight in part[1].items()}


def plus(left: tuple[str, Weights], sign: str, right: tuple[str, Weights]) -> tuple[str, Weights]:
    factor = 1 if sign == "+" else -1
    sums = {seed: left[1].get(seed, Fraction(0)) + factor * right[1].get(seed, Fraction(0)) for seed in range(6)}
    return f"{left[0]} {sign} ({right[0]})", {seed: sums[seed] for seed in {*left[1], *right[1]}}


def mean(parts: list[tuple[str, Weights]]) -> tuple[str, Weights]:
    seeds = {seed for _, weights in parts for seed in weights}
    sums = {seed: sum((weights.get(seed, Fraction(0)) for _, weights in parts), Fraction(0)) for seed in seeds}
    return f"mean({', '.join(text for text, _ in parts)})", {seed: sums[seed] / len(parts) for seed in seeds}


def larger(parts: st.SearchStrategy[tuple[str, Weights]]) -> st.SearchStrategy[tuple[str, Weights]]:
    return st.one_of(
        st.builds(lambda part, number: times(part, Fraction(number), f"{number:f}*({{}})"), parts, numbers),
        st.builds(lambda part, number: times(part, Fraction(number), f"({{}}) * {number:f}"), parts, numbers),
        st.builds(lambda part: times(part, Fraction(-1), "-({})"), parts),
        st.builds(plus, parts, st.sampled_from("+-"), parts),
        st.lists(parts, min_size=1, max_size=3).map(mean),
    )


expressions = st.recursive(leaves, larger, max_leaves=6)  # (text, what it must mean)


@given(expressions)
def test_an_expression_means_what_arithmetic_says(expression: tuple[str, Weights]) -> None:
    text, weights = expression

    assert parse(text) == {seed: float(weight) for seed, weight in weights.items()}


@given(expressions, expressions)
def test_a_plus_b_minus_b_is_a_to_the_last_bit(a: tuple[str, Weights], b: tuple[str, Weights]) -> None:
    there_and_back = combine(parse(f"({a[0]}) + ({b[0]}) - ({b[0]})"), LATENT)

    assert torch.equal(there_and_back, combine(parse(a[0]), LATENT))


@given(expressions)
def test_a_minus_a_is_zero(a: tuple[str, Weights]) -> None:
    assert torch.equal(combine(parse(f"({a[0]}) - ({a[0]})"), LATENT), torch.zeros(1, 5, dtype=torch.float64))


@given(expressions, expressions)
def test_the_order_of_a_sum_does_not_matter(a: tuple[str, Weights], b: tuple[str, Weights]) -> None:
    assert parse(f"({a[0]}) + ({b[0]})") == parse(f"({b[0]}) + ({a[0]})")


@given(expressions, st.sampled_from(["", " ", "  ", "\t", "\n"]))
def test_blanks_between_the_parts_do_not_matter(a: tuple[str, Weights], blank: str) -> None:
    assert parse(a[0].replace(" ", blank)) == parse(a[0])


def read_or_refused(text: str) -> dict[Source, float] | str:
    """The weights, or the complaint."""
    try:
        return dict(parse(text))
    except ExpressionError as error:
        return str(error)


@given(st.text("sedman:0123456789.+-*(), \u00e9\u0663$'_[]", max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_one_sentence(text: str) -> None:
    outcome = read_or_refused(text)

    assert outcome
    assert isinstance(outcome, dict) or outcome == " ".join(outcome.split())


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("seed:12", {12: 1}),
        ("seed:12 - seed:7 + 0.5*seed:3", {12: 1, 7: -1, 3: 0.5}),
        ("seed:1 + 2*seed:2", {1: 1, 2: 2}),
        ("(seed:1 + seed:2)*2", {1: 2, 2: 2}),
        ("2*seed:1*3", {1: 6}),
        ("-2*seed:1 + seed:1", {1: -1}),
        ("-(seed:1 - seed:2)", {1: -1, 2: 1}),
        ("seed:1 - seed:2 - seed:2", {1: 1, 2: -2}),
        ("(2 + 3*4 - 1)*seed:1", {1: 13}),
        ("mean(seed:1, seed:2, seed:2)", {1: 1 / 3, 2: 2 / 3}),
        ("seed:0 + 2*mean(seed:1, seed:2)", {0: 1, 1: 1, 2: 1}),
        ("mean(1, 2)*seed:4", {4: 1.5}),
        ("0.1*seed:1 + 0.2*seed:1", {1: 0.3}),
        (".5*seed:1 + 1.*seed:2 + 1e2*seed:3 + 2.5E-1*seed:4", {1: 0.5, 2: 1, 3: 100, 4: 0.25}),
        (f"seed:{LARGEST_SEED}", {LARGEST_SEED: 1}),
        ("1e-999999999*seed:1", {1: 0}),
    ],
)
def test_precedence_signs_and_means_are_those_of_school(text: str, weights: dict[int, float]) -> None:
    assert parse(text) == weights


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("seed:1 $ seed:2", r"'\$' at character 8 cannot be understood"),
        ("  seed:x", "'seed:x' at character 3 cannot be understood"),
        ("seed:1 seed:2", "'seed:2' at character 8 is not expected here"),
        ("seed:1)", r"'\)' at character 7 is not expected here"),
        ("seed:1 - -seed:2", "'-' at character 10 is not expected here"),
        ("seed:1 + * seed:2", r"'\*' at character 10 is not expected here"),
        ("mean(seed:1 seed:2)", r"'seed:2' at character 13 was found, but '\)' is expected"),
        ("mean seed:1", r"'seed:1' at character 6 was found, but '\(' is expected"),
        ("2*seed:1 * seed:2", r"'\*' at character 10 multiplies two seeds"),
        ("seed:1 + 2", r"'\+' at character 8 joins a number and a seed; .* as in 0\.5\*seed:3"),
        ("mean(seed:1, 2)", "',' at character 12 joins a number and a seed"),
        ("seed:1000000000000000", "'seed:1000000000000000' at character 1 is too large a seed"),
        ("2*1e999*seed:1", "'1e999' at character 3 is too large a number"),
        ("1e200*1e200*seed:1", r"the weight of seed:1 is larger than 1e\+30; use smaller factors"),
        ("nan*seed:1", r"'nan\*seed:1' at character 1 cannot be understood"),
        ("seed:1*inf", "'inf' at character 8 cannot be understood"),
        ("(seed:1", "the expression is incomplete; write for example seed:12 - seed:7"),
        ("seed:1 -", "is incomplete"),
        ("", "is incomplete"),
        ("2 + 3", "contains no seed; write for example seed:12 - seed:7"),
    ],
)
def test_a_complaint_points_at_the_place_and_says_the_rule(text: str, complaint: str) -> None:
    with pytest.raises(ExpressionError, match=complaint):
        parse(text)


@pytest.mark.parametrize("text", ["__import__('os')", "seed:1 if 1 else seed:2", "2**3*seed:1", "seed:1; seed:2"])
def test_nothing_is_evaluated_as_code(text: str) -> None:
    with pytest.raises(ExpressionError, match="at character"):
        parse(text)


def test_a_hundred_thousand_characters_are_refused_before_they_are_read() -> None:
    with pytest.raises(ExpressionError, match=f"has 100,000 characters; at most {LONGEST:,} are allowed"):
        parse("(" * 100_000)


def test_parentheses_may_be_deep_but_not_deeper_than_the_limit() -> None:
    assert parse("(" * DEEPEST + "seed:1" + ")" * DEEPEST) == {1: 1}
    with pytest.raises(ExpressionError, match=rf"'\(' at character {DEEPEST + 1} is nested more than {DEEPEST} deep"):
        parse("(" * (DEEPEST + 1) + "seed:1" + ")" * (DEEPEST + 1))


def test_parentheses_side_by_side_are_not_deep() -> None:
    assert parse(" + ".join(["(seed:1)"] * 100)) == {1: 100}


def test_a_combination_is_the_weighted_sum_of_the_seeds_latents() -> None:
    z = latents_for_seeds([7, 12], LATENT).double()

    combined = combine(parse("2*seed:12 - 0.5*seed:7"), LATENT)

    assert (combined.shape, combined.dtype) == ((1, 5), torch.float64)
    assert torch.equal(combined, 2 * z[1:] - 0.5 * z[:1])


def test_one_seed_alone_is_its_own_latent() -> None:
    assert torch.equal(combine(parse("seed:3"), LATENT), latents_for_seeds([3], LATENT).double())


KEPT = "kept:0123456789ab"
SHELF: dict[str, Source] = {"A": 12, "B": 7, "AB": 3, "C": KEPT}
sources = st.one_of(st.integers(0, LARGEST_SEED), st.from_regex(r"kept:[0-9a-f]{12}", fullmatch=True))
weights_of_sources = st.dictionaries(sources, st.floats(-1e30, 1e30), min_size=1, max_size=20)
words = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,3}", fullmatch=True).filter(lambda word: word not in ("mean", "seed"))


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("A - B + 0.5*C", {12: 1, 7: -1, KEPT: 0.5}),
        ("AB + A", {3: 1, 12: 1}),
        ("A + seed:12 - 3*seed:5", {12: 2, 5: -3}),
        ("mean(A, B) - kept:0123456789ab", {12: 0.5, 7: 0.5, KEPT: -1}),
    ],
)
def test_letters_stand_for_what_is_on_the_shelf(text: str, weights: dict[Source, float]) -> None:
    assert parse(text, SHELF) == weights


@pytest.mark.parametrize(
    ("text", "complaint", "place"),
    [
        ("A - D", "'D' at character 5 is not on the shelf; it holds A, B, AB, C", "D"),
        ("  a*2", "'a' at character 3 is not on the shelf", "a"),
        ("A - nan*B", "'nan' at character 5 is not on the shelf", "nan"),
        ("A * B", r"'\*' at character 3 multiplies two seeds", "*"),
        ("A + kept:0123", "'kept:0123' at character 5 cannot be understood", "kept:0123"),
        ("A + kept:0123456789abc", "'kept:0123456789abc' at character 5 cannot be understood", "kept:0123456789abc"),
        ("A -", "is incomplete", ""),
        ("2 + 3", "contains no seed", ""),
    ],
)
def test_a_complaint_carries_the_place_that_it_points_at(text: str, complaint: str, place: str) -> None:
    with pytest.raises(ExpressionError, match=complaint) as caught:
        parse(text, SHELF)

    assert text[caught.value.start : caught.value.stop] == place


def test_letters_mean_nothing_without_a_shelf() -> None:
    with pytest.raises(ExpressionError, match="'A' at character 1 cannot be understood"):
        parse("A - B")


@given(weights_of_sources)
def test_the_parser_accepts_what_is_written_and_reads_the_same_weights(weights: dict[Source, float]) -> None:
    assert parse(written(weights)) == weights


@given(weights_of_sources, st.lists(words, unique=True, max_size=20))
def test_what_is_written_with_letters_is_read_with_the_same_letters(
    weights: dict[Source, float], letters: list[str]
) -> None:
    names = dict(zip(letters, weights, strict=False))

    assert parse(written(weights, names), names) == weights


def test_what_is_written_reads_well() -> None:
    assert written({12: 1.0, 7: -1.0, KEPT: 0.5, 4: 2.0}, SHELF) == "A - B + 0.5*C + 2*seed:4"
    assert written({7: -1.0, 12: 0.0}, SHELF) == "-B + 0*A"


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -float("inf"), 1e31])
def test_a_weight_that_is_no_number_cannot_be_written(weight: float) -> None:
    with pytest.raises(ExpressionError, match=r"the weight of A must be a number within 1e\+30, got"):
        written({12: weight}, SHELF)


def test_neither_nothing_nor_too_much_can_be_written() -> None:
    with pytest.raises(ExpressionError, match="contains no seed; put one on the shelf"):
        written({})
    with pytest.raises(ExpressionError, match="more than 2,000 characters; take some seeds off the shelf"):
        written(dict.fromkeys(range(1_000), 0.123456789))


def test_kept_latents_are_fetched_and_weighed_like_seeds() -> None:
    kept = torch.arange(5.0)[None]

    combined = combine(parse(f"seed:3 - 2*{KEPT}"), LATENT, {KEPT: kept}.__getitem__)

    assert torch.equal(combined, latents_for_seeds([3], LATENT).double() - 2 * kept)


def test_a_kept_latent_of_another_size_or_of_no_run_is_refused() -> None:
    with pytest.raises(ExpressionError, match=f"{KEPT} has 7 numbers, and the latents of this run have 5"):
        combine({KEPT: 1.0}, LATENT, lambda source: torch.zeros(1, 7))
    with pytest.raises(ExpressionError, match=f"{KEPT} is a latent saved in a run, and no run is given here"):
        combine({KEPT: 1.0}, LATENT)


def test_classes_are_weighted_separately_from_the_latent() -> None:
    weights = parse("seed:3 + class:2 - 0.5*class:00")

    assert weights == {3: 1, "class:2": 1, "class:0": -0.5}
    assert torch.equal(combine(weights, LATENT), latents_for_seeds([3], LATENT).double())
    labels = class_weights(weights, 4)
    assert labels is not None
    assert labels.tolist() == [[-0.5, 0, 1, 0]]
    assert class_weights(parse("seed:3"), 4) is None
    assert parse(written(weights)) == weights


@pytest.mark.parametrize(
    ("classes", "rule"), [(4, "this run has no class 7: its classes are 0..3"), (0, "it was trained without labels")]
)
def test_a_class_that_there_is_not_is_refused(classes: int, rule: str) -> None:
    with pytest.raises(ExpressionError, match=rule):
        class_weights(parse("seed:3 + class:7"), classes)


def test_a_letter_may_stand_for_seed_zero() -> None:
    assert parse("A - B", {"A": 0, "B": 1}) == {0: 1, 1: -1}


@given(st.dictionaries(st.integers(0, 10**15 - 1), st.floats(-3, 3), min_size=1), st.integers(1, 12))
def test_classes_are_mixed_as_latents_are_mixed(weights: dict[Source, float], classes: int) -> None:
    labels = labels_of(weights, classes)

    expected = torch.zeros(1, classes, dtype=torch.float64)
    for seed, weight in weights.items():
        assert isinstance(seed, int)
        expected[0, seed % classes] += weight
    assert labels is not None
    assert torch.allclose(labels, expected, atol=1e-12)


def test_a_class_that_is_named_or_chosen_replaces_those_of_the_seeds() -> None:
    chosen, named = labels_of(parse("seed:3 - seed:5"), 4, label=2), labels_of(parse("seed:3 + class:1"), 4, label=2)
    own = labels_of(parse("seed:3 - seed:5"), 4)

    assert [None if labels is None else labels.tolist() for labels in (own, chosen, named)] == [
        [[0, -1, 0, 1]],
        [[0, 0, 1, 0]],
        [[0, 1, 0, 0]],
    ]
    assert labels_of(parse("seed:3"), 0) is None


def test_a_kept_latent_has_the_classes_that_it_was_kept_with_and_otherwise_class_zero() -> None:
    kept = parse(f"2*{KEPT} + seed:1")

    assert labels_of(kept, 3, fetch=lambda source: torch.tensor([[0.0, 0.5, 0.5]])).tolist() == [[0, 2, 1]]  # type: ignore[union-attr]
    assert labels_of(kept, 3, fetch=lambda source: None).tolist() == [[2, 1, 0]]  # type: ignore[union-attr]
    assert labels_of(kept, 3, fetch=lambda source: torch.ones(1, 7)).tolist() == [[2, 1, 0]]  # type: ignore[union-attr]

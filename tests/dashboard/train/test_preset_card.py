"""The cards of the presets in the sidebar, and two presets side by side."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import services
from dashboard.train import preset_card
from dashboard.ui.text import NOTHING_YET
from gan_core.config import RunConfig, with_overrides
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.preset import NOT_MEASURED, Reached, sentence_of
from tests.dashboard.train.test_page import SECONDS, opened, said


@pytest.fixture
def page(root: object) -> Iterator[AppTest]:
    """The Train page as a new visitor sees it."""
    yield opened()
    assert services.worker().shutdown(SECONDS)


def test_every_preset_is_offered_with_where_it_belongs_ours_first(page: AppTest) -> None:
    offered = page.selectbox(key="train.preset").options

    assert offered == [preset_card.titled(name) for name in PRESETS]
    assert page.selectbox(key="train.preset").value == DEFAULT
    assert offered[0] == "Conditional · recommended"
    groups = [word.rpartition(" · ")[2] for word in offered]
    assert groups == sorted(groups, key=["recommended", "classic tutorials", "later methods"].index)


def test_choosing_a_preset_shows_its_card(page: AppTest) -> None:
    for name, chosen in PRESETS.items():
        page.selectbox(key="train.preset").set_value(name).run()
        text = said(page)

        assert not page.exception
        assert chosen.summary in text
        assert f"From {chosen.source}." in text
        assert all(sentence in text for sentence in chosen.repaired)
        assert chosen.unlike in text
        assert sentence_of(chosen.reached) in text


def test_two_presets_are_compared_by_the_settings_that_differ(page: AppTest) -> None:
    page.selectbox(key="train.preset").set_value("non-saturating").run()
    page.session_state[preset_card.SIDES[1]] = "minimax"  # as chosen: outside a browser a dialog closes with every run
    page.button(key="train.compare").click().run()

    assert not page.exception
    (table,) = [element.value for element in page.table]
    assert table.to_dict("list") == {
        "Setting": ["Loss"],
        "Non-saturating": ["non saturating"],
        "Minimax": ["minimax"],
    }


def test_settings_that_only_one_family_has_stand_against_a_dash() -> None:
    rows = preset_card.differences(PRESETS["studio"].config, PRESETS["udacity-linear"].config)
    told = {row.title: (row.left, row.right) for row in rows}

    assert told["Generator family"] == ("studio", "udacity-linear")
    assert told["Generator width"] == ("64", NOTHING_YET)
    assert told["Latent distribution"] == ("normal", "uniform")
    assert told["Label smoothing"] == ("0", "0.1")
    assert told["Run length"] == ("600,000", "6,000,000")
    assert "Batch size" in told
    assert "Seed" not in told


def test_a_setting_without_effect_is_no_difference() -> None:
    config = with_overrides(RunConfig(), {"objective.gamma_end": 5.0})  # there is no penalty to weigh

    assert preset_card.differences(RunConfig(), config) == []


def test_a_preset_does_not_differ_from_itself() -> None:
    assert all(preset_card.differences(each.config, each.config) == [] for each in PRESETS.values())


def test_truths_and_lists_are_told_as_people_write_them() -> None:
    base = PRESETS["mlp"].config
    other = with_overrides(base, {"data.labels": True, "model.generator.widths": [64, 128]})

    assert preset_card.differences(base, other) == [
        ("Tell the networks the class", "no", "yes"),
        ("Generator widths", "128, 256, 512, 1024", "64, 128"),
    ]


def reached(*shares: float) -> Reached:
    return Reached(
        seconds=300.4,
        images_seen=45_000,
        shares=shares,
        accuracy_real=0.9,
        accuracy_fake=0.8,
        threads=1,
        precision="float32",
    )


def test_a_card_says_what_was_reached_or_that_nothing_was_measured() -> None:
    assert sentence_of(()) == NOT_MEASURED
    assert sentence_of([reached(*[0.07] * 10)]) == (
        "After 5 minutes, 45,000 images, on one thread: the classifier is sure of 70% of 2,000 samples; all ten digits "
        "occur."
    )
    assert sentence_of([reached(0.0, 0.01, *[0.1] * 8)]).endswith("of the ten digits 0 and 1 are missing.")

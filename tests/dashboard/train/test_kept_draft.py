"""The draft in a cookie: what was typed comes back, and nothing else does."""

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.train.draft import LENGTH, Draft
from dashboard.train.kept_draft import MOST_BYTES, draft_from, text_of
from gan_core.presets import PRESETS


def packed(values: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(values).encode())).decode()


def stored(**values: Any) -> str:
    return packed({"preset": "studio", "name": "", "changes": {}, "epochs": None, "unit": "epochs", **values})


def typed() -> Draft:
    draft = Draft("mlp", 'Größe; 2, "neu" 数字')
    draft.change("model.generator.family", "dcgan")
    draft.change("model.generator.width", 12)
    draft.change("model.discriminator.widths", "12, x")  # what is invalid is kept as well
    draft.change("optim.lr_g", 0.01)
    draft.change("data.labels", True)
    draft.change_epochs(2.5)
    return draft


def test_a_draft_comes_back_as_it_was() -> None:
    draft = draft_from(text_of(typed()))

    assert draft == typed()
    assert draft.epochs == 2.5
    assert draft.changes[LENGTH] == 150_000


def test_the_settings_of_every_preset_as_changes_to_another_one_come_back() -> None:
    for preset in PRESETS.values():
        draft = Draft.from_config(preset.config, "gone")
        assert draft_from(text_of(draft)).config() == preset.config


def test_the_cookie_has_no_letter_that_a_browser_would_change() -> None:
    assert set(text_of(typed())) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_default_draft_and_one_that_is_too_long_need_no_cookie() -> None:
    long = "".join(chr(33 + number * number % 90) for number in range(3 * MOST_BYTES))

    assert text_of(Draft()) == ""
    assert len(text_of(Draft(name=long))) <= MOST_BYTES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "====",
        packed([]),
        packed({"preset": "studio"}),
        stored(preset="gone"),
        stored(changes=[]),
        stored(changes={"optim.lr_g": float("nan")}),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 60_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'"' + b"x" * 10_000_000 + b'"')).decode(),
    ],
)
def test_what_is_no_draft_is_the_default(text: str) -> None:
    assert draft_from(text) == Draft()


@given(st.text(max_size=100))
def test_no_cookie_breaks_the_form(text: str) -> None:
    assert draft_from(text) == Draft()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("no.setting", 1),
        ("data.name", "nowhere"),
        ("data.labels", "yes"),
        ("data.channels", 2),
        ("optim.lr_g", [1]),
        ("optim.lr_g", True),
        ("optim.lr_g", None),
        ("data.folder", 7),
        ("model.generator.family", "none"),
        ("model.generator.family", 3),
    ],
)
def test_a_value_that_no_field_can_show_is_left_out(path: str, value: object) -> None:
    assert draft_from(stored(changes={path: value, "train.seed": 5})).changes == {"train.seed": 5}

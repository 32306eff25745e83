"""Saved directions: what can be saved, that nothing is lost, and what happens if the file is damaged."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_core.config import LatentConfig
from gan_core.runs.saved_directions import (
    LONGEST_NAME,
    MOST_DELETED,
    MOST_KEPT,
    Collection,
    DirectionError,
    collection_from_bytes,
    collection_to_bytes,
    named,
)
from gan_core.runs.store import RunStore
from tests.tiny import tiny

LATENT = LatentConfig(size=3)
SLANT, WIDTH = named("slant", LATENT, [0, 3, 4]), named("width", LATENT, [1, 0, 0])
finite = st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3).filter(lambda numbers: math.hypot(*numbers) > 1e-9)


@pytest.fixture
def store(root: Path) -> RunStore:
    return RunStore(root)


def test_a_saved_direction_has_length_one_and_a_stripped_name() -> None:
    direction = named("  slant ", LATENT, [0, 3, 4])

    assert (direction.name, direction.vector) == ("slant", (0, 0.6, 0.8))


def test_a_direction_fits_every_run_whose_latents_have_its_shape() -> None:
    assert SLANT.fits(tiny(model__latent__size=3).model.latent)
    assert not SLANT.fits(LatentConfig(size=4))
    assert not SLANT.fits(LatentConfig(size=3, distribution="uniform"))


@pytest.mark.parametrize(
    ("name", "vector", "rule"),
    [
        ("", [1, 0, 0], f"has 1 to {LONGEST_NAME} characters, got ''"),
        ("x" * 61, [1, 0, 0], f"has 1 to {LONGEST_NAME} characters"),
        ("a\nb", [1, 0, 0], f"has 1 to {LONGEST_NAME} characters"),
        ("slant", [1, 0], "has 3 numbers, got 2"),
        ("slant", [0, 0, 0], "needs finite numbers"),
        ("slant", [math.nan, 0, 0], "needs finite numbers"),
        ("slant", [math.inf, 0, 0], "needs finite numbers"),
    ],
)
def test_an_invalid_direction_is_refused(name: str, vector: list[float], rule: str) -> None:
    with pytest.raises(DirectionError, match=rule):
        named(name, LATENT, vector)


@given(
    st.lists(st.tuples(st.text("abc \u00e9", min_size=1).filter(str.strip), finite), unique_by=lambda x: x[0].strip())
)
def test_a_collection_is_read_exactly_from_its_bytes(entries: list[tuple[str, list[float]]]) -> None:
    collection = Collection()
    for name, vector in entries:
        collection = collection.add(named(name[:LONGEST_NAME], LATENT, vector))

    assert collection_from_bytes(collection_to_bytes(collection), "directions.json") == collection


def test_a_direction_is_renamed_in_its_place() -> None:
    collection = Collection((SLANT, WIDTH)).rename("slant", " lean ")

    assert [(each.name, each.vector) for each in collection.kept] == [("lean", SLANT.vector), ("width", WIDTH.vector)]
    assert Collection((SLANT,)).rename("slant", "slant").kept == (SLANT,)


def test_a_deleted_direction_can_be_restored_and_the_last_deleted_is_first() -> None:
    collection = Collection((SLANT, WIDTH)).delete("slant").delete("width")
    assert collection.kept == ()

    assert collection.restore().kept == (WIDTH,)
    assert collection.restore().restore().kept == (WIDTH, SLANT)


def test_only_the_last_deleted_directions_are_kept() -> None:
    collection = Collection()
    for number in range(MOST_DELETED + 5):
        collection = collection.add(named(str(number), LATENT, [1, 0, 0])).delete(str(number))

    assert [each.name for each in collection.deleted] == [str(number) for number in range(5, MOST_DELETED + 5)]


def test_an_impossible_change_of_a_collection_is_refused_with_a_reason() -> None:
    collection = Collection((SLANT, WIDTH))

    with pytest.raises(DirectionError, match="there is a direction 'slant' already; choose another name"):
        collection.add(SLANT)
    with pytest.raises(DirectionError, match="there is a direction 'width' already; choose another name"):
        collection.rename("slant", "width")
    with pytest.raises(DirectionError, match="there is no direction 'curl'; there are: slant, width"):
        collection.delete("curl")
    with pytest.raises(DirectionError, match="there is no deleted direction"):
        collection.restore()
    with pytest.raises(DirectionError, match="there is a direction 'slant' already"):
        collection.delete("slant").add(SLANT).restore()


def test_the_number_of_directions_is_limited() -> None:
    full = Collection(tuple(named(str(number), LATENT, [1, 0, 0]) for number in range(MOST_KEPT)))

    with pytest.raises(DirectionError, match=f"there are {MOST_KEPT} directions"):
        full.add(SLANT)


def test_the_store_keeps_directions_for_all_its_runs(store: RunStore) -> None:
    assert store.directions.all() == ()

    store.directions.add(SLANT)
    store.directions.add(WIDTH)
    store.directions.rename("width", "breadth")
    store.directions.delete("slant")

    assert [each.name for each in RunStore(store.root).directions.all()] == ["breadth"]
    store.directions.restore()
    assert [each.name for each in store.directions.all()] == ["breadth", "slant"]
    assert store.runs() == []


def test_a_refused_change_leaves_the_file_as_it_was(store: RunStore) -> None:
    store.directions.add(SLANT)
    before = (store.root / "directions.json").read_bytes()

    with pytest.raises(DirectionError, match="already"):
        store.directions.add(SLANT)

    assert (store.root / "directions.json").read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": 1}',
        '{"schema": 2, "kept": [], "deleted": []}',
        '{"schema": 1, "kept": [{"name": "a", "distribution": "normal", "vector": []}], "deleted": []}',
        '{"schema": 1, "kept": [{"name": "a", "distribution": "normal", "vector": ["x"]}], "deleted": []}',
        '{"schema": 1, "kept": [{"name": "a", "distribution": "normal", "vector": [NaN]}], "deleted": []}',
        '{"schema": 1, "kept": [{"name": "a"}], "deleted": []}',
    ],
)
def test_a_damaged_file_is_named_and_not_overwritten(store: RunStore, text: str) -> None:
    path = store.root / "directions.json"
    path.write_text(text)

    for use in (store.directions.all, lambda: store.directions.add(SLANT)):
        with pytest.raises(DirectionError, match=r"directions\.json is damaged \(.+\); put it back from a backup"):
            use()
    assert path.read_text() == text


def test_the_file_is_plain_json(store: RunStore) -> None:
    store.directions.add(SLANT)

    values = json.loads((store.root / "directions.json").read_text())

    assert values["kept"] == [{"name": "slant", "distribution": "normal", "vector": [0.0, 0.6, 0.8]}]

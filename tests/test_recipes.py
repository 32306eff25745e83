"""The recipes of CONTRIBUTING.md, followed in copies of the project: each works, and needs every place it lists."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "tests" / "recipes"
COPIED = ("gan_core", "dashboard", "pages", "static", ".streamlit")
SECTION = re.compile(r"^### (.+?)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"^\d\. `([^`]+)`", re.MULTILINE)


class Written(NamedTuple):
    """A new file; its text lies in tests/recipes."""

    name: str

    def applied(self, text: str) -> str:
        assert not text, "the file is there already"
        return (WRITTEN / self.name).read_text()


class Replaced(NamedTuple):
    """A change of a file: a text that occurs once in it, and what takes its place."""

    old: str
    new: str

    def applied(self, text: str) -> str:
        assert text.count(self.old) == 1, f"{self.old!r} occurs {text.count(self.old)} times"
        return text.replace(self.old, self.new)


class Recipe(NamedTuple):
    """What somebody does who follows one heading of CONTRIBUTING.md. `name` stands for `<name>` there."""

    heading: str
    name: str
    places: Mapping[str, Written | Replaced]


PRESET = """TWO_LAYERS = Preset(
    name="two-layers",
    title="Two layers",
    group="recommended",
    summary="One hidden layer in each network.",
    source="Goodfellow et al. 2014",
    config=RunConfig(
        model=ModelConfig(generator=MlpGenerator(widths=(128,)), discriminator=MlpDiscriminator(widths=(128,))),
        optim=OptimConfig(batch_size=64, lr_g=4e-4, lr_d=4e-4),
    ),
)

RECOMMENDED = (CONDITIONAL, TWO_LAYERS, """
PAGE = '    "data_sets": {"title": "Data sets", "icon": ":material/dataset:"},\n    "runs": {'
CURVE = """    CurveColumn(
        name="logit_gap",
        group="logits",
        title="Difference",
        tone="plain",
        help="Mean logit of real images minus made ones.",
        subject="the difference of the outputs of D",
        stage="output of D",
    ),
)
SCALARS"""
MEASURED = """"logit_fake": fake,
        "logit_gap": real - fake,"""

RECIPES: Mapping[str, Recipe] = {
    "loss": Recipe("A loss", "squared_hinge", {"gan_core/objective/losses/squared_hinge.py": Written("loss.py")}),
    "penalty": Recipe(
        "A penalty", "zero_centred", {"gan_core/objective/penalties/zero_centred.py": Written("penalty.py")}
    ),
    "augmentation": Recipe(
        "An augmentation", "brightness", {"gan_core/objective/augmentations/brightness.py": Written("augmentation.py")}
    ),
    "family": Recipe(
        "A family of networks", "one_layer", {"gan_core/models/families/one_layer.py": Written("family.py")}
    ),
    "data set": Recipe(
        "A data set", "digits_negative", {"gan_core/data/sets/digits_negative.py": Written("data_set.py")}
    ),
    "metric": Recipe(
        "A metric", "coloured_pixels", {"gan_core/evaluation/metrics/coloured_pixels.py": Written("metric.py")}
    ),
    "curve": Recipe(
        "A curve",
        "logit_gap",
        {
            "gan_core/training/curve_columns.py": Replaced(")\nSCALARS", CURVE),
            "gan_core/training/step_report.py": Replaced('"logit_fake": fake,', MEASURED),
        },
    ),
    "preset": Recipe(
        "A preset", "two-layers", {"gan_core/presets/recommended.py": Replaced("RECOMMENDED = (CONDITIONAL, ", PRESET)}
    ),
    "page": Recipe(
        "A page",
        "data_sets",
        {
            "pages/data_sets.py": Written("page.py"),
            "dashboard/app/routing.py": Replaced('    "runs": {', PAGE),
        },
    ),
}
MOST_PLACES = 2


def sections() -> dict[str, str]:
    """The text below each heading of the third level."""
    return dict(SECTION.findall((ROOT / "CONTRIBUTING.md").read_text()))


def listed(recipe: Recipe) -> list[str]:
    """The places that CONTRIBUTING.md lists for a recipe."""
    return [place.replace("<name>", recipe.name) for place in PLACE.findall(sections()[recipe.heading])]


def copy_of_the_project(folder: Path) -> Path:
    """What the program itself is made of."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy2(ROOT / "app.py", folder / "app.py")
    return folder


def followed(folder: Path, left_out: int | None = None) -> Path:
    """A copy in which every recipe was followed, each without the place of that number (0: its first one)."""
    copy = copy_of_the_project(folder)
    for recipe in RECIPES.values():
        for number, (path, change) in enumerate(recipe.places.items()):
            if number != left_out:
                file = copy / path
                file.write_text(change.applied(file.read_text() if file.is_file() else ""))
    return copy


def files_that_differ(copy: Path) -> set[str]:
    """The source files of a copy that are new or have other bytes."""
    paths = {path.relative_to(copy).as_posix() for path in copy.rglob("*.py")}
    return {
        path
        for path in paths
        if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != (copy / path).read_bytes()
    }


def problems_in(copy: Path) -> dict[str, str]:
    """What the checks find in a copy, by kind: see tests/recipes/checks.py."""
    done = subprocess.run(
        [sys.executable, str(WRITTEN / "checks.py")],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    problems: dict[str, str] = json.loads((copy / "problems.json").read_text())
    return problems


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which every recipe was followed."""
    return followed(tmp_path_factory.mktemp("complete"))


@pytest.fixture(scope="module")
def problems(complete: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The problems of the complete copy, then those of the copies without the first and without the second places."""
    incomplete = [followed(tmp_path_factory.mktemp(f"without-{left}"), left) for left in range(MOST_PLACES)]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(problems_in, [complete, *incomplete]))


@pytest.mark.parametrize("kind", RECIPES)
def test_a_recipe_lists_the_places_that_are_touched(kind: str) -> None:
    assert listed(RECIPES[kind]) == list(RECIPES[kind].places)


def test_nothing_else_is_touched(complete: Path) -> None:
    assert files_that_differ(complete) == {path for recipe in RECIPES.values() for path in recipe.places}


def test_every_recipe_is_followed_here() -> None:
    recipes = {heading for heading, text in sections().items() if PLACE.search(text)}
    assert recipes == {recipe.heading for recipe in RECIPES.values()}


def test_one_place_is_enough_for_what_is_one_row_and_a_page_has_two() -> None:
    assert {kind: len(recipe.places) for kind, recipe in RECIPES.items()} == {
        "loss": 1,
        "penalty": 1,
        "augmentation": 1,
        "family": 1,
        "data set": 1,
        "metric": 1,
        "curve": 2,  # the row, and where it is measured
        "preset": 1,
        "page": 2,
    }


def test_what_a_recipe_adds_works(problems: list[dict[str, str]]) -> None:
    assert problems[0] == dict.fromkeys(["nothing", *RECIPES], "")


@pytest.mark.parametrize("left_out", range(MOST_PLACES))
def test_a_recipe_without_one_of_its_places_does_not_work(problems: list[dict[str, str]], left_out: int) -> None:
    needs_it = {kind for kind, recipe in RECIPES.items() if len(recipe.places) > left_out}
    assert {kind for kind, problem in problems[1 + left_out].items() if problem} == needs_it

"""The rules of the house, read from the source: who may import whom, and where a thing may happen at all."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from gan_core import config
from gan_core.models import networks
from gan_core.objective import augment, equilibria, losses, penalties

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("app", "pages", "dashboard", "gan_core")  # each may import those to its right
NOT_OURS = {".git", ".venv", "node_modules", "checkpoints", "data", "static", "__pycache__"}
NOT_OURS |= {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".js", ".css", ".html", ".svg", ""}
ATTICS = {"utils", "util", "helpers", "helper", "common", "misc"}
# Spelt so that they do not find themselves.
FOREIGN_WORDS = (r"\bissues? \d+", r"/wor[k]/", r"\.librar[y]\b", r"\.\./shared/(?!data\b)")


class Import(NamedTuple):
    """One `import` of one file: `from gan_core import runs` is `gan_core.runs.store`."""

    path: str
    module: str


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of the project under `folder`, without caches and what a user makes."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not (path.parent == ROOT and path.name in NOT_OURS) and path.name != "__pycache__":
            yield from files_below(path)
        elif path.is_file():
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


TREES = {name_of(path): ast.parse(path.read_text()) for path in files_below(ROOT) if path.suffix == ".py"}


def sources(*folders: str) -> dict[str, ast.Module]:
    """The parsed files of some layers."""
    return {path: tree for path, tree in TREES.items() if path.removesuffix(".py").split("/")[0] in folders}


def imports(*folders: str) -> list[Import]:
    """Every import in some layers, at the top of a file or inside a function."""
    return [
        Import(path, module)
        for path, tree in sources(*folders).items()
        for node in ast.walk(tree)
        for module in named(node)
    ]


def named(node: ast.AST) -> list[str]:
    """The dotted names that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    return []


def importers(package: str, *folders: str) -> set[str]:
    """The files of some layers that import `package` or anything in it."""
    return {path for path, module in imports(*folders) if f"{module}.".startswith(f"{package}.")}


def mentions(name: str, *folders: str) -> set[str]:
    """The files of some layers in whose code `name` occurs, as a name or an attribute."""
    return {path for path, tree in sources(*folders).items() if any(says(node, name) for node in ast.walk(tree))}


def says(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == name) or (isinstance(node, ast.Attribute) and node.attr == name)


def test_the_engine_never_imports_streamlit() -> None:
    assert importers("streamlit", "gan_core") == set()


@pytest.mark.parametrize("package", ["threading", "_thread", "concurrent.futures", "multiprocessing"])
def test_threads_and_processes_are_started_only_in_jobs(package: str) -> None:
    assert importers(package, *LAYERS) <= {"gan_core/execution/jobs.py"}


def test_no_page_imports_torch() -> None:
    assert importers("torch", "app", "pages") == set()


def test_the_seed_of_a_generator_is_set_only_in_draws() -> None:
    assert mentions("manual_seed", *LAYERS) == {"gan_core/numerics/rng.py"}


@pytest.mark.parametrize("name", ["set_rng_state", "get_rng_state", "manual_seed_all", "seed_all", "default_rng"])
def test_the_global_random_numbers_are_left_alone(name: str) -> None:
    assert mentions(name, *LAYERS) == set()


@pytest.mark.parametrize("package", ["random", "numpy.random"])
def test_no_other_source_of_random_numbers_is_imported(package: str) -> None:
    assert importers(package, "gan_core") == set()


def test_tensors_meet_the_disk_only_in_the_vault_the_export_and_the_judge() -> None:
    doors = {"gan_core/runs/checkpoints.py", "gan_core/runs/export.py", "gan_core/evaluation/digit_classifier.py"}
    assert importers("safetensors", *LAYERS) <= doors


@pytest.mark.parametrize("package", ["pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"])
def test_nothing_is_pickled(package: str) -> None:
    assert importers(package, *LAYERS) == set()


def test_the_engine_never_prints() -> None:
    printing = {path for path in mentions("print", "gan_core") if not path.endswith(("cli/__init__.py", "__main__.py"))}
    assert printing == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_from_the_app_to_the_engine_and_never_back(layer: str) -> None:
    above = LAYERS[: LAYERS.index(layer)]
    assert {entry for entry in imports(layer) if entry.module.split(".")[0] in above} == set()


def test_the_router_knows_its_pages_by_path_and_no_page_knows_another() -> None:
    assert importers("pages", "app", "pages") == set()


def test_nothing_that_is_shipped_imports_the_tests_or_the_benchmarks() -> None:
    assert importers("tests", *LAYERS) | importers("benchmarks", *LAYERS) == set()


def test_imports_are_absolute() -> None:
    assert {entry for entry in imports(*LAYERS, "tests", "benchmarks") if entry.module.startswith(".")} == set()


def test_the_path_of_python_is_never_edited() -> None:
    assert {path for path, tree in TREES.items() if any(edits_the_path(node) for node in ast.walk(tree))} == set()


def edits_the_path(node: ast.AST) -> bool:
    """Whether it is `sys.path`, read or written."""
    return isinstance(node, ast.Attribute) and node.attr == "path" and says(node.value, "sys")


def test_no_module_is_an_attic() -> None:
    assert {path for path in TREES if ATTICS & set(path.removesuffix(".py").split("/"))} == set()


@pytest.mark.parametrize("word", FOREIGN_WORDS)
def test_the_project_speaks_only_of_itself(word: str) -> None:
    texts = [path for path in files_below(ROOT) if path.suffix in TEXT]
    assert [name_of(path) for path in texts if re.search(word, path.read_text(), re.IGNORECASE)] == []


def families(union: object) -> set[str]:
    """The family names of a discriminated union of models, `Annotated[A | B, ...]`."""
    members = get_args(get_args(union)[0])
    return {name for member in members for name in get_args(member.model_fields["family"].annotation)}


CHOICES: list[tuple[str, Collection[str], Collection[str]]] = [
    ("loss", get_args(config.LossName), losses.LOSSES),
    ("equilibrium", get_args(config.LossName), equilibria.EQUILIBRIA),
    ("penalty", get_args(config.PenaltyName), penalties.PENALTIES),
    ("augment", get_args(config.AugmentName), augment.AUGMENTS),
    ("generator", families(config.GeneratorConfig), networks.GENERATORS),
    ("discriminator", families(config.DiscriminatorConfig), networks.DISCRIMINATORS),
]


@pytest.mark.parametrize(("choice", "names", "table"), CHOICES, ids=[choice for choice, _, _ in CHOICES])
def test_every_choice_of_the_configuration_is_a_row_of_its_table(
    choice: str, names: Collection[str], table: Collection[str]
) -> None:
    assert set(names) == set(table), f"the names of {choice} in config.py and in its table differ"

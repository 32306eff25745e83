"""The architecture, read from the source: which package may import which, and where something may happen at all."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from gan_core import config
from gan_core.config import choices
from gan_core.config.choices import Folder
from gan_core.data.source import Source
from gan_core.models.family import DiscriminatorSettings, Family, GeneratorSettings, Norm, Output
from gan_core.objective.loss import Loss

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("app", "pages", "dashboard", "gan_core")  # each may import those to its right
PACKAGES = (  # of gan_core: each may import from its own row and the rows above
    ("config",),
    ("numerics",),
    ("presets", "data", "models", "objective"),
    ("training", "pictures", "latent"),
    ("runs",),
    ("evaluation", "execution"),
    ("notebook",),
    ("cli",),
)
UPWARDS = {
    ("gan_core/config/families.py", "gan_core.models.family"),  # the settings of a family lie beside its layers
}
NOT_OURS = {".git", ".venv", "node_modules", "checkpoints", "data", "static", "__pycache__"}
NOT_OURS |= {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".js", ".css", ".html", ".svg", ""}
ATTICS = {"utils", "util", "helpers", "helper", "common", "misc"}
# Spelt so that they do not find themselves.
# `"../shared/..."` in quotes is an import of a component's module.
FOREIGN_WORDS = (r"\bissues? \d+", r"/wor[k]/", r"\.librar[y]\b", r"(?<!\")\.\./shared/(?!data\b)")


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


def test_other_programs_are_started_only_in_jobs_and_for_films() -> None:
    assert importers("subprocess", *LAYERS) <= {"gan_core/execution/jobs.py", "gan_core/pictures/animation.py"}


def test_no_page_imports_torch() -> None:
    assert importers("torch", "app", "pages") == set()


def test_the_seed_of_a_generator_is_set_only_in_rng() -> None:
    assert mentions("manual_seed", *LAYERS) == {"gan_core/numerics/rng.py"}


@pytest.mark.parametrize("name", ["set_rng_state", "get_rng_state", "manual_seed_all", "seed_all", "default_rng"])
def test_the_global_random_numbers_are_left_alone(name: str) -> None:
    assert mentions(name, *LAYERS) == set()


@pytest.mark.parametrize("package", ["random", "numpy.random"])
def test_no_other_source_of_random_numbers_is_imported(package: str) -> None:
    assert importers(package, "gan_core") == set()


def test_safetensors_are_read_and_written_in_three_files_only() -> None:
    doors = {"gan_core/runs/tensor_files.py", "gan_core/runs/export.py", "gan_core/evaluation/digit_classifier.py"}
    assert importers("safetensors", *LAYERS) <= doors


@pytest.mark.parametrize("package", ["pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"])
def test_nothing_is_pickled(package: str) -> None:
    assert importers(package, *LAYERS) == set()


def test_the_engine_never_prints_except_in_the_cli_and_to_the_parent_of_a_process() -> None:
    printing = {path for path in mentions("print", "gan_core") if not path.startswith("gan_core/cli/")}
    assert printing <= {"gan_core/execution/evaluator_process.py"}


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


def test_no_module_is_called_utils_or_the_like() -> None:
    assert {path for path in TREES if ATTICS & set(path.removesuffix(".py").split("/"))} == set()


@pytest.mark.parametrize("word", FOREIGN_WORDS)
def test_the_project_speaks_only_of_itself(word: str) -> None:
    texts = [path for path in files_below(ROOT) if path.suffix in TEXT]
    assert [name_of(path) for path in texts if re.search(word, path.read_text(), re.IGNORECASE)] == []


def test_the_packages_of_the_engine_import_in_one_direction() -> None:
    rank = {package: number for number, row in enumerate(PACKAGES) for package in row}
    folders = {path.name for path in (ROOT / "gan_core").iterdir() if path.is_dir() and path.name != "__pycache__"}
    upwards = {
        (entry.path, entry.module.rpartition(".")[0])
        for entry in imports("gan_core")
        if len(entry.path.split("/")) > 2 and entry.module.startswith("gan_core.")
        if rank[entry.module.split(".")[1]] > rank[entry.path.split("/")[1]]
    }

    assert set(rank) == folders
    assert upwards == UPWARDS


def test_packages_of_one_row_do_not_import_each_other_in_a_circle() -> None:
    for row in PACKAGES:
        pairs = {
            (entry.path.split("/")[1], entry.module.split(".")[1])
            for entry in imports("gan_core")
            if entry.path.split("/")[1] in row and entry.module.split(".")[:1] == ["gan_core"]
        }
        between = {(package, other) for package, other in pairs if other in row and other != package}

        assert not {(other, package) for package, other in between} & between, row


CHOICES: list[tuple[Folder, Any, object]] = [
    (choices.LOSSES, config.LossName, Loss),
    (choices.PENALTIES, config.PenaltyName, object),  # a function
    (choices.AUGMENTATIONS, config.AugmentName, object),  # a function
    (choices.FAMILIES, None, Family),
    (choices.DATA_SETS, config.DataName, Source),
]


@pytest.mark.parametrize(("folder", "literal", "kind"), CHOICES, ids=[folder.path for folder, _, _ in CHOICES])
def test_every_file_of_a_folder_of_choices_is_a_choice_with_a_row(folder: Folder, literal: Any, kind: type) -> None:
    files = {path.stem for path in (ROOT / "gan_core" / folder.path).glob("*.py")} - {"__init__"}
    names = folder.names()

    assert {name.replace(folder.separator, "_") for name in names} == files
    assert names[0] == folder.first
    assert [name for name, row in folder.rows().items() if not isinstance(row, kind)] == []
    assert literal is None or get_args(literal) == names


def test_a_family_bears_the_name_of_its_file_and_answers_every_question_about_its_players() -> None:
    for name, family in choices.FAMILIES.rows().items():
        generator, discriminator = family.generator(), family.discriminator()
        assert isinstance(generator, GeneratorSettings), name
        assert isinstance(discriminator, DiscriminatorSettings), name
        assert generator.family == discriminator.family == name
        assert generator.norm in get_args(Norm), name
        assert generator.output in get_args(Output), name
        assert discriminator.norm in get_args(Norm), name
        assert 0 <= discriminator.dropout < 1, name
        assert discriminator.spectral_norm in (False, True), name


def test_the_configuration_the_presets_and_every_row_that_they_read_import_no_torch() -> None:
    modules = "gan_core.config.advice, gan_core.presets, gan_core.data.registry, gan_core.objective.losses"
    script = f"import sys, {modules}; print('torch' in sys.modules, 'torchvision' in sys.modules, 'PIL' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert printed.stdout.split() == ["False"] * 3


def modules_of(package: str) -> list[str]:
    return [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in TREES
        if path.startswith(f"gan_core/{package}/")
    ]


def test_any_module_of_the_packages_with_choices_can_be_imported_first() -> None:
    modules = [module for package in ("models", "objective", "data") for module in modules_of(package)]
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    for loaded in [key for key in sys.modules if key.split('.')[0] == 'gan_core']:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )

    done = subprocess.run([sys.executable, "-c", script, *modules], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]

"""What the guides name exists: files, functions, commands, settings."""

import ast
import importlib
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.test_architecture import UPWARDS, imports, name_of

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("CONTRIBUTING.md", "docs/architecture.md")
MAP = "## The map"
RUN_FOLDER = "## A run folder"
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
FIRST_CELL = re.compile(r"^\| (.+?) \|", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)\)")
FUNCTION = re.compile(r"([\w./]+\.(?:py|js)):(\w+)")  # file:function
IN_THE_PICTURE = re.compile(r"\w+/[\w./]+\.(?:py|js)(?::\w+)?")
CALL = re.compile(r"(\w+)\(([\w, *]*)\)")
NAME_OF_PYTHON = re.compile(r"(?:gan_core|dashboard|tests|benchmarks)(?:\.\w+)+")
PATH = re.compile(r"[\w.*<>/-]*/[\w.*<>/-]*|[\w.-]+\.(?:py|md|js|json|toml|txt)")
ON_A_USERS_DISK = {"checkpoints/<run>/", "data/MNIST/raw", "$GAN_STUDIO_DATA/MNIST/raw"}
INSTALLED = (".venv/", "node_modules/")  # by make
SEARCHED = ("app.py", "gan_core", "dashboard", "pages", "benchmarks", "tests")


def text_of(guide: str) -> str:
    return (ROOT / guide).read_text()


def section(text: str, heading: str) -> str:
    """The text from a heading of the second level to the next one."""
    return text.partition(heading)[2].partition("\n## ")[0]


@cache
def sources() -> tuple[Path, ...]:
    """Everything in which a setting, a command or a function may be named."""
    folders = [path for name in SEARCHED[1:] for kind in ("*.py", "*.js") for path in (ROOT / name).rglob(kind)]
    return (ROOT / "app.py", ROOT / "Makefile", *folders)


@cache
def words_of_the_sources() -> str:
    return "\n".join(path.read_text() for path in sources() if path != Path(__file__))


@cache
def definitions(path: Path) -> dict[str, ast.AST]:
    """The functions, classes and constants of a Python file by name, methods among them."""
    found: dict[str, ast.AST] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node for target in targets if isinstance(target, ast.Name)}
    return found


def is_defined(path: str, name: str) -> bool:
    """Whether a file defines a function, a class or a constant."""
    file = ROOT / path
    if not file.is_file():
        return False
    if file.suffix == ".py":
        return name in definitions(file)
    return re.search(rf"\b(?:function|const|class) {name}\b", file.read_text()) is not None


def is_importable(name: str) -> bool:
    """Whether a dotted name is a module, or something that a module holds."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        return all((value := getattr(value, part, None)) is not None for part in parts[length:])
    return False


def is_path(name: str) -> bool:
    """Whether a path below the root of the repository exists; `<name>` stands for any name."""
    return any(True for _ in ROOT.glob(re.sub(r"<\w+>", "*", name).rstrip("/")))


def is_signature(name: str, parameters: str) -> bool:
    """Whether a function of this name takes these parameters, perhaps among others."""
    wanted = [word.strip("* ") for word in parameters.split(",") if word.strip()]
    nodes = [definitions(path).get(name) for path in sources() if path.suffix == ".py"]
    return any(
        isinstance(node, ast.FunctionDef) and set(wanted) <= {argument.arg for argument in arguments_of(node)}
        for node in nodes
    )


def arguments_of(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def exists(name: str) -> bool:
    """Whether the text between two backticks is something that exists."""
    if name in ON_A_USERS_DISK:
        return True
    if " " in name and not CALL.fullmatch(name):
        return all(exists(word) for word in words_of_a_command(name))
    if found := FUNCTION.fullmatch(name):
        return is_defined(*found.groups())
    if found := CALL.fullmatch(name):
        return is_signature(*found.groups())
    if NAME_OF_PYTHON.fullmatch(name):
        return is_importable(name)
    if PATH.fullmatch(name):
        return is_path(name)
    return is_mentioned(name)


def is_mentioned(name: str) -> bool:
    """Whether the sources hold this text as whole words; `<name>` stands for any name."""
    pattern = re.escape(name).replace("<name>", r"\w+")
    return re.search(rf"(?<!\w){pattern}(?!\w)", words_of_the_sources()) is not None


def words_of_a_command(command: str) -> Iterator[str]:
    """What a command names: files, modules, targets of make."""
    words = command.split()
    yield from (word for word in words if PATH.fullmatch(word) and not word.startswith(INSTALLED))
    yield from (word for word, before in zip(words[1:], words[:-1], strict=True) if before == "-m" and "." in word)
    if words[0] == "make":
        yield from (f"{target}:" for target in words[1:])


def first_column(heading: str) -> list[str]:
    """The names in the first column of the table below a heading of the map."""
    cells = FIRST_CELL.findall(section(text_of("docs/architecture.md"), heading))
    return [name for cell in cells for name in SPAN.findall(cell)]


def named_in(guide: str) -> set[str]:
    """All names in a guide: in backticks, in the picture, and where links lead; not the files in a run folder."""
    text = text_of(guide)
    links = {(ROOT / guide).parent.joinpath(link).resolve().relative_to(ROOT).as_posix() for link in LINK.findall(text)}
    drawn = {name for picture in FENCE.findall(text) for name in IN_THE_PICTURE.findall(picture)}
    return {*SPAN.findall(FENCE.sub("", text)), *drawn, *links} - set(first_column(RUN_FOLDER))


@pytest.mark.parametrize("guide", GUIDES)
def test_everything_that_a_guide_names_exists(guide: str) -> None:
    assert sorted(name for name in named_in(guide) if not exists(name)) == []


@pytest.mark.parametrize(
    "name",
    [
        "gan_core/trainer.py",
        "gan_core/<name>/nothing.py",
        "gan_core/training/step.py:descent",
        "gan_core.training.step.descent",
        "generator_for(seed, phase)",
        "make everything",
        "python -m benchmarks.nothing",
        "python -m pytest tests/test_nothing.py",
        "objective.los",
    ],
)
def test_a_name_of_nothing_is_noticed(name: str) -> None:
    assert not exists(name)


def test_the_map_lists_every_package() -> None:
    packages = {name_of(path.parent) for path in ROOT.glob("gan_core/*/__init__.py")}
    parts = {name_of(path) for path in ROOT.glob("dashboard/*") if path.is_dir() and path.name != "__pycache__"}

    assert (packages | parts) - set(first_column(MAP)) == set()


def test_packages_of_the_engine_import_only_packages_above_them_in_the_map() -> None:
    rank = {name: number for number, name in enumerate(first_column(MAP))}
    upwards = {
        (entry.path, entry.module.rpartition(".")[0])
        for entry in imports("gan_core")
        if len(entry.path.split("/")) > 2 and entry.module.startswith("gan_core.")
        if rank["/".join(entry.module.split(".")[:2])] > rank["/".join(entry.path.split("/")[:2])]
    }

    assert upwards == UPWARDS
    assert {path for path, _ in UPWARDS} <= named_in("docs/architecture.md")


def test_the_guide_lists_every_file_of_a_run_folder_and_no_other() -> None:
    with ZipFile(ROOT / "tests" / "fixtures" / "format-1.zip") as packed:
        files = {name.partition("/")[2] for name in packed.namelist()} - {"manifest.json"}  # the pack's own
    listed = first_column(RUN_FOLDER)

    assert [file for file in files if not any(fnmatch(file, pattern) for pattern in listed)] == []
    assert [name for name in listed if not (is_mentioned(name) or any(fnmatch(file, name) for file in files))] == []

"""Rules of style, read from the source: private names stay private, functions are short, names say what they do."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("gan_core", "dashboard")
USERS = ("app.py", "pages", "dashboard", "benchmarks", "tests")  # of gan_core
MOST_LINES = 30
# names that do not say what a function does
VAGUE = ("show", "live", "told", "go", "do", "run", "handle", "process")
MOST_VAGUE = 4
NOT_PRIVATE = {"_replace", "_asdict", "_fields", "_exit"}  # documented: of named tuples, and os._exit
BY_NAME = {"getattr", "setattr", "delattr", "hasattr"}


@cache
def parsed(*places: str) -> list[tuple[str, ast.Module]]:
    """Path and syntax tree of every Python file in these folders, and of these files."""
    files = [
        file
        for place in places
        for file in ([ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")))
    ]
    return [(file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())) for file in files]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in NOT_PRIVATE


def private_attributes(tree: ast.Module) -> Iterator[str]:
    """Private names that a file uses of other objects than `self` and `cls`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not own:
                yield node.attr
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = (getattr(node, "module", None) or "").split(".")
            yield from filter(is_private, [*module, *(part for alias in node.names for part in alias.name.split("."))])


def names_in_strings(tree: ast.Module) -> Iterator[str]:
    """Private names in strings that are passed to `getattr`, `monkeypatch.setattr` and the like."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            strings = [
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            yield from (name for string in strings for name in string.split(".") if is_private(name))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_private_name_of_another_object_is_used_outside_the_engine() -> None:
    used = {(path, name) for path, tree in parsed(*USERS) for name in private_attributes(tree)}

    assert used == set()


def test_no_private_name_is_patched_or_looked_up_by_a_string() -> None:
    used = {(path, name) for path, tree in parsed(*USERS) for name in names_in_strings(tree)}

    assert used == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_function_is_longer_than_thirty_lines(package: str) -> None:
    lengths = {
        f"{path}: {function.name}": (function.end_lineno or function.lineno) - function.lineno + 1
        for path, tree in parsed(package)
        for function in functions(tree)
    }

    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_functions_of_the_dashboard_say_what_they_show() -> None:
    names = Counter(function.name for _, tree in parsed("dashboard") for function in functions(tree))

    assert {name: names[name] for name in VAGUE if names[name] > MOST_VAGUE} == {}

"""The public names of `gan_core`, and the lines of the README that use them in a notebook."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas
import pytest

import gan_core
from tests.conftest import REPOSITORY

LINES = 8


def lines_of_the_readme() -> str:
    section = (REPOSITORY / "README.md").read_text().partition("## In a notebook")[2]
    (code,) = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    return str(code)


def test_the_public_names_are_sorted_and_each_is_imported_on_first_use() -> None:
    constants = [name for name in gan_core.__all__ if name.isupper()]
    classes = [name for name in gan_core.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in gan_core.__all__ if name[0].islower()]

    assert gan_core.__all__ == [*sorted(constants), *sorted(classes), *sorted(functions)]
    assert set(gan_core.__all__) == set(gan_core.MODULE_OF) <= set(dir(gan_core))
    for name in gan_core.__all__:
        assert getattr(gan_core, name).__doc__


def test_a_type_checker_sees_the_same_names() -> None:
    tree = ast.parse((REPOSITORY / "gan_core" / "__init__.py").read_text())
    imported = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gan_core.")
        for alias in node.names
    }

    assert imported == {name: f"gan_core.{module}" for name, module in gan_core.MODULE_OF.items()}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = gan_core.nothing


def test_importing_the_package_or_its_command_line_imports_no_torch() -> None:
    code = "import sys; import gan_core, gan_core.cli; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_the_lines_of_the_readme_train_render_and_export_in_a_notebook(elsewhere: Path) -> None:
    code, names = lines_of_the_readme(), {}  # type: str, dict[str, object]
    assert len([line for line in code.splitlines() if line]) == LINES

    exec(compile(code, "README.md", "exec"), names)

    curves, samples, morph = names["curves"], names["samples"], names["morph"]
    assert isinstance(curves, pandas.DataFrame)
    assert {"step", "images_seen", "loss_d", "loss_g"} <= set(curves.columns)
    assert curves["images_seen"].iloc[-1] >= 2_000
    assert isinstance(samples, np.ndarray)
    assert isinstance(morph, np.ndarray)
    assert (samples.shape, samples.dtype, morph.shape) == ((64, 28, 28), np.uint8, (28, 28))
    assert (elsewhere / "generator.onnx").stat().st_size > 0
    assert gan_core.RunStore("checkpoints").runs()[0].status == "finished"
    worker = names["worker"]
    assert isinstance(worker, gan_core.Worker)
    assert worker.shutdown(30)

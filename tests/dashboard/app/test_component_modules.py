"""The route for the modules of the components: all of them, nothing else, and only the present version."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboard.app import component_modules
from dashboard.app.component_modules import COMPONENTS

NAMES = sorted(path.parent.name for path in COMPONENTS.glob("*/index.js"))


def answer_to(path: str, version: str | None = None) -> Response:
    parts = {"version": version or component_modules.version(), "path": path}
    return component_modules.respond(Request({"type": "http", "path_params": parts, "headers": []}))


def paths_of(name: str) -> list[str]:
    """The modules of a component, relative to the folder of all components."""
    return [address.split("/", 2)[2] for address in component_modules.addresses(name)]


def test_a_module_is_javascript_that_a_browser_may_keep() -> None:
    answer = answer_to("shared/search.js")

    assert answer.body == (COMPONENTS / "shared" / "search.js").read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", NAMES)
def test_a_component_names_its_entry_and_once_each_all_that_this_imports(name: str) -> None:
    paths = paths_of(name)

    assert paths[0] == f"{name}/index.js"
    assert len(set(paths)) == len(paths)
    assert {answer_to(path).status_code for path in paths} == {200}


def test_every_module_belongs_to_a_component() -> None:
    used = {path for name in NAMES for path in paths_of(name)}
    assert used == {path.relative_to(COMPONENTS).as_posix() for path in COMPONENTS.rglob("*.js")}


@pytest.mark.parametrize("path", ["curves/style.css", "curves/markup.html", "curves", "", "../app/server.py", "no.js"])
def test_no_other_file_is_served(path: str) -> None:
    assert answer_to(path).status_code == 404


def test_another_version_is_neither_served_nor_kept() -> None:
    answer = answer_to("shared/search.js", version="0123456789abcdef")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_the_version_is_that_of_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version_of(text: str) -> str:
        (tmp_path / "index.js").write_text(text)
        component_modules.modules.cache_clear()
        component_modules.version.cache_clear()
        return component_modules.version()

    with monkeypatch.context() as patch:
        patch.setattr(component_modules, "COMPONENTS", tmp_path)
        versions = [version_of(text) for text in ("1", "2", "1")]
    component_modules.modules.cache_clear()
    component_modules.version.cache_clear()
    assert versions[0] == versions[2] != versions[1]

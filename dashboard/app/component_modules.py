"""A read-only route for the JavaScript modules of the components.

The modules are read once, when the first component is made, and served from memory: a browser always gets the modules
that belong to the Python code of this process, and no request can reach another file. The version in the address is a
hash of all modules, so browsers may keep them for good, and relative imports stay within one version.
"""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

COMPONENTS = Path(__file__).resolve().parents[1] / "components"
ROUTE = "/components/{version}/{path:path}"
FOREVER = "public, max-age=31536000, immutable"
IMPORT = re.compile(r'\bfrom "(\.[^"]+)";$', re.MULTILINE)


@cache
def modules() -> Mapping[str, bytes]:
    """Every module by its path below dashboard/components, such as `curves/index.js`."""
    return {path.relative_to(COMPONENTS).as_posix(): path.read_bytes() for path in sorted(COMPONENTS.rglob("*.js"))}


@cache
def version() -> str:
    """Changes when any module changes."""
    content = hashlib.sha256()
    for path, text in modules().items():
        content.update(f"{path}\0{len(text)}\0".encode() + text)
    return content.hexdigest()[:16]


def addresses(name: str) -> list[str]:
    """The modules of a component, relative to the root of the app: `index.js`, then all that it imports."""
    found = [f"{name}/index.js"]
    for path in found:  # grows while it is read
        found += [module for module in imported_by(path) if module not in found]
    return [f"components/{version()}/{path}" for path in found]


def imported_by(path: str) -> list[str]:
    """The modules that one module imports. Raises KeyError if there is no such module."""
    folder = PurePosixPath("/", path).parent
    imports = IMPORT.findall(modules()[path].decode())
    return [posixpath.normpath(folder / module).lstrip("/") for module in imports]


def respond(request: Request) -> Response:
    """One module; 404 for any other path or version."""
    module = modules().get(request.path_params["path"])
    if module is None or request.path_params["version"] != version():
        return PlainTextResponse("There is no such module.", status_code=404, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    return Response(module, media_type="text/javascript", headers=headers)

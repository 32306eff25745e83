"""Which Chromium drives the browser tests: the system's, Playwright's own, or one that is installed now.

`python -m tests.browser.find_chromium` prints its path; with `--install` it first installs one where none is found.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium was found for the browser tests: install one "
    "('sudo apt-get install chromium', or '.venv/bin/python -m playwright install --with-deps chromium'), "
    "then run make test again."
)


class NoBrowserError(RuntimeError):
    """There is no Chromium that starts; the message is one sentence for a person."""


def find_chromium() -> Path:
    """The first Chromium that starts: on the PATH, else Playwright's own. Raises NoBrowserError."""
    for candidate in candidates():
        if starts(candidate):
            return candidate
    raise NoBrowserError(NO_BROWSER)


def candidates() -> Iterator[Path]:
    """Where a Chromium may be; Playwright is asked last, because that starts its driver."""
    yield from (Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.is_file():
        yield own


def starts(candidate: Path) -> bool:
    """Whether it answers `--version`: Ubuntu's `chromium-browser` may be only a hint to install a snap."""
    try:
        return subprocess.run([candidate, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_chromium() -> Path:
    """A Chromium, installed where there is none: a package for root, else Playwright's. Raises NoBrowserError."""
    for install in (apt_chromium, playwright_chromium):
        try:
            return find_chromium()
        except NoBrowserError:
            install()
    return find_chromium()


def apt_chromium() -> None:
    """Debian's package, where apt is there and allowed; find_chromium tells whether it helped."""
    if may_install_packages():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], env=environment, check=False)
        command = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=environment, check=False)


def playwright_chromium() -> None:
    """Playwright's own build, with the libraries it needs where they may be installed."""
    libraries = ["--with-deps"] if may_install_packages() else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=False)


def may_install_packages() -> bool:
    """Whether this is root on Debian, Ubuntu or a relative."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def main() -> int:
    try:
        print(install_chromium() if "--install" in sys.argv[1:] else find_chromium())
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

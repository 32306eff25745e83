"""Find the Chromium for the browser tests: the system's, or Playwright's own.

`python -m tests.browser.find_chromium` prints its path; with `--install` it installs one first if none is found.

Debian packs Chromium a second time, without what draws windows and menus: chromium-headless-shell. It loads a page of
the dashboard with a fifth less of a processor, so it comes first, as it does for Playwright.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
SYSTEM_NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium was found for the browser tests: install one "
    "('sudo apt-get install chromium-headless-shell', or "
    "'.venv/bin/python -m playwright install --with-deps chromium'), then run make test again."
)


class NoBrowserError(RuntimeError):
    """No Chromium was found that starts; the message says how to install one."""


def find_chromium() -> Path:
    """The first Chromium that starts: on the PATH, else Playwright's own. Raises NoBrowserError."""
    for candidate in candidates():
        if starts(candidate):
            return candidate
    raise NoBrowserError(NO_BROWSER)


def candidates() -> Iterator[Path]:
    """Possible paths of a Chromium; Playwright's comes last, because asking for it starts its driver."""
    yield from (Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.is_file():
        yield own


def starts(candidate: Path) -> bool:
    """Whether `--version` works. Ubuntu's `chromium-browser` may be a script that only asks to install a snap."""
    try:
        return subprocess.run([candidate, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_chromium() -> Path:
    """Install a Chromium if there is none that starts: Debian's package for root, else Playwright's own.

    Root gets Debian's small package even where another Chromium is there. Raises NoBrowserError.
    """
    if shutil.which(SHELL) is None:
        apt_chromium()
    try:
        return find_chromium()
    except NoBrowserError:
        playwright_chromium()
    return find_chromium()


def apt_chromium() -> None:
    """Try to install a package of Debian, if this process may install packages; Ubuntu has none of them."""
    if may_install_packages():
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], env=environment, check=False)
        for package in (SHELL, "chromium"):  # Debian 11 has only the second
            command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
            if subprocess.run(command, env=environment, check=False).returncode == 0:
                return


def playwright_chromium() -> None:
    """Try to install Playwright's own build, with its system libraries if this process may install packages."""
    libraries = ["--with-deps"] if may_install_packages() else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=False)


def may_install_packages() -> bool:
    """Whether this is root on a Linux with apt-get."""
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

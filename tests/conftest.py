"""Fixtures for all tests, and the rule that a skipped test fails."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from hypothesis import HealthCheck, settings

# No time limit for an example: other programs may slow this machine down.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

MAIN_MODULE = sys.modules["__main__"]
REPOSITORY = Path(__file__).resolve().parents[1]
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def refused(report: Report) -> Report:
    """Turn the report of a skipped test, or of an expected failure, into a failure."""
    if report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)  # pytest does not count a failure that has it
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refused((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refused((yield))


@pytest.fixture(scope="session", autouse=True)
def no_test_touches_the_users_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The default checkpoints folder is an empty one, made for this test session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_STUDIO_ROOT", str(tmp_path_factory.mktemp("session") / "checkpoints"))
        yield


@pytest.fixture(autouse=True)
def the_main_module_stays() -> Iterator[None]:
    """Streamlit's AppTest leaves its script as `__main__`, which a process that is forked later would run again."""
    yield
    sys.modules["__main__"] = MAIN_MODULE


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkpoints folder for one test; GAN_STUDIO_ROOT names it."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    monkeypatch.setenv("GAN_STUDIO_ROOT", str(folder))
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, so that relative paths do not lead into the repository."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def one_processor() -> Iterator[None]:
    """Restrict this process, and processes that it starts, to one processor, and so torch to one thread.

    Tiny networks train faster like that: several threads that wait for each other are slow when other processes use the
    processors as well.
    """
    if not hasattr(os, "sched_setaffinity"):  # Linux only
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    yield
    os.sched_setaffinity(0, allowed)


@pytest.fixture(scope="module")
def threads() -> Iterator[Callable[[int], None]]:
    """A function that sets the number of torch threads; the old number is restored after the module."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def digits() -> str:
    """The name of a data set of MNIST digits that needs no network: `mnist` if it is on this disk, else `mnist-5k`."""
    folder = Path(os.environ.get("GAN_STUDIO_DATA") or REPOSITORY / "data")
    return "mnist" if (folder / "MNIST" / "raw").is_dir() else "mnist-5k"

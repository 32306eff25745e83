"""What every test may rely on: a checkpoints folder of its own, the real digits, and that no test is skipped."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from hypothesis import HealthCheck, settings

# How long an example takes says something of the machine, which others may use, and nothing of the code.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

REPOSITORY = Path(__file__).resolve().parents[1]
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def refused(report: Report) -> Report:
    """A skipped test (or an expected failure) as a failed one: a test runs, or it is not there."""
    if report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)  # pytest does not count a failure that carries it
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
    """Whatever opens the default checkpoints folder opens an empty one made for this test session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_STUDIO_ROOT", str(tmp_path_factory.mktemp("session") / "checkpoints"))
        yield


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkpoints folder for one test, named by GAN_STUDIO_ROOT."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    monkeypatch.setenv("GAN_STUDIO_ROOT", str(folder))
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder: nothing relative is found, nothing relative lands in the repository."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def one_processor() -> Iterator[None]:
    """This process, and those that it starts, compute with one thread: tiny networks are faster so.

    Threads that wait for each other are slow where other processes want the processors too.
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
    """Sets the number of threads that this process computes with; afterwards it is what it was."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def digits() -> str:
    """The name of a data set of real MNIST digits that needs no network: all of it where it lies, else the 5,000."""
    folder = Path(os.environ.get("GAN_STUDIO_DATA") or REPOSITORY / "data")
    return "mnist" if (folder / "MNIST" / "raw").is_dir() else "mnist-5k"

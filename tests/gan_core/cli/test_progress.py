"""Trainers in processes of their own: signals, requests of other processes, a second trainer, a deleted folder."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from gan_core.cli import main
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from tests.mirror import serving
from tests.terminals import ENDLESS, ended, started, tiny_settings, wait_for_steps
from tests.tiny_runs import tiny, train
from tests.waiting import eventually

RUN = "run"
Process = subprocess.Popen[str]


@pytest.fixture
def store(root: Path, elsewhere: Path) -> RunStore:
    return RunStore(root)


@pytest.fixture
def trainer(store: RunStore, elsewhere: Path) -> Iterator[Process]:
    """A process that has made some steps of an endless run."""
    with started_training(store, elsewhere) as process:
        wait_for_steps(store, RUN)
        yield process


def started_training(store: RunStore, folder: Path) -> AbstractContextManager[Process]:
    settings = tiny_settings(train__images=ENDLESS)
    return started("train", "--run", RUN, *settings, "--root", str(store.root), folder=folder)


def state_of(store: RunStore) -> str:
    return store.progress(RUN).status


def end_of(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def undisturbed_end(store: RunStore, run: str) -> str:
    """The fingerprint of a run with the same configuration that was trained as far in one go."""
    twin = store.create(store.config(run), "undisturbed")
    assert train(store, twin, store.progress(run).images_seen) == "finished"
    return end_of(store, twin)


@pytest.mark.parametrize(
    ("number", "status", "state"),
    [(signal.SIGINT, 130, "stopped"), (signal.SIGTERM, 143, "interrupted"), (signal.SIGHUP, 129, "interrupted")],
)
def test_a_signal_ends_the_training_after_a_checkpoint(
    store: RunStore, trainer: Process, number: signal.Signals, status: int, state: str
) -> None:
    trainer.send_signal(number)

    assert ended(trainer)[0] == status
    assert state_of(store) == state
    assert store.checkpoints(RUN).newest().counters["images_seen"] == store.progress(RUN).images_seen > 0
    assert number.name in store.progress(RUN).reason


def test_nohup_protects_a_training_from_the_end_of_its_terminal(store: RunStore, elsewhere: Path) -> None:
    settings = tiny_settings(train__images=ENDLESS)
    command = ("train", "--run", RUN, *settings, "--root", str(store.root))
    with started(*command, folder=elsewhere, inside=["nohup"]) as process:
        wait_for_steps(store, RUN)
        process.send_signal(signal.SIGHUP)
        wait_for_steps(store, RUN, store.progress(RUN).images_seen + 320)
        process.send_signal(signal.SIGTERM)

        assert ended(process)[0] == 143
    assert state_of(store) == "interrupted"


class Gone(io.StringIO):
    """A terminal that has gone away."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_terminal_that_goes_away_ends_no_training(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Gone())

    assert main(["train", "--run", RUN, *tiny_settings(), "--root", str(store.root)]) == 0

    assert state_of(store) == "finished"


def test_a_run_ended_by_a_signal_resumes_to_the_same_end(store: RunStore, trainer: Process) -> None:
    trainer.send_signal(signal.SIGTERM)
    ended(trainer)
    images = store.progress(RUN).images_seen + 320

    assert main(["resume", RUN, "--images", str(images), "--root", str(store.root)]) == 0

    assert end_of(store, RUN) == undisturbed_end(store, RUN)


def test_a_second_interrupt_ends_the_process_at_once(store: RunStore, elsewhere: Path) -> None:
    store.create(tiny(data__name="kmnist", data__image_size=28), RUN)
    with (
        serving({}, silent=True) as mirror,
        started(
            "resume",
            RUN,
            "--root",
            str(store.root),
            folder=elsewhere,
            GAN_STUDIO_DATA="",
            GAN_STUDIO_MIRROR=mirror.address,
        ) as process,
    ):
        eventually(lambda: bool(mirror.requested), "the mirror was asked for the data")
        eventually(lambda: interrupted(process), "the process ended")

        assert ended(process)[0] == -signal.SIGINT
    assert state_of(store) == "interrupted"


def interrupted(process: Process) -> bool:
    """Send one more Ctrl-C to a process that still runs; whether it has ended."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    return process.returncode is not None


def test_a_run_is_paused_resumed_and_stopped_from_another_terminal(store: RunStore, trainer: Process) -> None:
    for command, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert main([command, RUN, "--root", str(store.root)]) == 0
        wait_for_state(store, state)

    assert ended(trainer)[0] == 0
    assert store.progress(RUN).reason == "Stopped from a terminal."
    assert store.checkpoints(RUN).newest().counters["images_seen"] == store.progress(RUN).images_seen


def wait_for_state(store: RunStore, state: str) -> None:
    eventually(lambda: state_of(store) == state, f"the run was {state}")


def test_a_second_trainer_is_refused_by_the_name_of_the_first(
    store: RunStore, trainer: Process, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resume", RUN, "--root", str(store.root)]) == 2

    expected = f"run {RUN} is being trained by process {trainer.pid} on host {os.uname().nodename} (a terminal); "
    assert capsys.readouterr().err == f"{expected}stop it there first, or wait\n"
    assert state_of(store) == "running"


def test_a_run_whose_folder_is_deleted_is_saved_to_a_new_one(store: RunStore, trainer: Process) -> None:
    rescued = f"{RUN}-rescued"
    eventually(lambda: removed(store.folder(RUN)), "the folder was removed")

    status, sentence = ended(trainer)

    assert status == 1
    assert sentence == (
        f"the folder of run {RUN} was removed while it trained; its training state is saved as run {rescued}, "
        "which can be resumed"
    )
    assert [run.name for run in store.runs()] == [rescued]
    images = store.progress(rescued).images_seen + 320
    assert main(["resume", rescued, "--images", str(images), "--root", str(store.root)]) == 0
    assert end_of(store, rescued) == undisturbed_end(store, rescued)


def removed(folder: Path) -> bool:
    """Delete a folder while another process writes into it; returns whether it was deleted."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()

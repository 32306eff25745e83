"""Every command in a process of its own, on a pseudo-terminal and in a pipe: help, output, JSON, exit statuses."""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
import typer

from gan_core.cli.commands import app
from gan_core.execution.run_training import run_to_end
from gan_core.runs.store import RunStore
from tests.terminals import REPOSITORY, tiny_settings
from tests.tiny import DATA
from tests.tiny_runs import tiny

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TRAIN = ["train", "--run", "new", *tiny_settings()]
SECONDS = 60.0
WINDOW = (40, 100)  # rows and columns
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DONE = [  # the arguments, and what stdout must hold
    (["presets"], "conditional"),
    (["runs"], "mine"),
    (["settings"], "optim.batch_size = "),
    (["look", "pictures"], "1 images"),
    (["classes", "mine"], "   9  9"),
    (["sample", "mine", "--seeds", "0-3", "--out", "grid.png"], ""),
    (["latent", "mine", "-seed:1 + seed:2", "--out", "morph.webp"], ""),
    (["export", "mine", "--out", "g.safetensors"], ""),
    (["pack", "mine", "--out", "mine.zip"], ""),
    (["unpack", "mine.zip"], "mine-2"),
    (["fingerprint", "mine"], ""),
    (["delete", "mine-2"], ""),
    (["restore", "mine-2"], "mine-2"),
    (["completion", "bash"], "complete -o default"),
    (TRAIN, ""),
    (["resume", "new", "--images", "800"], ""),
    (["--version"], "GAN Studio"),
]
REFUSED = [
    ["pause", "mine"],
    ["stop", "mine"],
    ["resume", "mine"],
    ["sample", "nothing", "--out", "a.png"],
    ["train", "--set", "optim.lr_g=0"],
    ["train", "--set", "optim.nothing=1"],
    ["train", "--set", "data.folder=nowhere"],
    ["look", "nowhere"],
    ["nonsense"],
    ["restore", "nothing"],
    ["unpack", "nowhere.zip"],
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run `mine` with labels, and a folder of one picture."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("session")
    store = RunStore(folder / "checkpoints")
    store.create(tiny(data__labels=True), "mine")
    assert run_to_end(store, "mine", data_root=DATA, measure=False).status == "finished"
    (folder / "pictures").mkdir()
    Image.new("L", (8, 8), 7).save(folder / "pictures" / "a.png")
    return folder


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_WAIT_POLICY": "PASSIVE", "GAN_STUDIO_DATA": "", **more}


def in_a_pipe(place: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gan_core", *arguments],
        cwd=place,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def on_a_terminal(place: Path, arguments: list[str]) -> tuple[int, str]:
    """The exit status of a command on a pseudo-terminal, and all that it has shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *WINDOW, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "gan_core", *arguments],
        cwd=place,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, began = b"", time.monotonic()
    while time.monotonic() - began < SECONDS:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
            shown += piece
        elif process.poll() is not None:
            break
    status = process.wait(10)
    os.close(ours)
    return status, STYLE.sub("", shown.decode(errors="replace"))


@pytest.fixture(scope="module")
def session(place: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every command that succeeds, in a pipe, one after the other."""
    return {" ".join(arguments): in_a_pipe(place, arguments) for arguments, _ in DONE}


@pytest.mark.parametrize(("arguments", "expected"), DONE, ids=lambda value: value[0] if isinstance(value, list) else "")
def test_a_command_in_a_pipe(
    session: dict[str, subprocess.CompletedProcess[str]], arguments: list[str], expected: str
) -> None:
    done = session[" ".join(arguments)]

    assert done.returncode == 0, done.stderr
    assert expected in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_is_in_the_session() -> None:
    used = {arguments[0] for arguments, _ in DONE} | {arguments[0] for arguments in REFUSED}

    assert set(COMMANDS) <= used


def test_every_command_and_exit_status_is_in_the_documentation() -> None:
    text = (REPOSITORY / "docs" / "terminal.md").read_text()

    assert {command for command in COMMANDS if not re.search(rf"`{command}\b", text)} == set()
    for status in (0, 1, 2, 130, 143, 129):
        assert re.search(rf"\|[^|]*\b{status}\b[^|]*\|", text)


def test_the_documentation_says_which_commands_print_json() -> None:
    text = (REPOSITORY / "docs" / "terminal.md").read_text()
    documented = {row[0] for row in re.findall(r"^\| `([a-z]+)[^|]*\|[^|]*\|( yes )\|", text, re.MULTILINE)}
    group = typer.main.get_command(app)
    have = {name for name, command in group.commands.items() if any("--json" in each.opts for each in command.params)}  # type: ignore[attr-defined]

    assert documented == have


def test_json_is_one_object_with_a_schema(place: Path) -> None:
    for arguments in (["presets"], ["settings"], ["runs"], ["classes", "mine"], ["look", "pictures"]):
        done = in_a_pipe(place, [*arguments, "--json"])
        assert json.loads(done.stdout)["schema"] == 1


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_a_refusal_is_one_sentence_and_status_2(place: Path, arguments: list[str]) -> None:
    done = in_a_pipe(place, arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert done.stderr.count("\n") == 1
    assert not re.search("Traceback|Error:", done.stderr)


def test_help_on_a_terminal_names_every_command_and_option(place: Path) -> None:
    status, shown = on_a_terminal(place, ["--help"])
    assert status == 0
    for command in COMMANDS:
        assert command in shown
    status, shown = on_a_terminal(place, ["train", "--help"])
    assert status == 0
    assert "--preset" in shown


def test_a_training_on_a_terminal_shows_a_bar_and_says_where_its_pictures_are(place: Path) -> None:
    status, shown = on_a_terminal(place, ["train", "--run", "shown", *tiny_settings()])

    assert status == 0
    assert "shown: 100%" in shown
    assert "its pictures are in" in re.sub(r"\s+", " ", shown)


def test_a_pipe_that_is_closed_early_is_no_error(place: Path) -> None:
    command = f"{sys.executable} -m gan_core settings | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=place,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_a_terminal_without_a_character_ends_nothing(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gan_core", "train", "--run", "in-ascii", *tiny_settings()],
        cwd=place,
        env=environment(PYTHONIOENCODING="ascii", LC_ALL="C"),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr

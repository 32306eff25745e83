"""Help for people and shells: the version, the settings, completion, and runs whose names look like options."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

import gan_core
from gan_core.cli import FLAGS, main, positional
from gan_core.cli.commands import app
from gan_core.cli.completion import SCRIPTS
from gan_core.config import known_keys, settings_of
from gan_core.presets import DEFAULT, preset
from gan_core.runs.store import RunStore
from tests.terminals import REPOSITORY, tiny_settings

Answer = Callable[..., str]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> Answer:
    def run(*arguments: str) -> str:
        assert main(list(arguments)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


def test_the_version(answer: Answer) -> None:
    assert answer("--version") == f"GAN Studio {gan_core.__version__}\n"


def test_every_setting_is_listed_with_what_is_allowed(answer: Answer) -> None:
    rows = {row["key"]: row for row in json.loads(answer("settings", "--json"))["settings"]}

    assert set(rows) == {key for key in known_keys() if "." in key} - {
        "model.latent",
        "model.generator",
        "model.discriminator",
    }
    assert rows["optim.batch_size"]["allowed"] == "whole number, at least 2, at most 4,096, images"
    assert rows["optim.lr_g"]["allowed"] == "number, above 0, at most 1"
    assert rows["data.fit"]["allowed"] == "one of crop, pad, stretch"
    assert rows["data.labels"]["value"] == "true"
    assert all(row["help"] for row in rows.values())


def test_the_listed_values_can_be_typed_after_set(answer: Answer) -> None:
    config = preset(DEFAULT).config
    rows = {row["key"]: row["value"] for row in json.loads(answer("settings", "--json"))["settings"]}

    typed = dict(gan_core.config.parse_assignment(f"{each.path}={rows[each.path]}") for each in settings_of(config))

    assert gan_core.with_overrides(config, {key: value for key, value in typed.items() if value != ""}) == config


def test_the_settings_for_people_are_two_lines_or_more_each(answer: Answer) -> None:
    text = answer("settings", "--preset", "mlp")

    assert "optim.batch_size = " in text
    assert max(len(line) for line in text.splitlines() if line.startswith(" ")) <= 104


def test_every_option_without_a_value_is_known() -> None:
    group = typer.main.get_command(app)
    flags = {
        option
        for command in group.commands.values()  # type: ignore[attr-defined]
        for parameter in command.params
        if getattr(parameter, "is_flag", False)
        for option in parameter.opts
    }

    assert flags - {"--help"} == set(FLAGS)


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        (["pause", "-x"], ["pause", " -x"]),
        (["latent", "-x", "-seed:7 + seed:3", "--raw"], ["latent", " -x", " -seed:7 + seed:3", "--raw"]),
        (["sample", "--raw", "-x", "--out", "-"], ["sample", "--raw", " -x", "--out", "-"]),
        (["train", "--run", "-x"], ["train", "--run", "-x"]),
        (["train", "--set=optim.lr_g=1", "-x"], ["train", "--set=optim.lr_g=1", " -x"]),
        (["pause", "--", "-x"], ["pause", "--", " -x"]),
    ],
)
def test_one_dash_begins_no_option(given: list[str], understood: list[str]) -> None:
    assert positional(given) == understood


def test_a_run_may_be_called_like_an_option(root: Path, answer: Answer) -> None:
    answer("train", "--run", "-x", *tiny_settings(), "--root", str(root))
    answer("latent", "-x", "-seed:1 + seed:2", "--out", "a.png", "--root", str(root))
    answer("delete", "-x", "--root", str(root))
    assert not RunStore(root).exists("-x")

    assert answer("restore", "-x", "--root", str(root)) == "-x\n"
    assert RunStore(root).exists("-x")


def test_a_run_that_is_not_in_the_trash_is_refused(
    root: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "nothing", "--root", str(root)]) == 2
    assert "holds no run nothing; it holds nothing" in capsys.readouterr().err


def test_a_restored_run_gets_another_name_if_its_own_is_taken(
    root: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        answer("train", "--run", "a", *tiny_settings(), "--root", str(root))
        answer("delete", "a", "--root", str(root))
    answer("restore", "a", "--root", str(root))

    assert main(["restore", "a", "--root", str(root)]) == 0
    printed = capsys.readouterr()
    assert printed.out == "a-2\n"
    assert "another run is called a now, so this one is called a-2" in printed.err


@pytest.mark.parametrize("shell", list(SCRIPTS))
def test_a_script_for_each_shell(shell: str, answer: Answer) -> None:
    script = answer("completion", shell)

    assert "gan-studio" in script
    assert sys.executable in script
    assert "$python" not in script


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["la"], "latent"),
        (["train", "--preset", "keras"], "keras-conv"),
        (["train", "--set", "optim.batch"], "optim.batch_size="),
        (["pause", "mi"], "mine"),
    ],
)
def test_bash_completes_commands_presets_keys_and_runs(elsewhere: Path, words: list[str], expected: str) -> None:
    RunStore(elsewhere / "checkpoints").create(preset(DEFAULT).config, "mine")
    line = ["gan-studio", *words]
    asked = (
        'eval "$("$PYTHON" -m gan_core completion bash)"; '
        f"COMP_WORDS=({' '.join(line)}); COMP_CWORD={len(line) - 1}; _gan_studio; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )

    found = subprocess.run(
        ["bash", "-c", asked],
        cwd=elsewhere,
        env={"PYTHON": sys.executable, "PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert expected in found.stdout.splitlines(), found.stderr

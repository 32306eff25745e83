"""A run as changes to a preset, and as a command: both lead back to the same run."""

import shlex
from pathlib import Path

import pytest

from gan_core.cli import main
from gan_core.config import with_overrides
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.command import command_of
from gan_core.presets.differences import differences
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from tests.tiny_runs import tiny, train


@pytest.fixture
def store(root: Path, elsewhere: Path) -> RunStore:
    return RunStore(root)


@pytest.mark.parametrize("base", PRESETS)
def test_the_differences_between_any_two_presets_lead_from_one_to_the_other(base: str) -> None:
    for other in PRESETS.values():
        changes = differences(other.config, PRESETS[base].config)

        assert with_overrides(PRESETS[base].config, changes) == other.config


def test_equal_configurations_have_no_differences() -> None:
    assert differences(PRESETS[DEFAULT].config, PRESETS[DEFAULT].config) == {}


def test_a_folder_whose_name_looks_like_a_number_stays_a_text() -> None:
    config = with_overrides(
        PRESETS[DEFAULT].config, {"data.name": "folder", "data.folder": "12e3", "data.labels": False}
    )

    arguments = shlex.split(command_of(config, PRESETS[DEFAULT], None, 0))

    assert 'data.folder="12e3"' in arguments


def test_the_command_of_a_run_trains_the_same_run(store: RunStore) -> None:
    run = store.create(tiny(optim__lr_g=0.005, train__precision="auto"), "mine", "mlp")
    train(store, run)
    train(store, run, images=1280)  # extended
    record, summary = store.record(run), store.summary(run)

    command = command_of(store.config(run), PRESETS["mlp"], record["resolved"], summary.images_target)
    python, *arguments = shlex.split(command)[2:]
    assert (python, command.startswith("python -m gan_core train --preset mlp ")) == ("gan_core", True)
    assert main([*arguments, "--run", "again", "--root", str(store.root)]) == 0

    states = [store.checkpoints(name).newest() for name in (run, "again")]
    assert len({fingerprint(state.tensors, state.counters) for state in states}) == 1
    assert store.progress("again").images_seen == 1280

"""Checkpoints: their hash is checked, the last two are kept, and a corrupt one is replaced by the one before."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor

from gan_core.runs import tensor_files
from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.checkpoints import STAGES, Checkpoints, load_checkpoint
from gan_core.runs.tensor_files import CheckpointError, sha_of
from tests.faults import at, full_disk, killed, stages_of, sudden_death


def tensors(value: float = 1.0) -> dict[str, Tensor]:
    return {"generator.weight": torch.full((3, 4), value), "optimizer.step": torch.tensor(value)}


def save(folder: Path, images_seen: int, announce: Announce = silent) -> Path:
    counters = {"step": images_seen // 64, "images_seen": images_seen}
    return Checkpoints(folder, announce).save(tensors(float(images_seen)), counters)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def test_a_loaded_checkpoint_equals_the_saved_one_bit_for_bit(tmp_path: Path) -> None:
    path = save(tmp_path, 640)

    loaded, counters = load_checkpoint(path)

    assert counters == {"step": 10, "images_seen": 640}
    assert loaded.keys() == tensors().keys()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in tensors(640.0).items())


AWKWARD = {
    "channels last": torch.arange(24.0).view(1, 2, 3, 4).to(memory_format=torch.channels_last),
    "transposed": torch.arange(6.0).view(2, 3).T,
    "expanded": torch.ones(1).expand(3),
    "bfloat16": torch.tensor([1.5, float("inf")], dtype=torch.bfloat16),
    "scalar": torch.tensor(7, dtype=torch.int64),
    "empty": torch.empty(0, 3),
    "grad": torch.ones(2, requires_grad=True),
}


@pytest.mark.parametrize("kind", AWKWARD)
def test_a_tensor_of_any_memory_layout_is_saved_and_loaded(tmp_path: Path, kind: str) -> None:
    path = Checkpoints(tmp_path).save({"x": AWKWARD[kind]}, {"images_seen": 0})

    loaded = load_checkpoint(path)[0]["x"]

    assert loaded.dtype == AWKWARD[kind].dtype
    assert torch.equal(loaded, AWKWARD[kind])


def test_tensors_that_share_memory_are_saved_separately(tmp_path: Path) -> None:
    shared = torch.arange(4.0)

    path = Checkpoints(tmp_path).save({"a": shared, "b": shared, "c": shared[1:]}, {"images_seen": 0})

    assert load_checkpoint(path)[0]["c"].tolist() == [1.0, 2.0, 3.0]


def test_a_loaded_tensor_is_writable(tmp_path: Path) -> None:
    loaded = load_checkpoint(save(tmp_path, 640))[0]

    loaded["generator.weight"].add_(1)

    assert loaded["generator.weight"][0, 0] == 641.0


def test_equal_checkpoints_are_equal_files(tmp_path: Path) -> None:
    first = save(tmp_path, 640).read_bytes()
    (tmp_path / "other").mkdir()

    assert save(tmp_path / "other", 640).read_bytes() == first


def test_the_file_name_of_a_checkpoint_has_the_images_seen_and_the_hash(tmp_path: Path) -> None:
    path = save(tmp_path, 640)

    assert path.name == f"state-000000000640-{sha_of(path.read_bytes())}.safetensors"


def test_the_last_two_checkpoints_are_kept(tmp_path: Path) -> None:
    paths = [save(tmp_path, images_seen) for images_seen in (0, 64, 128, 192)]

    assert Checkpoints(tmp_path).newest_first() == [paths[3], paths[2]]


def test_a_corrupt_checkpoint_does_not_count_towards_the_two_that_are_kept(tmp_path: Path) -> None:
    sound, broken = save(tmp_path, 0), save(tmp_path, 64)
    flip_a_bit(broken)

    newest = save(tmp_path, 128)

    assert Checkpoints(tmp_path).newest_first() == [newest, broken, sound]


def test_a_new_checkpoint_is_kept_although_later_ones_of_an_abandoned_attempt_exist(tmp_path: Path) -> None:
    given_up = [save(tmp_path, images_seen) for images_seen in (6400, 12_800)]
    for path in given_up:
        flip_a_bit(path)

    saved = [save(tmp_path, images_seen) for images_seen in (640, 1280)]

    assert set(Checkpoints(tmp_path).newest_first()) == {*given_up, *saved}
    assert Checkpoints(tmp_path).newest().path == saved[1]


def test_saving_the_same_checkpoint_again_repairs_a_corrupt_file(tmp_path: Path) -> None:
    broken = save(tmp_path, 64)
    flip_a_bit(broken)

    save(tmp_path, 64)

    assert Checkpoints(tmp_path).newest().complaints == []


BREAKAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-5]),
    "bit-flipped": flip_a_bit,
    "empty": lambda path: path.write_bytes(b""),
    "replaced": lambda path: path.write_bytes(b"something else altogether"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_corrupt_newest_checkpoint_is_reported_and_the_one_before_is_loaded(tmp_path: Path, breakage: str) -> None:
    before, newest = save(tmp_path, 64), save(tmp_path, 128)
    BREAKAGES[breakage](newest)

    state = Checkpoints(tmp_path).newest()

    assert state.path == before
    assert state.counters["images_seen"] == 64
    (complaint,) = state.complaints
    assert complaint.startswith(f"{newest.name} is ")
    assert complaint.endswith(f"; {before.name} is used instead")
    assert newest.exists()


def test_a_file_with_a_correct_hash_that_is_no_checkpoint_is_skipped(tmp_path: Path) -> None:
    before = save(tmp_path, 64)
    data = b"not a state at all"
    foreign = tmp_path / f"state-000000000128-{sha_of(data)}.safetensors"
    foreign.write_bytes(data)

    state = Checkpoints(tmp_path).newest()

    assert state.path == before
    assert "is not a file of this program" in state.complaints[0]


def test_a_checkpoint_that_does_not_fit_the_run_is_skipped(tmp_path: Path) -> None:
    before = save(tmp_path, 64)
    foreign = Checkpoints(tmp_path).save({"stranger": torch.ones(1)}, {"step": 2, "images_seen": 128})

    def take(found: Mapping[str, Tensor], counters: Mapping[str, int]) -> None:
        if found.keys() != tensors().keys():
            raise ValueError("its tensors have other names")

    state = Checkpoints(tmp_path).newest(take)

    assert state.path == before
    assert state.complaints == [
        f"{foreign.name} does not fit this run (its tensors have other names); {before.name} is used instead"
    ]


def test_a_checkpoint_of_a_newer_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tensor_files, "SCHEMA", 2)
        path = save(tmp_path, 64)

    with pytest.raises(CheckpointError, match=r"newer GAN Studio \(schema 2, this one reads 1\)"):
        load_checkpoint(path)


def test_a_run_without_checkpoints_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(CheckpointError, match="no checkpoint was ever saved"):
        Checkpoints(tmp_path).newest()


def test_if_all_checkpoints_are_corrupt_one_sentence_names_each(tmp_path: Path) -> None:
    paths = [save(tmp_path, 64), save(tmp_path, 128)]
    for path in paths:
        flip_a_bit(path)

    with pytest.raises(CheckpointError) as caught:
        Checkpoints(tmp_path).newest()

    assert all(path.name in str(caught.value) for path in paths)
    assert str(caught.value).endswith("put one back from a backup")


SAVE_STAGES = ["hash", "write", "write half", "fsync", "rename", "fsync folder", "thin"]


def test_every_stage_of_a_save_is_announced_in_order(tmp_path: Path) -> None:
    save(tmp_path, 0)
    save(tmp_path, 64)

    assert stages_of(lambda announce: save(tmp_path, 128, announce)) == SAVE_STAGES == list(STAGES)


def test_saving_succeeds_if_an_old_checkpoint_cannot_be_deleted(tmp_path: Path) -> None:
    save(tmp_path, 0)
    save(tmp_path, 64)

    path = save(tmp_path, 128, at(SAVE_STAGES.index("thin"), full_disk))

    assert Checkpoints(tmp_path).newest().path == path
    assert len(Checkpoints(tmp_path).newest_first()) == 3


@pytest.mark.parametrize("stage", SAVE_STAGES[:-1])
def test_a_full_disk_while_saving_leaves_a_loadable_checkpoint(tmp_path: Path, stage: str) -> None:
    save(tmp_path, 0)
    save(tmp_path, 64)

    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, 128, at(SAVE_STAGES.index(stage), full_disk))

    state = Checkpoints(tmp_path).newest()
    assert state.counters["images_seen"] in (64, 128)
    assert state.complaints == []
    assert len(Checkpoints(tmp_path).newest_first()) >= 2


@pytest.mark.parametrize("stage", SAVE_STAGES)
def test_a_kill_while_saving_leaves_a_loadable_checkpoint(tmp_path: Path, stage: str) -> None:
    save(tmp_path, 0)
    save(tmp_path, 64)

    assert killed(lambda: save(tmp_path, 128, at(SAVE_STAGES.index(stage), sudden_death)))

    state = Checkpoints(tmp_path).newest()
    assert state.counters["images_seen"] in (64, 128)
    assert state.complaints == []

"""A run that was packed by the first version of this format: it opens, draws the same pixels, resumes and packs."""

import hashlib
from pathlib import Path

import pytest

from gan_core.cli import main
from gan_core.execution.run_training import run_to_end
from gan_core.runs.archive.pack import pack, unpack
from gan_core.runs.store import Notes, RunStore
from gan_core.training.state import fingerprint

FORMAT_1 = Path(__file__).parents[2] / "fixtures" / "format-1.zip"
FINGERPRINT = "376df55fef4050afcfcffe915e80f50ebd63b29a302863806ecc45e0b57f98e6"
SAMPLE = "3375d33c5537577e7da74833cade339e8ae00ea81a99b99e0826d355bf637b2c"
LATENT = "30cf283b687fc9fbf22777a38f123273c7cb7460feb5aa2e50738c61c0b8e1ab"
EXPRESSION = "seed:12 - seed:7 + class:3"
GRIDS = [0, 1800, 3600, 4000, 4800]  # images seen


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def run(store: RunStore) -> str:
    return unpack(store, FORMAT_1).run


def sha_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_everything_in_it_is_there(store: RunStore, run: str) -> None:
    checkpoint = store.checkpoints(run).newest()
    assert fingerprint(checkpoint.tensors, checkpoint.counters) == FINGERPRINT
    with store.open(run) as opened:
        assert (opened.progress().status, opened.progress().images_seen) == ("finished", 4800)
        assert [images_seen for images_seen, _ in opened.samples.clocks()] == GRIDS
        assert opened.snapshots.all() == {images_seen: images_seen == 1800 for images_seen in GRIDS}
        assert len(opened.latents.names()) == 1
        assert len(opened.history.curves.frame(points=2000)) == opened.progress().step
        assert opened.history.measurements.all() == []
        assert opened.notes.star
        assert opened.notes.tags
        assert opened.notes.title == "Format 1"


@pytest.mark.parametrize(
    ("command", "sha"), [(["sample", "--seeds", "0-63"], SAMPLE), (["latent", EXPRESSION], LATENT)]
)
def test_it_draws_the_same_bytes(store: RunStore, run: str, tmp_path: Path, command: list[str], sha: str) -> None:
    out = tmp_path / "picture.png"
    name, *arguments = command

    assert main([name, run, *arguments, "--out", str(out), "--root", str(store.root)]) == 0

    assert sha_of(out) == sha


def test_it_resumes_and_packs_again(store: RunStore, run: str, tmp_path: Path) -> None:
    assert run_to_end(store, run, images=5600, data_root=tmp_path).status == "finished"
    pack(store, run, tmp_path / "again.zip")

    again = unpack(store, tmp_path / "again.zip").run

    assert store.progress(again).images_seen == 5600
    assert store.notes(again) == store.notes(run) != Notes()

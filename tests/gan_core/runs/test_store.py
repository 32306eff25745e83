"""The run store: the status of runs, and everything that can be written and read again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gan_core.config import RunConfig, TrainConfig
from gan_core.runs.store import (
    CheckpointError,
    HistoryError,
    Notes,
    OpenRun,
    Progress,
    RunMissingError,
    RunNameError,
    RunStore,
)
from tests.faults import killed
from tests.histories import rows

CONFIG = RunConfig(train=TrainConfig(images=1280, seed=7))
TENSORS = {"generator.weight": torch.ones(2, 3)}
COUNTERS = {"step": 10, "images_seen": 640}


@pytest.fixture
def store(root: Path) -> RunStore:
    return RunStore(root)


def begin(store: RunStore, run: str, steps: int = 10) -> None:
    """Some steps of training in a run."""
    with store.history(run) as history:
        history.append(history.begin_attempt(0, 0, 1280), rows(1, steps), epoch=1, status="running")


@pytest.mark.parametrize(
    "ask",
    [
        RunStore.config,
        RunStore.progress,
        RunStore.open,
        RunStore.events,
        RunStore.delete,
        RunStore.bytes_used,
        lambda store, run: store.samples(run).all(),
        lambda store, run: store.snapshots(run).all(),
        lambda store, run: store.checkpoints(run).newest(),
        lambda store, run: store.latents(run).names(),
    ],
)
def test_every_method_about_a_run_checks_its_name(store: RunStore, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(RunNameError):
        ask(store, "../x")
    with pytest.raises(RunMissingError, match=r"there is no run 'nobody'"):
        ask(store, "nobody")


def test_runs_are_listed_newest_first(store: RunStore) -> None:
    for name in ("b", "c", "a"):
        store.create(CONFIG, name)

    assert [summary.name for summary in store.runs()] == ["a", "c", "b"]


def test_a_summary_shows_progress_and_the_newest_sample(store: RunStore) -> None:
    run = store.create(CONFIG, "run", preset="studio")
    begin(store, run)
    store.samples(run).add(0, 0, 1, 0, b"first")
    path = store.samples(run).add(640, 1, 1, 10, b"second")

    (summary,) = store.runs()

    assert (summary.preset, summary.images_seen, summary.images_target, summary.epoch) == ("studio", 640, 1280, 1)
    assert summary.newest_sample == str(path)


def test_damaged_runs_are_listed_and_other_folders_are_not(store: RunStore) -> None:
    for name in ("sound", "no-config", "no-history"):
        store.create(CONFIG, name)
    (store.root / "no-config" / "config.json").unlink()
    (store.root / "no-history" / "history.sqlite").unlink()
    (store.root / "pictures of cats").mkdir()
    (store.root / "foreign").mkdir()
    (store.root / "file").touch()

    states = {summary.name: summary.status for summary in store.runs()}

    assert states == {"sound": "queued", "no-config": "damaged", "no-history": "damaged"}


def test_a_damaged_run_says_why(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    (store.folder(run) / "history.sqlite").write_bytes(b"rubbish" * 1000)

    assert "file is not a database" in store.summary(run).reason
    with pytest.raises(HistoryError):
        store.progress(run)


@pytest.mark.parametrize("state", ["running", "paused", "stopping"])
def test_a_running_run_without_a_living_trainer_is_interrupted(store: RunStore, state: str) -> None:
    run = store.create(CONFIG, "run")
    with store.claim(run, "terminal"), store.history(run) as history:
        history.set_progress(status=state)
        assert store.progress(run).status == state

    assert store.progress(run).status == "interrupted"


@pytest.mark.parametrize("state", ["queued", "finished", "stopped", "failed"])
def test_a_run_that_does_not_train_needs_no_trainer(store: RunStore, state: str) -> None:
    run = store.create(CONFIG, "run")
    with store.history(run) as history:
        history.set_progress(status=state, reason="because")

    assert (store.progress(run).status, store.progress(run).reason) == (state, "because")


def test_the_run_of_a_killed_trainer_is_interrupted_and_can_be_claimed(store: RunStore) -> None:
    run = store.create(CONFIG, "run")

    def train() -> None:
        with store.claim(run, "terminal"):
            begin(store, run)
            os.kill(os.getpid(), signal.SIGKILL)

    assert killed(train)

    assert store.progress(run).status == "interrupted"
    assert store.progress(run).images_seen == 640
    with store.claim(run, "dashboard") as claim, store.open(run) as opened:
        assert opened.owner() == claim.owner


def test_the_store_returns_the_curve_of_a_run(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    begin(store, run)

    assert store.curve(run, ["loss_d"], 128, 256)["loss_d"].tolist() == [2, 3, 4]


def test_a_request_reaches_the_trainer(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    with store.history(run) as history:
        number = store.request(run, "pause", "page")

        assert [(request.id, request.kind) for request in history.requests.all(0)] == [(number, "pause")]


def test_events_are_in_order(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    store.add_event(run, "started", "on two threads")
    store.add_event(run, "paused", "asked by page")

    assert [event.kind for event in store.events(run)] == ["started", "paused"]
    assert [event.kind for event in store.events(run, after=1)] == ["paused"]


def test_samples_are_ordered_by_images_seen(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    paths = [store.samples(run).add(seen, seen // 640, 1, seen // 64, f"{seen}".encode()) for seen in (640, 0, 1280)]

    assert store.samples(run).all() == [(0, 0, paths[1]), (640, 1, paths[0]), (1280, 2, paths[2])]
    assert store.samples(run).png() == b"1280"
    assert store.samples(run).png(0) == b"0"
    assert store.samples(run).png(5) is None


def test_a_run_without_samples_has_no_newest_one(store: RunStore) -> None:
    assert store.samples(store.create(CONFIG, "run")).png() is None


def test_a_loaded_snapshot_equals_the_saved_one_bit_for_bit(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    store.snapshots(run).add(0, {"average.weight": torch.zeros(2)})
    store.snapshots(run).add(640, {"average.weight": torch.arange(2.0)}, {"classes": 10})

    snapshot = store.snapshots(run).load()

    assert (snapshot.images_seen, snapshot.classes) == (640, 10)
    assert torch.equal(snapshot.tensors["average.weight"], torch.arange(2.0))
    assert store.snapshots(run).load(at=0).tensors["average.weight"].tolist() == [0, 0]
    assert store.snapshots(run).load(at=0).classes == 0


def test_the_error_for_a_missing_snapshot_names_those_that_exist(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    with pytest.raises(RunMissingError, match="run run has no snapshot yet"):
        store.snapshots(run).load()
    store.snapshots(run).add(640, TENSORS)

    with pytest.raises(RunMissingError, match="no snapshot at 5 images; it has those at 640"):
        store.snapshots(run).load(at=5)


def test_a_damaged_snapshot_gets_one_sentence(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    store.snapshots(run).add(640, TENSORS).write_bytes(b"rubbish")

    with pytest.raises(CheckpointError, match=r"000000000640.safetensors is not a file of this program"):
        store.snapshots(run).load()


def test_64_snapshots_are_kept_and_all_pinned_ones(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    for number in range(70):
        store.snapshots(run).add(number, {"w": torch.tensor(float(number))})
        if number == 3:
            store.snapshots(run).pin(3)

    snapshots = store.snapshots(run).all()

    assert len(snapshots) == 65
    assert {0, 3, 69} <= set(snapshots)
    assert sorted(int(path.stem) for path in (store.folder(run) / "moments").iterdir()) == sorted(snapshots)
    assert all(store.snapshots(run).load(at).tensors["w"] == at for at in snapshots)


def test_a_missing_snapshot_cannot_be_pinned(store: RunStore) -> None:
    run = store.create(CONFIG, "run")

    with pytest.raises(RunMissingError, match="no snapshot at 5 images"):
        store.snapshots(run).pin(5)


def test_the_newest_checkpoint_is_loaded(store: RunStore) -> None:
    run = store.create(CONFIG, "run")
    assert not store.checkpoints(run).exists()
    path = store.checkpoints(run).save(TENSORS, COUNTERS)

    state = store.checkpoints(run).newest()

    assert (state.path, state.counters, state.complaints) == (path, COUNTERS, [])
    assert store.checkpoints(run).exists()


def test_listing_runs_imports_neither_torch_nor_pandas(store: RunStore) -> None:
    begin(store, store.create(CONFIG, "run"))
    program = (
        "import sys; from pathlib import Path; from gan_core.runs.store import RunStore;"
        f"RunStore(Path({str(store.root)!r})).runs();"
        "print([name for name in ('torch', 'pandas', 'numpy', 'safetensors') if name in sys.modules])"
    )
    repository = Path(__file__).resolve().parents[3]

    output = subprocess.run([sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=True)

    assert output.stdout.strip() == "[]"


@pytest.fixture
def reads(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose files a list of runs has read so far."""
    read: list[str] = []
    really = OpenRun.progress

    def progress(run: OpenRun) -> Progress:
        read.append(run.name)
        return really(run)

    monkeypatch.setattr(OpenRun, "progress", progress)
    return read


def rested(store: RunStore, run: str) -> None:
    """As if its files had been written a minute ago."""
    for path in store.folder(run).iterdir():
        about = path.stat()
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns - 60_000_000_000))


def stand(store: RunStore, run: str, state: str) -> None:
    with store.history(run) as history:
        history.set_progress(status=state)


def test_a_list_of_runs_reads_only_those_that_changed(store: RunStore, reads: list[str]) -> None:
    for run in ("a", "b"):
        store.create(CONFIG, run)
        stand(store, run, "stopped")
        rested(store, run)
    store.runs()
    reads.clear()

    store.runs()
    assert reads == []
    stand(store, "a", "finished")
    store.write_notes("b", Notes(title="B"))

    assert [(run.status, run.notes.title) for run in store.runs()] == [("stopped", "B"), ("finished", "")]
    assert sorted(reads) == ["a", "b"]


def test_files_written_just_now_are_read_again_each_time(store: RunStore, reads: list[str]) -> None:
    store.create(CONFIG, "a")

    store.runs()
    store.runs()

    assert reads == ["a", "a"]


def test_a_claim_of_another_process_is_seen_at_once(store: RunStore) -> None:
    store.create(CONFIG, "a")
    stand(store, "a", "running")
    rested(store, "a")
    assert store.summary("a").status == "interrupted"

    with store.claim("a", "terminal"):
        assert store.summary("a").status == "running"
    assert store.summary("a").status == "interrupted"

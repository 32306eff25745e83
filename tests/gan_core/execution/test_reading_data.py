"""A run whose many images are being read can be stopped at once, and says so."""

import time
from pathlib import Path

import pytest
from PIL import Image

from gan_core.data import picture_cache
from gan_core.data.picture_pixels import Picture, read_picture
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.jobs import Job
from gan_core.execution.run_training import Outcome, run_to_end
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny
from tests.waiting import eventually

PICTURES = 2_000
SECONDS_EACH = 0.02  # so that all of them take 40 s


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """A store with the run `a`, whose pictures are large."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.new("L", (8, 8), 7).save(folder / "0000.png")
    data = (folder / "0000.png").read_bytes()
    for number in range(1, PICTURES):
        (folder / f"{number:04}.png").write_bytes(data)

    def slowly(path: Path, *others: object) -> Picture:
        time.sleep(SECONDS_EACH)
        return read_picture(path, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(picture_cache, "read_picture", slowly)
    store = RunStore(tmp_path / "checkpoints")
    store.create(tiny(data__folder=str(folder), data__name="folder", data__limit=0), "a")
    return store


def training(store: RunStore, shutdown: ShutdownRequest, data: Path) -> tuple[Job, list[Outcome]]:
    outcomes: list[Outcome] = []
    job = Job("reading", lambda _: outcomes.append(run_to_end(store, "a", shutdown=shutdown, data_root=data)))
    return job.start(), outcomes


@pytest.mark.alone
@pytest.mark.parametrize("how", ["page", "terminal"])
def test_a_stop_while_images_are_read_acts_within_a_second(store: RunStore, tmp_path: Path, how: str) -> None:
    shutdown = ShutdownRequest()
    job, outcomes = training(store, shutdown, tmp_path / "data")
    eventually(lambda: "Reading 2,000 images (" in store.progress("a").reason, "the images are read")
    began = time.monotonic()

    if how == "page":
        store.request("a", "stop", "dashboard")
    else:
        shutdown.set("Ended by SIGINT.", "stopped")

    assert job.wait(20)
    assert time.monotonic() - began < 1
    assert outcomes == [Outcome("stopped")]
    reason = "Stopped from dashboard." if how == "page" else "Ended by SIGINT."
    assert (store.progress("a").status, store.progress("a").reason) == ("stopped", reason)
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []


def test_a_run_that_was_stopped_while_it_read_begins_when_it_is_resumed(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutdown = ShutdownRequest()
    job, _ = training(store, shutdown, tmp_path / "data")
    eventually(lambda: "Reading" in store.progress("a").reason, "the images are read")
    shutdown.set("Ended.", "stopped")
    assert job.wait(20)

    monkeypatch.setattr(picture_cache, "read_picture", read_picture)
    assert run_to_end(store, "a", data_root=tmp_path / "data", measure=False).status == "finished"

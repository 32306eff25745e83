"""While a run trains, its averaged generator is drawn now and then: nothing is kept and nothing changes."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core.execution import live_drawing
from gan_core.execution.jobs import Job
from gan_core.execution.live_drawing import LiveDrawing
from gan_core.execution.recorder import sample_grid
from gan_core.execution.run_training import run_to_end
from gan_core.runs.archive.pack import pack, unpack
from gan_core.runs.live_picture import LiveMark
from gan_core.runs.store import RunStore
from gan_core.training.state import TrainState, fingerprint
from gan_core.training.step_report import StepReport
from tests.tiny import CPU, trainer_of
from tests.tiny_runs import tiny, train
from tests.waiting import eventually


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def at_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw at each step, whatever it costs."""
    monkeypatch.setattr(live_drawing, "SHORTEST_SECONDS", 0.0)
    monkeypatch.setattr(live_drawing, "MOST_SAVED_SECONDS", 1e9)


def end_of(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def marks_during(store: RunStore, run: str, look: Callable[[], object] = lambda: None) -> list[LiveMark]:
    """Train a run to its end; the marks of its live picture after each step."""
    seen = []

    def note(report: StepReport) -> None:
        mark = store.live(run).mark()
        if mark is not None:
            seen.append(mark)
            look()

    assert run_to_end(store, run, on_step=note, measure=False).status == "finished"
    return seen


@pytest.mark.usefixtures("at_each_step")
def test_each_picture_says_how_many_images_its_networks_have_seen(store: RunStore) -> None:
    run = store.create(tiny(), "run")

    marks = marks_during(store, run)

    assert [mark.images_seen for mark in marks] == list(range(16, 641, 16))


@pytest.mark.usefixtures("at_each_step")
def test_it_leaves_the_run_bit_for_bit_and_keeps_nothing(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tiny(data__labels=True, model__discriminator__dropout=0.3, optim__ema_halflife_images=2_000)
    drawn, plain = store.create(config, "drawn"), store.create(config, "plain")
    assert marks_during(store, drawn)
    monkeypatch.setattr(LiveDrawing, "draw_if_due", lambda self, seconds: False)
    assert not marks_during(store, plain)

    assert end_of(store, drawn) == end_of(store, plain)
    assert list(store.curve(drawn)["loss_g"]) == list(store.curve(plain)["loss_g"])
    assert store.samples(drawn).clocks() == store.samples(plain).clocks()
    files = [
        sorted(path.name for path in store.folder(run).iterdir() if path.suffix != ".sqlite") for run in (drawn, plain)
    ]
    assert files[0] == files[1]


@pytest.mark.usefixtures("at_each_step")
def test_it_is_in_no_archive(store: RunStore, tmp_path: Path) -> None:
    run, packed = store.create(tiny(), "run"), tmp_path / "run.zip"

    marks_during(store, run, lambda: pack(store, run, packed))

    arrived = unpack(RunStore(tmp_path / "there"), packed).run
    assert RunStore(tmp_path / "there").live(arrived).png() is None


def test_it_is_the_sample_grid_up_to_one_level_of_grey(store: RunStore) -> None:
    trainer = trainer_of(tiny())
    store.create(trainer.config, "run")
    for _ in trainer.steps(160):
        pass
    with store.open("run") as run:
        LiveDrawing(run, trainer.state).draw()
        drawn = np.asarray(Image.open(io.BytesIO(run.live.png() or b"")), dtype=int)

    assert np.abs(drawn - sample_grid(trainer.config, 0, trainer.state)).max() <= 1


def drawn_in(store: RunStore, seconds_of_a_picture: float, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pictures of the given cost are drawn in 200 seconds of steps of 0.1 s."""
    clock = iter(range(10**6))
    monkeypatch.setattr(live_drawing, "perf_counter", lambda: next(clock) * seconds_of_a_picture)
    run = store.create(tiny())
    with store.open(run) as opened:
        drawing = LiveDrawing(opened, TrainState(tiny(), 0, CPU))
        return sum(drawing.draw_if_due(step / 10) for step in range(2_000))


@pytest.mark.parametrize(("cost", "pictures"), [(0.001, 200), (0.014, 200), (0.030, 103), (1.0, 4)])
def test_a_slow_picture_is_drawn_less_often_so_that_its_share_of_the_time_stays(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, cost: float, pictures: int
) -> None:
    assert drawn_in(store, cost, monkeypatch) == pytest.approx(pictures, abs=2)


@pytest.mark.usefixtures("at_each_step")
def test_a_disk_that_takes_no_picture_does_not_stop_the_training(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gan_core.runs.live_picture.replace_unsynced", refuse)
    run = store.create(tiny(), "run")

    assert train(store, run) == "finished"


def train_in(store: RunStore, run: str) -> None:
    train(store, run)


@pytest.mark.usefixtures("at_each_step")
def test_there_is_none_while_a_run_is_paused_and_the_newest_sample_grid_is_what_it_makes(store: RunStore) -> None:
    run = store.create(tiny(train__images=10**9), "run")
    job = Job("training", lambda job: train_in(store, run)).start()
    eventually(lambda: store.live(run).mark() is not None, "it draws")

    store.request(run, "pause", "a test")
    eventually(lambda: store.progress(run).status == "paused", "it pauses")

    assert store.live(run).mark() is None
    assert store.samples(run).mark().newest == store.progress(run).images_seen
    store.request(run, "resume", "a test")
    eventually(lambda: store.live(run).mark() is not None, "it draws again")
    store.request(run, "stop", "a test")
    assert job.wait(60.0)
    assert store.live(run).mark() is None
    assert store.samples(run).mark().newest == store.progress(run).images_seen


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_file_that_is_no_live_picture_counts_as_none(store: RunStore, content: bytes) -> None:
    run = store.create(tiny(), "run")
    (store.folder(run) / "live.png").write_bytes(content)

    assert store.live(run).mark() is None

"""Train every preset on real MNIST, and measure its samples after 1, 2, 5 and 10 minutes.

    python -m benchmarks.presets --root DIR [--only NAME ...] [--write-only]

Each preset is a run of the same name in the folder DIR, with seed 0: the recommended presets train for ten minutes, all
others for five. An interrupted run is resumed; a finished one is not trained again. The results go to docs/presets.md,
with pictures, and to gan_core/presets/measured.json, which the preset cards of the dashboard show.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks import presets_page
from benchmarks.report import Figure, report
from gan_core.config import SCHEMA, Json
from gan_core.evaluation.digit_classifier import confident_counts, load_classifier
from gan_core.execution import run_training
from gan_core.execution.control import ShutdownRequest
from gan_core.numerics.rng import latents_for_seeds
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.pictures.render import Picture, grid, grid_labels, render
from gan_core.presets import PRESETS, preset
from gan_core.presets.preset import MEASURED, Preset, Reached, measurements, without_length
from gan_core.runs.networks import generator_at
from gan_core.runs.store import RunError, RunStore
from gan_core.training.step_report import StepReport

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
DOCS = Path(__file__).parents[1] / "docs"
MINUTES = {"recommended": 10, "classic": 5, "modern": 5}
KEPT = (15, 30, 45, 60, 90, 120, 180, 240, 300, 360, 420, 480, 540, 600)  # seconds: frames of the animation
MEASURED_AT = (60, 120, 300, 600)  # seconds
SAMPLES = 2_000
BATCH = 250
ENDLESS = 10_000_000_000  # images
LOOK_SECONDS = 0.5  # a run writes its training time to its history twice a second


def train(store: RunStore, chosen: Preset, marks: Sequence[float]) -> None:
    """Train the run of a preset to each mark (seconds of training), and pin its snapshot there.

    Raises RunError if a run of that name has other settings, or if its training fails.
    """
    run = chosen.name
    if not store.exists(run):
        store.create(chosen.config, run, chosen.name)
    if not belongs(store, chosen):
        raise RunError(f"run {run} was trained with other settings than the preset has now; move it away")
    for mark in marks:
        if store.progress(run).seconds < mark:
            outcome = train_until(store, run, mark)
            if outcome != "stopped":
                raise RunError(f"run {run} was left {outcome} ({store.progress(run).reason})")
            store.snapshots(run).pin(max(store.snapshots(run).all()))


def belongs(store: RunStore, chosen: Preset) -> bool:
    """Whether the run of a preset exists and has the settings that the preset has now."""
    run = chosen.name
    return store.exists(run) and without_length(store.config(run)) == without_length(chosen.config)


def train_or_say_why_not(store: RunStore, chosen: Preset) -> None:
    """Train for the minutes of the preset's group; print an error instead of raising it, so that the others train."""
    try:
        train(store, chosen, [mark for mark in KEPT if mark <= 60 * MINUTES[chosen.group]])
    except RunError as problem:
        print(problem)


def train_until(store: RunStore, run: str, seconds: float) -> str:
    """Train until the run has trained for so many seconds in total; returns the status it ends with."""
    shutdown, looked = ShutdownRequest(), time.monotonic()

    def watch(step: StepReport) -> None:
        nonlocal looked
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            if store.progress(run).seconds >= seconds:
                shutdown.set("The time is over.", "stopped")

    return run_training.run_to_end(store, run, shutdown=shutdown, images=ENDLESS, on_step=watch).status


def snapshots_near(store: RunStore, run: str, marks: Sequence[float]) -> list[tuple[float, int]]:
    """(seconds, images_seen) of the snapshot nearest to each mark that the run has reached; no snapshot twice."""
    curve = store.curve(run, ["loss_d"], points=2_000)
    kept = np.array(list(store.snapshots(run).all()))
    seconds = np.interp(kept, [0, *curve["images_seen"]], [0, *curve["seconds"]])
    reached = [mark for mark in marks if mark <= seconds.max() + LOOK_SECONDS]
    nearest = dict.fromkeys(nearest_snapshot(mark, seconds, kept) for mark in reached)
    return [(float(seconds[index]), int(kept[index])) for index in nearest]


def nearest_snapshot(mark: float, seconds: FloatArray, images_seen: IntArray) -> int:
    """The index of the snapshot nearest to a mark; for a mark after the start never the untrained networks."""
    distances = np.abs(seconds - mark)
    if mark > 0:
        distances[images_seen == 0] = np.inf
    return int(distances.argmin())


def digit_shares(store: RunStore, run: str, images_seen: int) -> tuple[float, ...]:
    """For each digit, the share of 2,000 samples that the classifier is sure to be it.

    A generator with labels gets every digit equally often.
    """
    _, generator = generator_at(store, run, images_seen)
    config, labels = store.config(run), grid_labels(SAMPLES, generator.inputs.classes)
    z = latents_for_seeds(range(SAMPLES), config.model.latent)
    label_batches = torch.split(labels, BATCH) if labels is not None else [None] * (SAMPLES // BATCH)
    pixels = [render(generator, config, *part) for part in zip(torch.split(z, BATCH), label_batches, strict=True)]
    counts = confident_counts(load_classifier().probabilities(torch.cat(pixels)))
    return tuple((counts / SAMPLES).tolist())


def measure(store: RunStore, run: str, marks: Sequence[float] = MEASURED_AT) -> list[Reached]:
    """The measurements of a run near each mark."""
    resolved = store.record(run)["resolved"]
    reached = []
    for seconds, images_seen in snapshots_near(store, run, marks):
        late = store.curve(run, ["accuracy_real", "accuracy_fake"], start=images_seen * 9 // 10, stop=images_seen)
        means = late[["accuracy_real", "accuracy_fake"]].mean()
        one = Reached(
            seconds=round(seconds, 1),
            images_seen=images_seen,
            shares=digit_shares(store, run, images_seen),
            accuracy_real=round(float(means["accuracy_real"]), 3),
            accuracy_fake=round(float(means["accuracy_fake"]), 3),
            threads=resolved["threads"],
            precision=resolved["precision"],
        )
        reached.append(replace(one, shares=tuple(round(share, 4) for share in one.shares)))
    return reached


def frames(store: RunStore, run: str, marks: Sequence[float] = KEPT) -> list[Picture]:
    """The sample grids of seeds 0 to 63 at the start and near each mark."""
    return [picture(store, run, images_seen) for _, images_seen in snapshots_near(store, run, [0, *marks])]


def picture(store: RunStore, run: str, images_seen: int) -> Picture:
    """The sample grid of seeds 0 to 63 at one snapshot, without enlargement."""
    _, generator = generator_at(store, run, images_seen)
    config = store.config(run)
    z = latents_for_seeds(GRID_SEEDS, config.model.latent)
    return grid(render(generator, config, z, grid_labels(len(z), generator.inputs.classes)))


def write_measured(store: RunStore, run: str, reached: Sequence[Reached], path: Path = MEASURED) -> None:
    """Replace the entry of one preset in the file of measurements."""
    entry: Json = {"config": store.config(run).model_dump(mode="json"), "reached": [asdict(one) for one in reached]}
    measurements.cache_clear()
    presets = {**measurements(path), run: entry}
    ordered = {name: presets[name] for name in PRESETS if name in presets}
    path.write_text(json.dumps({"schema": SCHEMA, "presets": ordered}, indent=1) + "\n")
    measurements.cache_clear()


def row_of(run: str, reached: Reached) -> dict[str, Figure]:
    """One row of the printed table."""
    return {
        "preset": run,
        "seconds": reached.seconds,
        "images seen": reached.images_seen,
        "images/s": round(reached.images_per_second),
        "sure": reached.confident,
        "classes": 10 - len(reached.missing),
        "rarest": min(reached.shares),
        "D on real": reached.accuracy_real,
        "D on fake": reached.accuracy_fake,
    }


def write(store: RunStore, chosen: Preset, docs: Path = DOCS, measured: Path = MEASURED) -> list[Reached]:
    """Measure one run, write its pictures, and write the page again from all measurements."""
    reached = measure(store, chosen.name)
    write_measured(store, chosen.name, reached, measured)
    presets_page.draw(docs / "presets", store, chosen, frames(store, chosen.name))
    presets_page.write(docs, measured)
    return reached


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, required=True, help="the folder that holds the runs")
    parser.add_argument("--only", nargs="+", default=list(PRESETS), metavar="NAME", help="these presets, in this order")
    parser.add_argument("--write-only", action="store_true", help="do not train: measure the runs that exist")
    chosen = parser.parse_args(arguments)
    store = RunStore(chosen.root)
    for name in chosen.only:
        if not chosen.write_only:
            train_or_say_why_not(store, preset(name))
        if belongs(store, preset(name)):
            reached = write(store, preset(name))
            report(f"{name}: 2,000 samples and the classifier", [row_of(name, one) for one in reached])


if __name__ == "__main__":
    main()

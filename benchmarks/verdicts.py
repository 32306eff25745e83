"""What the doctor says about broken and about healthy runs: python -m benchmarks.verdicts

Trains each run of the two tables below on MNIST, measures it as the evaluator does, and asks the doctor at an eighth, a
quarter, the half and the whole of its length. Prints one row for each run. With `--out` what the doctor saw is written
to a file; with `--recorded` such a file is read, and nothing is trained.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.evaluation.doctor.evidence import Evidence, as_json, from_json, gather
from gan_core.evaluation.doctor.rules import verdict_of
from gan_core.evaluation.evaluate import evaluate_snapshot
from gan_core.execution.run_training import run_to_end
from gan_core.presets import preset
from gan_core.runs.store import RunStore

PARTS = (8, 4, 2, 1)  # of the length of a run
FIXED = {"train.threads": 1, "train.precision": "float32", "train.device": "cpu"}


class Case(NamedTuple):
    """One run: its preset, what was changed, its length in images, and what the doctor should say at its end."""

    preset: str
    changed: Mapping[str, Any]
    images: int
    expected: tuple[str, ...]


HEALTHY = {
    "studio": Case("studio", {}, 40_000, ("healthy",)),
    "conditional": Case("conditional", {}, 24_000, ("healthy",)),
    "dcgan": Case("dcgan", {}, 12_000, ("healthy",)),
    "wgan-gp": Case("wgan-gp", {}, 96_000, ("healthy",)),
    "lsgan": Case("lsgan", {}, 24_000, ("healthy",)),
    "mlp": Case("mlp", {}, 48_000, ("healthy",)),
    "mlp, another seed": Case("mlp", {"train.seed": 1}, 32_000, ("healthy",)),
    "mlp, hinge loss": Case("mlp", {"objective.loss": "hinge"}, 32_000, ("healthy",)),
    "mlp, least squares": Case("mlp", {"objective.loss": "least_squares"}, 32_000, ("healthy",)),
    "mlp, smooth labels": Case("mlp", {"objective.label_smoothing": 0.1}, 24_000, ("healthy",)),
    "mlp, R1": Case("mlp", {"objective.penalty": "r1", "objective.gamma_end": 0.1}, 24_000, ("healthy",)),
    "mlp, small batches": Case("mlp", {"optim.batch_size": 32}, 24_000, ("healthy",)),
}
MLP_1 = {"optim.lr_g": 1.0, "optim.lr_d": 1.0}
BROKEN = {
    "rates of 1": Case("mlp", MLP_1, 20_000, ("diverging", "one_picture")),
    "rates of 1, a penalty of 10,000": Case(
        "mlp", {**MLP_1, "objective.penalty": "r1", "objective.gamma_end": 1e4}, 8_000, ("diverging",)
    ),
    "a critic without penalty, rates of 1": Case(
        "wgan-gp", {**MLP_1, "objective.penalty": "none"}, 20_000, ("diverging",)
    ),
    "a rate of 1 for G": Case("studio", {"optim.lr_g": 1.0}, 16_000, ("one_picture",)),
    "G much too fast": Case("mlp", {"optim.lr_g": 2e-2, "optim.ema_halflife_images": 0}, 40_000, ("one_picture",)),
    "one latent number": Case("mlp", {"model.latent.size": 1, "optim.lr_g": 2e-3}, 60_000, ("one_picture",)),
    "momentum and no average": Case(
        "mlp",
        {"optim.beta1": 0.95, "optim.lr_g": 4e-3, "optim.lr_d": 4e-3, "optim.ema_halflife_images": 0},
        40_000,
        ("one_picture",),
    ),
    "D far too strong": Case("mlp", {"optim.lr_g": 1e-6, "optim.lr_d": 1e-3}, 30_000, ("d_wins",)),
    "G frozen": Case("studio", {"optim.lr_g": 1e-12}, 20_000, ("d_wins",)),
    "D frozen": Case("studio", {"optim.lr_d": 1e-12}, 20_000, ("stalled", "one_picture")),
}
CASES = {**BROKEN, **HEALTHY}


def trained(case: Case, root: Path, data: Path) -> Iterator[Evidence]:
    """Train a run in parts; the evidence after each."""
    store = RunStore(root)
    config = with_overrides(preset(case.preset).config, {**FIXED, **case.changed, "train.images": case.images})
    run = store.create(config)
    for part in PARTS:
        run_to_end(store, run, images=case.images // part, data_root=data, measure=False)
        measure(store, run)
        with store.open(run) as opened:
            yield gather(opened, opened.progress())


def measure(store: RunStore, run: str) -> None:
    """Measure the newest snapshot as the evaluator does."""
    newest = max(store.snapshots(run).all())
    with store.history(run) as history:
        if newest not in {row.images_seen for row in history.measurements.all()}:
            history.measurements.add(newest, evaluate_snapshot(store, run, newest))


def record(names: Sequence[str], data: Path, out: Path) -> None:
    """Train the runs with these names and add what the doctor saw to a file."""
    kept: dict[str, Any] = json.loads(out.read_text()) if out.exists() else {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            kept[name] = [as_json(evidence) for evidence in trained(CASES[name], Path(folder), data)]
        out.write_text(json.dumps(kept, separators=(",", ":")))


def recorded(path: Path) -> dict[str, list[Evidence]]:
    """What `record` wrote: for each run the evidence after each of its parts."""
    return {name: [from_json(part) for part in parts] for name, parts in json.loads(path.read_text()).items()}


def row(name: str, parts: Sequence[Evidence]) -> dict[str, Figure]:
    """A line of the table: the verdicts on one run."""
    last, codes = parts[-1], [verdict_of(part).code for part in parts]
    return {
        "run": name,
        "images": last.images_seen,
        "steps": last.step,
        **{f"1/{part}": code for part, code in zip(PARTS, codes, strict=True)},
        "as expected": "yes" if codes[-1] in CASES[name].expected else "no",
        "said at the end": verdict_of(last).sentence,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="a file for what the doctor saw; runs are added to it")
    parser.add_argument("--recorded", type=Path, help="such a file, to train nothing")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GAN_STUDIO_DATA", "data")))
    parser.add_argument("names", nargs="*", default=list(CASES))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.recorded or chosen.out or Path(folder, "seen.json")
        if not chosen.recorded:
            record(chosen.names, chosen.data, path)
        seen = recorded(path)
    for title, cases in (("broken", BROKEN), ("healthy", HEALTHY)):
        report(f"verdicts on {title} runs", [row(name, seen[name]) for name in cases if name in seen])


if __name__ == "__main__":
    main()

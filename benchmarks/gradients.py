"""The two losses of the tutorial side by side: the gradient of G in the first epochs, where D is sure.

    python -m benchmarks.gradients [SEEDS] [EPOCHS]

The presets `minimax` and `non-saturating` on real MNIST: the same networks, the same first weights and the same images
for each seed; only G's loss differs. Draws docs/gradients.png, writes docs/gradients.md
and prints the figures.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.report import Figure, report, shown
from gan_core.config import RunConfig, with_overrides
from gan_core.data.registry import load
from gan_core.objective.losses import loss_for
from gan_core.presets import preset
from gan_core.training.state import TrainState
from gan_core.training.step_report import scalars_of
from gan_core.training.trainer import Trainer

DOCS = Path(__file__).parents[1] / "docs"
NAMES = ("minimax", "non-saturating")
COLOURS = ("#b3262e", "#2a5fb0")
CPU = torch.device("cpu")
SMOOTHED_STEPS = 15
GRADIENT = "gradient of G"
TINY = 1e-12  # a probability or a gradient that is none
Numbers = npt.NDArray[np.float64]
Row = dict[str, Figure]


class Course(NamedTuple):
    """One scalar a step of one run, for each that matters here."""

    images_seen: Numbers
    grad_norm_g: Numbers
    probability_fake: Numbers


def course_of(config: RunConfig, epochs: float) -> Course:
    """Train for some epochs and note each step."""
    dataset = load(config.data, CPU)
    trainer = Trainer(config, TrainState(config, 0, CPU), dataset, CPU, "float32", threads=1)
    reports = list(trainer.steps(int(epochs * len(dataset))))
    scalars = scalars_of(reports, loss_for(config.objective))
    columns = [scalars[column].double().numpy() for column in Course._fields[1:]]
    return Course(np.array([float(report.images_seen) for report in reports]), *columns)


def rows_of(name: str, courses: Sequence[Course]) -> list[Row]:
    """The median gradient of G, over steps and seeds, in each part of the course."""
    ends = courses[0].images_seen[-1]
    rows: list[Row] = []
    for first, last in ((0, 1 / 40), (1 / 40, 1 / 8), (1 / 8, 1 / 2), (1 / 2, 1)):
        parts = [part_of(course, first * ends, last * ends) for course in courses]
        rows.append(
            {
                "loss": name,
                "images": f"{first * ends:,.0f} to {last * ends:,.0f}",
                GRADIENT: float(np.median(np.concatenate([part.grad_norm_g for part in parts]))),
                "least": min(float(part.grad_norm_g.min()) for part in parts),
                "D(G(z))": float(np.median(np.concatenate([part.probability_fake for part in parts]))),
            }
        )
    return rows


def part_of(course: Course, first: float, last: float) -> Course:
    """The steps after `first` and up to `last` images."""
    chosen = (course.images_seen > first) & (course.images_seen <= last)
    return Course(*(column[chosen] for column in course))


def draw(courses: Mapping[str, Sequence[Course]], out: Path) -> None:
    """Above the gradient of G, below D's opinion of what G makes: one line a seed, smoothed over some steps."""
    from matplotlib.figure import Figure as Sheet  # slow to import

    sheet = Sheet(figsize=(8, 6), layout="constrained")
    axes = sheet.subplots(2, 1, sharex=True)
    for name, colour in zip(NAMES, COLOURS, strict=True):
        for number, course in enumerate(courses[name]):
            label = name if number == 0 else None
            axes[0].semilogy(course.images_seen, smoothed(course.grad_norm_g), colour, label=label, linewidth=1)
            axes[1].semilogy(course.images_seen, smoothed(course.probability_fake), colour, linewidth=1)
    axes[0].set_ylabel("norm of the gradient of G")
    axes[1].set_ylabel("D(G(z)), mean of the batch")
    axes[1].set_xlabel("real images seen")
    axes[0].legend()
    for axis in axes:
        axis.grid(alpha=0.3)
    sheet.savefig(out, dpi=100)


def write(rows: Sequence[Row], docs: Path) -> None:
    """What came out, whatever it is, as a page."""
    cells = [
        list(rows[0]),
        ["---", "---", *["---:"] * (len(rows[0]) - 2)],
        *([*map(shown, row.values())] for row in rows),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    minimax, other = (next(row for row in reversed(rows) if row["loss"] == name) for name in NAMES)
    ratio = float(other[GRADIENT]) / float(minimax[GRADIENT])
    found = "it vanishes where D is sure" if ratio > 10 else "it does not vanish here"
    (docs / "gradients.md").write_text(
        "# The gradient of G under the tutorial's two losses\n\n"
        "`python -m benchmarks.gradients` made this page: the presets `minimax` and `non-saturating` on real MNIST, "
        "the same networks, first weights and images for each seed; only G's loss differs.\n\n"
        "![The gradient of G and D's opinion of what G makes, one line a seed](gradients.png)\n\n"
        f"{table}\n\n"
        "The gradient is its norm over all weights of G; medians over the steps and the seeds, and the least of all. "
        f"In the last part that of `non-saturating` is {ratio:,.0f} times as long as that of `minimax`: {found}. What "
        "becomes of both in the minutes after that is on [the page of the presets](presets.md).\n"
    )


def smoothed(values: Numbers) -> Numbers:
    """The geometric mean of each value and those around it."""
    width = min(SMOOTHED_STEPS, len(values))
    logs = np.convolve(np.log(np.maximum(values, TINY)), np.ones(width), "same")
    counts = np.convolve(np.ones(len(values)), np.ones(width), "same")
    smooth: Numbers = np.exp(logs / counts)
    return smooth


def main(seeds: str = "3", epochs: str = "2") -> None:
    courses = {
        name: [
            course_of(with_overrides(preset(name).config, {"train.seed": seed}), float(epochs))
            for seed in range(int(seeds))
        ]
        for name in NAMES
    }
    draw(courses, DOCS / "gradients.png")
    rows = [row for name in NAMES for row in rows_of(name, courses[name])]
    write(rows, DOCS)
    report(f"gradient of G in the first {epochs} epochs, {seeds} seeds: medians", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])

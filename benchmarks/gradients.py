"""Compare the two generator losses of Goodfellow et al. 2014: the gradient of G while D is nearly always right.

    python -m benchmarks.gradients [SEEDS] [EPOCHS]

Trains the presets `minimax` and `non-saturating` on real MNIST. For each seed both have the same networks, initial
weights and images; only the loss of G differs. Draws docs/gradients.png, writes docs/gradients.md and prints the table.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.report import Figure, format_figure, report
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
TINY = 1e-12  # smallest value for a logarithm
Numbers = npt.NDArray[np.float64]
Row = dict[str, Figure]


class Curves(NamedTuple):
    """The curves of one run that this page needs, each of shape (steps,)."""

    images_seen: Numbers
    grad_norm_g: Numbers
    probability_fake: Numbers


def curves_of(config: RunConfig, epochs: float) -> Curves:
    """Train for some epochs on the CPU with one thread and record every step."""
    dataset = load(config.data, CPU)
    trainer = Trainer(config, TrainState(config, 0, CPU), dataset, CPU, "float32", threads=1)
    reports = list(trainer.steps(int(epochs * len(dataset))))
    scalars = scalars_of(reports, loss_for(config.objective))
    columns = [scalars[column].double().numpy() for column in Curves._fields[1:]]
    return Curves(np.array([float(report.images_seen) for report in reports]), *columns)


def table_rows(name: str, curves: Sequence[Curves]) -> list[Row]:
    """One row for each part of the training: medians over its steps and over the seeds."""
    ends = curves[0].images_seen[-1]
    rows: list[Row] = []
    for first, last in ((0, 1 / 40), (1 / 40, 1 / 8), (1 / 8, 1 / 2), (1 / 2, 1)):
        parts = [part_of(one, first * ends, last * ends) for one in curves]
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


def part_of(one: Curves, first: float, last: float) -> Curves:
    """The steps after `first` and up to and including `last` images."""
    chosen = (one.images_seen > first) & (one.images_seen <= last)
    return Curves(*(column[chosen] for column in one))


def draw_gradients(curves: Mapping[str, Sequence[Curves]], out: Path) -> None:
    """Draw the gradient norm of G above the mean of D(G(z)): one smoothed line for each seed, as a PNG."""
    from matplotlib.figure import Figure as Drawing  # slow to import

    drawing = Drawing(figsize=(8, 6), layout="constrained")
    axes = drawing.subplots(2, 1, sharex=True)
    for name, colour in zip(NAMES, COLOURS, strict=True):
        for number, one in enumerate(curves[name]):
            label = name if number == 0 else None
            axes[0].semilogy(one.images_seen, smoothed(one.grad_norm_g), colour, label=label, linewidth=1)
            axes[1].semilogy(one.images_seen, smoothed(one.probability_fake), colour, linewidth=1)
    axes[0].set_ylabel("norm of the gradient of G")
    axes[1].set_ylabel("D(G(z)), mean of the batch")
    axes[1].set_xlabel("real images seen")
    axes[0].legend()
    for axis in axes:
        axis.grid(alpha=0.3)
    drawing.savefig(out, dpi=100)


def write_page(rows: Sequence[Row], docs: Path) -> None:
    """Write gradients.md with the table and one sentence that the ratio of the last rows decides."""
    cells = [
        list(rows[0]),
        ["---", "---", *["---:"] * (len(rows[0]) - 2)],
        *([*map(format_figure, row.values())] for row in rows),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    minimax, other = (next(row for row in reversed(rows) if row["loss"] == name) for name in NAMES)
    ratio = float(other[GRADIENT]) / float(minimax[GRADIENT])
    found = "it vanishes when D is sure" if ratio > 10 else "it does not vanish here"
    (docs / "gradients.md").write_text(
        "# The gradient of G under the two losses of the GAN paper\n\n"
        "`python -m benchmarks.gradients` makes this page. It trains the presets `minimax` and `non-saturating` on "
        "real MNIST. For each seed both have the same networks, initial weights and images; only the loss of G "
        "differs.\n\n"
        "![The norm of the gradient of G, and the mean of D(G(z)), one line for each seed](gradients.png)\n\n"
        f"{table}\n\n"
        "*gradient of G* is the median, over steps and seeds, of the norm of the gradient over all weights of G; "
        "*least* is its minimum; *D(G(z))* is the median of the batch means. In the last part the gradient of "
        f"`non-saturating` is {ratio:,.0f} times as long as that of `minimax`: {found}. "
        "[What the presets reach](presets.md) shows both after longer training.\n"
    )


def smoothed(values: Numbers) -> Numbers:
    """The moving geometric mean over 15 steps, of the same length as `values`."""
    width = min(SMOOTHED_STEPS, len(values))
    logs = np.convolve(np.log(np.maximum(values, TINY)), np.ones(width), "same")
    counts = np.convolve(np.ones(len(values)), np.ones(width), "same")
    smooth: Numbers = np.exp(logs / counts)
    return smooth


def main(seeds: str = "3", epochs: str = "2") -> None:
    curves = {
        name: [
            curves_of(with_overrides(preset(name).config, {"train.seed": seed}), float(epochs))
            for seed in range(int(seeds))
        ]
        for name in NAMES
    }
    draw_gradients(curves, DOCS / "gradients.png")
    rows = [row for name in NAMES for row in table_rows(name, curves[name])]
    write_page(rows, DOCS)
    report(f"gradient of G in the first {epochs} epochs, {seeds} seeds: medians", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])

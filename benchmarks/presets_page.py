"""Write docs/presets.md: tables of measurements, pictures, and a sentence about each preset computed from them."""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.report import Figure
from gan_core.pictures.animation import film
from gan_core.pictures.render import Picture, png
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.preset import Preset, Reached, listed, reached_by, threads
from gan_core.runs.store import RunStore

GROUPS = {"recommended": "Recommended", "classic": "Classic MNIST GANs", "modern": "Later methods"}
FRAMES_PER_SECOND = 2
FILM_BYTES = 300_000
GAP = 8  # pixels between pictures side by side
EPOCH = 60_000  # images
TOO_STRONG = 0.99  # accuracy of D on real and fake images from which on G learns little
Measured = Mapping[str, tuple[Reached, ...]]


# pictures


def draw(folder: Path, store: RunStore, chosen: Preset, frames: Sequence[Picture]) -> None:
    """Write the last sample grid, the animation, and the pictures that the project behind the preset shows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{chosen.name}.png").write_bytes(png(frames[-1]))
    (folder / f"{chosen.name}.webp").write_bytes(small_film(frames))
    if shown := shown_by_its_project(store, chosen, frames):
        (folder / f"{chosen.name}-as-shown.png").write_bytes(png(beside(shown)))


def small_film(frames: Sequence[Picture]) -> bytes:
    """The frames as an animated WebP, with fewer rows of digits until it is at most FILM_BYTES long."""
    for digits in (8, 6, 4):
        data = film([frame[: 28 * digits] for frame in frames], "webp", FRAMES_PER_SECOND)
        if len(data) <= FILM_BYTES:
            break
    return data


def shown_by_its_project(store: RunStore, chosen: Preset, frames: Sequence[Picture]) -> list[Picture]:
    """Auto-write: a real digit, an untrained and a trained one. The two losses: epochs 0, 10 and 20. Others: none."""
    if chosen.name == "auto-write":
        return [real_digit(), frames[0][:28, :28], frames[-1][:28, :28]]
    if chosen.name in ("minimax", "non-saturating"):
        grids = {
            epoch: path for _, epoch, path in reversed(store.samples(chosen.name).all())
        }  # the first of each epoch
        return [np.asarray(Image.open(grids[epoch])) for epoch in (0, 10, 20) if epoch in grids]
    return []


def real_digit() -> Picture:
    """The first digit of mnist-5k, (28, 28) uint8."""
    from gan_core.config import DataConfig
    from gan_core.data.registry import load

    digit: Picture = load(DataConfig(name="mnist-5k"), torch.device("cpu")).images[0, 0].numpy()
    return digit


def beside(pictures: Sequence[Picture]) -> Picture:
    """Pictures of one size from left to right, with a white gap."""
    gap = np.full((len(pictures[0]), GAP), 255, np.uint8)
    row = [part for one in pictures for part in (one, gap)]
    return np.concatenate(row[:-1], axis=1)


# words


def write(docs: Path, measured: Path) -> None:
    """Write the whole page from the measurements in the file `measured`."""
    known = {each.name: reached_by(each.name, each.config, measured) for each in PRESETS.values()}
    parts = [head(known), *(table_at(minutes, known) for minutes in (1, 2, 5, 10)), *sections_of(known)]
    (docs / "presets.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def head(known: Measured) -> str:
    """Title, method and machine."""
    some = [measurement for reached in known.values() for measurement in reached]
    machine = f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}, torch {torch.__version__}"
    counts = " or ".join(sorted({threads(measurement.threads) for measurement in some}))
    return (
        "# What the presets reach\n\n"
        "`python -m benchmarks.presets --root DIR` makes this page. Each of the recommended presets was trained on "
        "real MNIST for ten minutes and each other one for five: one run each, with seed 0. The times count training "
        "only, not sample grids, checkpoints and pauses. At each time a digit classifier looked at 2,000 samples. "
        f"Computed with {counts} ({machine}).\n"
        "\n*Sure* is the share of samples to which the classifier gives one digit with a probability of at least 0.9, "
        "*digits* how many of the ten digits make up at least 2 % of the samples each, and *rarest* the share of the "
        "rarest digit. *D on real* and *D on fake* are the shares of real and generated images that D classified "
        "correctly during the last tenth of the images, by the rule of its own loss."
    )


def table_at(minutes: int, known: Measured) -> str:
    """All presets after some minutes, and the best of them; empty where nothing was measured at that time."""
    measurements = {
        name: measurement
        for name, reached in known.items()
        for measurement in reached
        if round(measurement.seconds / 60) == minutes
    }
    if not measurements:
        return ""
    columns = ["preset", "images", "images/s", "sure", "digits", "rarest", "D on real", "D on fake"]
    lines = [cells(columns), cells(["---", *["---:"] * (len(columns) - 1)])]
    lines += [cells(row_of(name, measurement)) for name, measurement in measurements.items()]
    plural = "minute" if minutes == 1 else "minutes"
    return "\n\n".join([f"## After {minutes} {plural}", "\n".join(lines), order_of(measurements)])


def order_of(measurements: Mapping[str, Reached]) -> str:
    """The best preset, and the rank of the default."""
    ordered = sorted(measurements, key=lambda name: rank(measurements[name]), reverse=True)
    best = f"The best, by the number of digits and then by the share of sure samples: `{ordered[0]}`."
    if ordered[0] == DEFAULT:
        return f"{best} It is the default."
    if DEFAULT in ordered:
        return f"{best} The default, `{DEFAULT}`, is number {ordered.index(DEFAULT) + 1} of {len(ordered)}."
    return best


def rank(measurement: Reached) -> tuple[int, float]:
    """Sort key: first the number of digits, then the share of sure samples."""
    return -len(measurement.missing), measurement.confident


def row_of(name: str, measurement: Reached) -> list[Figure]:
    return [
        f"`{name}`",
        f"{measurement.images_seen:,}",
        f"{measurement.images_per_second:,.0f}",
        f"{measurement.confident:.0%}",
        10 - len(measurement.missing),
        f"{min(measurement.shares):.1%}",
        f"{measurement.accuracy_real:.2f}",
        f"{measurement.accuracy_fake:.2f}",
    ]


def cells(row: Sequence[Figure]) -> str:
    return f"| {' | '.join(map(str, row))} |"


def sections_of(known: Measured) -> list[str]:
    """One section for each preset, under the heading of its group."""
    parts = []
    for group, title in GROUPS.items():
        sections = [section(each, known[each.name]) for each in PRESETS.values() if each.group == group]
        parts += [f"## {title}", *sections]
    return parts


def section(chosen: Preset, reached: Sequence[Reached]) -> str:
    """Description, source, pictures and verdict of one preset."""
    story = [chosen.summary, f"*From:* {chosen.source}."]
    story += ["*Repaired:*\n" + "\n".join(f"- {sentence}" for sentence in chosen.repaired)] if chosen.repaired else []
    story += [f"*Unlike its project:* {chosen.unlike}"] if chosen.unlike else []
    if not reached:
        return "\n\n".join([f"### {chosen.title} (`{chosen.name}`)", *story, "*Not measured yet.*"])
    name = chosen.name
    pictures = (
        f"![Samples of seeds 0 to 63 after {minutes_of(reached[-1])}](presets/{name}.png) "
        f"[The same seeds during training](presets/{name}.webp)"
    )
    return "\n\n".join([f"### {chosen.title} (`{name}`)", *story, *as_shown(name), pictures, verdict(reached)])


def as_shown(name: str) -> list[str]:
    """The pictures that the project behind a preset shows, made with this program."""
    if name == "auto-write":
        return [f"![A real digit, a sample before and one after training](presets/{name}-as-shown.png)"]
    if name in ("minimax", "non-saturating"):
        return [
            f"Epochs 0, 10 and 20:\n\n![Sample grids of three epochs](presets/{name}-as-shown.png)",
            "[The gradient of G in the first two epochs](gradients.md)",
        ]
    return []


def minutes_of(measurement: Reached) -> str:
    return f"{measurement.seconds / 60:.0f} minutes"


def verdict(reached: Sequence[Reached]) -> str:
    """What the last measurement shows to be wrong, or that it shows nothing wrong."""
    last = reached[-1]
    found = [sentence for rule in RULES if (sentence := rule(last, reached))]
    return f"After {minutes_of(last)} the classifier is sure of {last.confident:.0%} of the samples. " + (
        " ".join(found) or "All ten digits occur, and D is not too strong for G."
    )


def missing_digits(last: Reached, reached: Sequence[Reached]) -> str:
    if len(last.missing) == 10:
        return "No digit makes up 2 % of them: G has not learned to draw digits, or has collapsed."
    return f"{listed(last.missing)} missing." if last.missing else ""


def one_for_all(last: Reached, reached: Sequence[Reached]) -> str:
    most = max(last.shares)
    if most < 0.5:
        return ""
    digit = last.shares.index(most)
    return f"It takes {most:.0%} of them for a {digit}, as it may do with noise: G has collapsed, or makes no digits."


def unclear(last: Reached, reached: Sequence[Reached]) -> str:
    return "Most samples are not clear digits." if 0 < last.confident < 0.5 else ""


def short_of_images(last: Reached, reached: Sequence[Reached]) -> str:
    if last.images_seen >= EPOCH:
        return ""
    return (
        f"It is slow: at {last.images_per_second:,.0f} images a second it has seen {last.images_seen:,} of 60,000 "
        "images, less than one epoch."
    )


def overpowered(last: Reached, reached: Sequence[Reached]) -> str:
    if min(last.accuracy_real, last.accuracy_fake) < TOO_STRONG:
        return ""
    return (
        f"D classifies {last.accuracy_real:.1%} of the real and {last.accuracy_fake:.1%} of the generated images "
        "correctly: it is too strong, and G learns little from it."
    )


def fallen_back(last: Reached, reached: Sequence[Reached]) -> str:
    best = max(reached, key=rank)
    if rank(best) <= rank(last) or best.confident - last.confident < 0.05:
        return ""
    return f"It was better after {minutes_of(best)} ({best.confident:.0%}) and has become worse since."


RULES = (missing_digits, one_for_all, unclear, short_of_images, overpowered, fallen_back)

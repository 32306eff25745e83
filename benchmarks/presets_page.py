"""The page docs/presets.md: what was measured of the presets in tables, pictures, and sentences made from figures."""

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

GROUPS = {"ours": "Our own", "ancestor": "The ancestors", "modern": "What came after"}
FRAMES_PER_SECOND = 2
FILM_BYTES = 300_000
GAP = 8  # pixels between pictures side by side
EPOCH = 60_000  # images
SURE_OF_ITSELF = 0.99  # D's accuracy on both kinds of images where it leaves G next to nothing
Measured = Mapping[str, tuple[Reached, ...]]


# pictures


def draw(folder: Path, store: RunStore, chosen: Preset, frames: Sequence[Picture]) -> None:
    """The last grid, the film, and what the preset's project itself showed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{chosen.name}.png").write_bytes(png(frames[-1]))
    (folder / f"{chosen.name}.webp").write_bytes(small_film(frames))
    if shown := shown_by_its_project(store, chosen, frames):
        (folder / f"{chosen.name}-as-shown.png").write_bytes(png(beside(shown)))


def small_film(frames: Sequence[Picture]) -> bytes:
    """The frames as WebP; of every frame fewer rows of digits until the film is small enough."""
    for digits in (8, 6, 4):
        data = film([frame[: 28 * digits] for frame in frames], "webp", FRAMES_PER_SECOND)
        if len(data) <= FILM_BYTES:
            break
    return data


def shown_by_its_project(store: RunStore, chosen: Preset, frames: Sequence[Picture]) -> list[Picture]:
    """Auto-write: a real digit, an untrained and a trained one. The tutorial: the epochs 0, 10 and 20."""
    if chosen.name == "auto-write":
        return [real_digit(), frames[0][:28, :28], frames[-1][:28, :28]]
    if chosen.name in ("minimax", "non-saturating"):
        grids = {epoch: path for _, epoch, path in reversed(store.samples(chosen.name))}  # the first of each epoch
        return [np.asarray(Image.open(grids[epoch])) for epoch in (0, 10, 20) if epoch in grids]
    return []


def real_digit() -> Picture:
    """The first digit that comes with the program."""
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
    """The whole page, from what is measured so far."""
    known = {each.name: reached_by(each.name, each.config, measured) for each in PRESETS.values()}
    parts = [head(known), *(table_at(minutes, known) for minutes in (1, 2, 5, 10)), *sections_of(known)]
    (docs / "presets.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def head(known: Measured) -> str:
    """How it was measured, and on what."""
    some = [moment for reached in known.values() for moment in reached]
    machine = f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}, torch {torch.__version__}"
    counts = " or ".join(sorted({threads(moment.threads) for moment in some}))
    return (
        "# What the presets reach\n\n"
        "`python -m benchmarks.presets --root DIR` made this page: each of our own presets trained for ten minutes on "
        "real MNIST, each other one for five, seed 0, one run each; pictures, saving and pauses are not counted. At "
        f"each moment a classifier of digits looked at 2,000 samples. Computed with {counts} ({machine}).\n"
        "\n*Sure* is the share of samples that the classifier is 0.9 sure to be some digit, *digits* how many of the "
        "ten make up at least 2 % each, *rarest* the share of the rarest. *D on real* and *D on made* are the shares "
        "of images that D got right in the last tenth of the time, by the rule of its own loss."
    )


def table_at(minutes: int, known: Measured) -> str:
    """All presets after some minutes, and which is the best of them."""
    moments = {
        name: moment for name, reached in known.items() for moment in reached if round(moment.seconds / 60) == minutes
    }
    if not moments:
        return ""
    columns = ["preset", "images", "images/s", "sure", "digits", "rarest", "D on real", "D on made"]
    lines = [cells(columns), cells(["---", *["---:"] * (len(columns) - 1)])]
    lines += [cells(row_of(name, moment)) for name, moment in moments.items()]
    plural = "minute" if minutes == 1 else "minutes"
    return "\n\n".join([f"## After {minutes} {plural}", "\n".join(lines), order_of(moments)])


def order_of(moments: Mapping[str, Reached]) -> str:
    """Which preset is the best, and where the default stands."""
    ordered = sorted(moments, key=lambda name: rank(moments[name]), reverse=True)
    best = f"The best, by the digits that are there and then by how many samples are sure: `{ordered[0]}`."
    if ordered[0] == DEFAULT:
        return f"{best} It is the default."
    if DEFAULT in ordered:
        return f"{best} The default, `{DEFAULT}`, is number {ordered.index(DEFAULT) + 1} of {len(ordered)}."
    return best


def rank(moment: Reached) -> tuple[int, float]:
    """All classes first, then clear digits."""
    return -len(moment.missing), moment.confident


def row_of(name: str, moment: Reached) -> list[Figure]:
    return [
        f"`{name}`",
        f"{moment.images_seen:,}",
        f"{moment.images_per_second:,.0f}",
        f"{moment.confident:.0%}",
        10 - len(moment.missing),
        f"{min(moment.shares):.1%}",
        f"{moment.accuracy_real:.2f}",
        f"{moment.accuracy_fake:.2f}",
    ]


def cells(row: Sequence[Figure]) -> str:
    return f"| {' | '.join(map(str, row))} |"


def sections_of(known: Measured) -> list[str]:
    """One section a preset, under the heading of its group."""
    parts = []
    for group, title in GROUPS.items():
        sections = [section(each, known[each.name]) for each in PRESETS.values() if each.group == group]
        parts += [f"## {title}", *sections]
    return parts


def section(chosen: Preset, reached: Sequence[Reached]) -> str:
    """A preset's story, its pictures, and what the figures say of it."""
    story = [chosen.summary, f"*From:* {chosen.source}."]
    story += ["*Repaired:*\n" + "\n".join(f"- {sentence}" for sentence in chosen.repaired)] if chosen.repaired else []
    story += [f"*Unlike its project:* {chosen.unlike}"] if chosen.unlike else []
    if not reached:
        return "\n\n".join([f"### {chosen.title} (`{chosen.name}`)", *story, "*Not measured yet.*"])
    name = chosen.name
    pictures = (
        f"![Its seeds 0 to 63 after {minutes_of(reached[-1])}](presets/{name}.png) "
        f"[How they came about](presets/{name}.webp)"
    )
    return "\n\n".join([f"### {chosen.title} (`{name}`)", *story, *as_shown(name), pictures, verdict(reached)])


def as_shown(name: str) -> list[str]:
    """What its project showed, made here."""
    if name == "auto-write":
        return [f"![A real digit, one of the untrained and one of the trained generator](presets/{name}-as-shown.png)"]
    if name in ("minimax", "non-saturating"):
        return [
            f"Epochs 0, 10 and 20:\n\n![Sample grids of three epochs](presets/{name}-as-shown.png)",
            "[What the gradient of G does in the first two epochs](gradients.md)",
        ]
    return []


def minutes_of(moment: Reached) -> str:
    return f"{moment.seconds / 60:.0f} minutes"


def verdict(reached: Sequence[Reached]) -> str:
    """What is poor about the last moment and why, as far as the figures tell; or that nothing is."""
    last = reached[-1]
    found = [sentence for rule in RULES if (sentence := rule(last, reached))]
    return f"After {minutes_of(last)} the classifier is sure of {last.confident:.0%} of its samples. " + (
        " ".join(found) or "All ten are there and D has not run away."
    )


def missing_digits(last: Reached, reached: Sequence[Reached]) -> str:
    if len(last.missing) == 10:
        return "No digit makes up even 2 % of them: it has not learned to draw, or has collapsed."
    return f"{listed(last.missing)} missing." if last.missing else ""


def one_for_all(last: Reached, reached: Sequence[Reached]) -> str:
    most = max(last.shares)
    if most < 0.5:
        return ""
    return (
        f"{most:.0%} of them are a {last.shares.index(most)} to it, as noise can be: G has collapsed or makes no digit."
    )


def unclear(last: Reached, reached: Sequence[Reached]) -> str:
    return "Most samples are not clearly a digit." if 0 < last.confident < 0.5 else ""


def short_of_images(last: Reached, reached: Sequence[Reached]) -> str:
    if last.images_seen >= EPOCH:
        return ""
    return (
        f"It is slow: at {last.images_per_second:,.0f} images a second it has seen {last.images_seen:,} of the 60,000, "
        "less than one epoch."
    )


def overpowered(last: Reached, reached: Sequence[Reached]) -> str:
    if min(last.accuracy_real, last.accuracy_fake) < SURE_OF_ITSELF:
        return ""
    return (
        f"D is right on {last.accuracy_real:.1%} of the real and {last.accuracy_fake:.1%} of the made images: it has "
        "run away from G, which learns little from it."
    )


def fallen_back(last: Reached, reached: Sequence[Reached]) -> str:
    best = max(reached, key=rank)
    if rank(best) <= rank(last) or best.confident - last.confident < 0.05:
        return ""
    return f"It was better after {minutes_of(best)} ({best.confident:.0%}) and has fallen back since."


RULES = (missing_digits, one_for_all, unclear, short_of_images, overpowered, fallen_back)

"""The pictures that the terminal asks for."""

from pathlib import Path

from gan_core.latent.truncation import NO_TRUNCATION, WIDEST_TAU, Truncation
from gan_core.models.networks import Generator
from gan_core.notebook import expression_pixels, seed_pixels
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.grid_layout import GRID_COLUMNS
from gan_core.pictures.render import PICTURE_FORMATS, encoded, grid, still_generator
from gan_core.runs.networks import generator_at, of_player
from gan_core.runs.output_file import write_output
from gan_core.runs.store import RunError, RunStore


def draw_seeds(
    store: RunStore, run: str, seeds: list[int], at: int | None, label: int | None, raw: bool, out: Path
) -> None:
    """The images of seeds in rows of eight. Without `label`, a run with labels shows each seed in its own class."""
    suffix = picture_suffix(out)
    write_grid(out, suffix, seed_pixels(store, run, generator_for_drawing(store, run, at, raw), seeds, label))


def draw_expression(
    store: RunStore,
    run: str,
    expression: str,
    at: int | None,
    label: int | None,
    raw: bool,
    out: Path,
    truncation: Truncation = NO_TRUNCATION,
) -> None:
    """The image of an expression such as `seed:12 - seed:7`. Raises ExpressionError."""
    suffix = picture_suffix(out)
    check_truncation(truncation)
    generator = generator_for_drawing(store, run, at, raw)
    write_grid(out, suffix, expression_pixels(store, run, generator, expression, label, truncation))


def check_truncation(truncation: Truncation) -> None:
    """Raises RunError for a value that is NaN or out of range."""
    psi, tau = truncation
    if not 0 <= psi <= 1:
        raise RunError(f"--psi must be a number from 0 to 1, got {psi}")
    if not 0 < tau <= WIDEST_TAU:
        raise RunError(f"--tau must be a number above 0 and at most {WIDEST_TAU:.0f}, got {tau}")


def generator_for_drawing(store: RunStore, run: str, at: int | None, raw: bool) -> Generator:
    """The averaged generator of a snapshot; with `raw` G's own weights, which only checkpoints hold."""
    if not raw:
        return generator_at(store, run, "latest" if at is None else at)[1]
    if at is not None:
        raise RunError(
            "--raw shows the newest checkpoint and cannot be combined with --at: snapshots hold averaged weights only"
        )
    tensors = of_player(store.checkpoints(run).newest().tensors, "generator")
    classes = store.record(run)["resolved"]["classes"]  # known before the first checkpoint
    return still_generator(store.config(run), len(classes), tensors)


def write_grid(out: Path, suffix: str, pixels: Bytes) -> None:
    """Write images (B, C, S, S) as one picture, eight in a row. Raises StorageError, with nothing written."""
    write_output(out, encoded(grid(pixels, min(len(pixels), GRID_COLUMNS)), suffix))


def picture_suffix(out: Path) -> str:
    """The end of the name, which says the format; PNG for a name without one. Raises RunError for another format."""
    suffix = out.suffix.lower() or ".png"
    if suffix not in PICTURE_FORMATS:
        raise RunError(f"--out: a picture is written as {', '.join(PICTURE_FORMATS)}, and not as {suffix}")
    return suffix

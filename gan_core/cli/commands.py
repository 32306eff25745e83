"""The commands of `python -m gan_core`, in the order of its help: train and steer runs, then use what they made.

torch is imported inside the commands that need it, so that a wrong option is refused at once.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from gan_core.cli.class_number import class_number
from gan_core.cli.completion import completion_script, keys, preset_names, run_names
from gan_core.cli.printing import print_json, say
from gan_core.cli.seeds import parse_seeds
from gan_core.cli.setting_rows import setting_rows
from gan_core.config import ExportFormat, Json, parse_assignment, with_overrides
from gan_core.config.version import VERSION
from gan_core.evaluation.doctor.examine import examine_by_name
from gan_core.evaluation.doctor.verdict import Verdict
from gan_core.execution.requests import ask_to_stop, check_extension, check_longer
from gan_core.presets import DEFAULT, PRESETS, preset
from gan_core.presets.preset import Preset, sentence_of
from gan_core.runs.creation import taken
from gan_core.runs.names import checked_name
from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import Progress, RunError, RunMissingError, RunStore

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Train and use GANs."
)


def stripped(name: str) -> str:
    """Callback of a run's name: without the space that `gan_core.cli.positional` puts before `-x`."""
    return name.strip()


def print_version(asked: bool) -> None:
    """Callback of --version."""
    if asked:
        print(f"GAN Studio {VERSION}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Train and use GANs."""


Root = Annotated[Path, typer.Option("--root", help="The folder that holds the runs.")]
Run = Annotated[str, typer.Argument(help="The name of a run.", callback=stripped, autocompletion=run_names)]
Out = Annotated[Path, typer.Option("--out", help="The file to write; - is standard output.")]
At = Annotated[int | None, typer.Option("--at", help="A snapshot, by its images seen; the newest by default.")]
Label = Annotated[
    str | None,
    typer.Option("--label", help="One class for all, by its name or number; by default each seed has its own."),
]
Raw = Annotated[bool, typer.Option("--raw", help="G's own weights of the newest checkpoint, not their average.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

CHECKPOINTS = Path("checkpoints")


@app.command()
def presets(as_json: AsJson = False) -> None:
    """List the presets and what they reached."""
    if as_json:
        print_json(presets=[preset_as_json(each) for each in PRESETS.values()])
        return
    for each in PRESETS.values():
        print(f"{each.name:16} {each.summary}")
        print(f"{'':16} {sentence_of(each.reached)}")


def preset_as_json(each: Preset) -> Json:
    """A preset with its configuration and what it reached."""
    return {
        **asdict(each),
        "config": each.config.model_dump(mode="json"),
        "reached": [asdict(one) for one in each.reached],
    }


@app.command()
def runs(root: Root = CHECKPOINTS, as_json: AsJson = False) -> None:
    """List the runs, with the verdict on each."""
    store = RunStore(root)
    summaries = store.runs()
    if as_json:
        # `state` is what `status` was called in the first version: scripts read it
        rows = [{**asdict(summary), "state": summary.status} for summary in summaries]
        print_json(runs=[{**row, "verdict": as_values(examine_by_name(store, row["name"]))} for row in rows])
        return
    if not summaries:
        say(f"there are no runs in {root}; --root names another folder" if root.is_dir() else f"there is no {root}")
    for summary in summaries:
        found = examine_by_name(store, summary.name)
        length = f"{summary.images_seen:>12,} of {summary.images_target:,} images"
        print(f"{summary.name:40} {summary.status:12} {length}  {found.sentence if found else ''}".rstrip())


def as_values(found: Verdict | None) -> Json | None:
    """A verdict for JSON; null for a run that has not begun or cannot be read."""
    return None if found is None else asdict(found)


@app.command()
def train(
    preset_name: Annotated[
        str, typer.Option("--preset", help="The settings to start from.", autocompletion=preset_names)
    ] = DEFAULT,
    run: Annotated[str | None, typer.Option("--run", help="The name of the new run.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="dotted.key=value; may be repeated. `settings` lists them.", autocompletion=keys),
    ] = None,
    images: Annotated[int | None, typer.Option("--images", help="Real images to train on in all.")] = None,
    root: Root = CHECKPOINTS,
) -> int:
    """Train a new run."""
    overrides = dict(parse_assignment(text) for text in settings or [])
    if images is not None:
        overrides["train.images"] = images
    config, store = with_overrides(preset(preset_name).config, overrides), RunStore(root)
    if run is not None and store.folder(checked_name(run)).exists():
        raise taken(run)
    from gan_core.cli.preparation import prepared  # imports torch, which takes seconds

    return train_here(store, store.create(prepared(config, overrides), run, preset_name))


@app.command()
def resume(
    run: Run,
    images: Annotated[int | None, typer.Option("--images", min=1, help="A new total, to extend the run.")] = None,
    data_folder: Annotated[
        Path | None, typer.Option("--data-folder", help="Where the run's own images lie now, if they were moved.")
    ] = None,
    root: Root = CHECKPOINTS,
) -> int:
    """Continue a run that was interrupted, stopped or failed; or extend one (also while it trains)."""
    store = RunStore(root)
    if data_folder is not None:
        from gan_core.cli.preparation import move_images  # imports torch, which takes seconds

        move_images(store, run, data_folder)
    progress = store.progress(run)
    if progress.status == "paused" or (progress.status == "running" and images is not None):
        ask_to_go_on(store, run, progress, images)
        return 0
    check_extension(run, progress, images)
    return train_here(store, run, images)


def ask_to_go_on(store: RunStore, run: str, progress: Progress, images: int | None) -> None:
    """Ask the process that trains a run to resume it, and to extend it to a new total."""
    if images is not None:
        check_longer(run, progress, images)
        store.request(run, "extend", "a terminal", images)
    if progress.status == "paused":
        store.request(run, "resume", "a terminal")


def train_here(store: RunStore, run: str, images: int | None = None) -> int:
    """Train in this process, with a progress bar; returns the exit status."""
    from gan_core.cli.progress import train_in_terminal  # imports torch, which takes seconds

    exit_status, sentence = train_in_terminal(store, run, images)
    if sentence:
        say(sentence)
    return exit_status


@app.command()
def pause(run: Run, root: Root = CHECKPOINTS) -> None:
    """Ask the process that trains the run to pause it."""
    store = RunStore(root)
    if (state := store.progress(run).status) != "running":
        raise RunError(f"run {run} is {state}, so it cannot be paused; only a running one can")
    store.request(run, "pause", "a terminal")


@app.command()
def stop(run: Run, root: Root = CHECKPOINTS) -> None:
    """Ask the process that trains the run to save it and stop."""
    store = RunStore(root)
    if (status := store.progress(run).status) not in ACTIVE:
        raise RunError(f"run {run} is {status}, so there is nothing to stop")
    ask_to_stop(store, run, "a terminal")


@app.command()
def sample(
    run: Run,
    out: Out,
    seeds: Annotated[str, typer.Option("--seeds", help="For example 0-63 or 3,7,12.")] = "0-63",
    at: At = None,
    label: Label = None,
    raw: Raw = False,
    root: Root = CHECKPOINTS,
) -> None:
    """Draw the images of seeds, in native pixels, eight in a row."""
    from gan_core.cli.draw import draw_seeds  # imports torch

    store, numbers = RunStore(root), parse_seeds(seeds)
    draw_seeds(store, run, numbers, at, class_number(store, run, label), raw, out)


@app.command()
def latent(
    run: Run,
    expression: Annotated[str, typer.Argument(help="For example: seed:12 - seed:7 + 0.5*seed:3")],
    out: Out,
    at: At = None,
    label: Label = None,
    raw: Raw = False,
    psi: Annotated[float, typer.Option("--psi", help="Truncation: scales the latent, 0 to 1.")] = 1.0,
    tau: Annotated[float | None, typer.Option("--tau", help="Truncation: numbers beyond it are resampled.")] = None,
    root: Root = CHECKPOINTS,
) -> None:
    """Draw the image of an expression of seeds."""
    from gan_core.cli.draw import draw_expression
    from gan_core.latent.truncation import WIDEST_TAU, Truncation  # imports torch

    store, truncation = RunStore(root), Truncation(psi, WIDEST_TAU if tau is None else tau)
    draw_expression(store, run, expression, at, class_number(store, run, label), raw, out, truncation)


@app.command()
def export(
    run: Run,
    out: Out,
    format_name: Annotated[
        ExportFormat | None, typer.Option("--format", help="safetensors or onnx; by default as the file is named.")
    ] = None,
    at: At = None,
    root: Root = CHECKPOINTS,
) -> None:
    """Write the generator to a file, for use elsewhere."""
    from gan_core.runs.export import export_generator, format_of, origin_of  # imports torch
    from gan_core.runs.networks import generator_at

    store, chosen = RunStore(root), format_of(out, format_name, "safetensors")
    images_seen, generator = generator_at(store, run, "latest" if at is None else at)
    store.snapshots(run).pin_for_use(images_seen)
    export_generator(generator, store.config(run), images_seen, chosen, out, origin_of(store, run))


@app.command()
def pack(run: Run, out: Out, root: Root = CHECKPOINTS) -> None:
    """Write a whole run to a zip file, to be unpacked on another machine."""
    from gan_core.runs.archive.pack import pack as pack_run

    pack_run(RunStore(root), run, out)


@app.command()
def unpack(
    archive: Annotated[Path, typer.Argument(help="A zip file written by pack or by the dashboard.")],
    root: Root = CHECKPOINTS,
) -> None:
    """Make a run from a zip file, after checking all of it; prints the name of the run."""
    from gan_core.runs.archive.pack import unpack as unpack_run

    arrived = unpack_run(RunStore(root), archive)
    if arrived.run != arrived.packed_as:
        say(f"run {arrived.packed_as} exists already, so this one is called {arrived.run}")
    print(arrived.run)


@app.command()
def delete(run: Run, root: Root = CHECKPOINTS) -> None:
    """Move a run to the trash, from which `restore` and the dashboard bring it back."""
    RunStore(root).delete(run)
    say(f"run {run} is in the trash; `restore {run}` brings it back")


@app.command()
def restore(run: Run, root: Root = CHECKPOINTS) -> None:
    """Take the copy of a run that was deleted last out of the trash; prints its name."""
    trash = RunStore(root).trash
    copy = next((copy for copy in trash.all() if copy.name == run), None)
    if copy is None:
        names = sorted({copy.name for copy in trash.all()})
        raise RunMissingError(f"the trash of {root} holds no run {run}; it holds {', '.join(names) or 'nothing'}")
    name = trash.restore(copy)
    if name != run:
        say(f"another run is called {run} now, so this one is called {name}")
    print(name)


@app.command()
def classes(run: Run, root: Root = CHECKPOINTS, as_json: AsJson = False) -> None:
    """List the classes of a run: the numbers and names that --label takes."""
    names = RunStore(root).class_names(run)
    if as_json:
        print_json(classes=names)
    elif not names:
        say(f"run {run} was trained without labels, or has not begun")
    else:
        print_classes(names)


def print_classes(names: Sequence[str]) -> None:
    """The number and the name of each class."""
    for number, name in enumerate(names):
        print(f"{number:>4}  {name}")


@app.command()
def look(
    folder: Annotated[str, typer.Argument(help="A folder of images; its subfolders, if any, are the classes.")],
    settings: Annotated[list[str] | None, typer.Option("--set", help="dotted.key=value, as for train.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is in a folder of your own images, before a run is trained on it."""
    from gan_core.cli.look import look_at  # imports torch

    look_at({**dict(parse_assignment(text) for text in settings or []), "data.folder": folder}, as_json)


@app.command("settings")
def list_settings(
    preset_name: Annotated[
        str, typer.Option("--preset", help="Whose values to show.", autocompletion=preset_names)
    ] = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List every key of --set, with its type, bounds, value in a preset, and what it does."""
    rows = setting_rows(preset(preset_name).config)
    if as_json:
        print_json(settings=[row._asdict() for row in rows])
        return
    for row in rows:
        print(f"{row.key} = {row.value}  ({row.allowed})")
        print(textwrap.fill(row.help, 100, initial_indent="    ", subsequent_indent="    "))


@app.command()
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="The shell.")],
) -> None:
    """Print a script that defines the command gan-studio in a shell and completes it: eval "$(... completion bash)"."""
    print(completion_script(shell))


@app.command()
def fingerprint(run: Run, root: Root = CHECKPOINTS) -> None:
    """Print the SHA-256 of everything in the newest checkpoint."""
    from gan_core.training.state import fingerprint as fingerprint_of  # imports torch

    state = RunStore(root).checkpoints(run).newest()
    print(fingerprint_of(state.tensors, state.counters))

"""Before a run starts: its networks, its training time on this machine, and its disk space."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.app import services
from dashboard.train import estimates
from dashboard.train.draft import Draft
from dashboard.train.estimates import Sizes, Speed
from dashboard.ui.component import component
from dashboard.ui.text import amount, as_sentence, epochs_in_words, escaped, size
from gan_core.config import RunConfig
from gan_core.runs.store import RunSummary

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.models.summary import Layer

OPEN = "train.networks_open"
SKELETON_PIXELS = 48
MEASURING = "Measuring\u2026"
TIMES = "\u00d7"

_diagram = component("network_diagram")


def show_glance(runs: Sequence[RunSummary], mine: Draft) -> None:
    """Below the start button: two lines about the run, and a button that shows more."""
    config = mine.checked().config
    if config is None:
        return
    training = running(runs)
    measure_if_due(config, training, wanted=not training)
    if services.warm():
        show_lines(config, measures=not training)
    else:
        st.skeleton(height=SKELETON_PIXELS)
    if runs:  # without a run, the page shows all of it
        show_opener()


def show_opener() -> None:
    st.button(
        "Close the networks" if is_open() else "See the networks",
        key="train.see",
        type="tertiary",
        icon=":material/close:" if is_open() else ":material/account_tree:",
        on_click=open_or_close,
        help="Both networks layer by layer, and a measured estimate of the time that the run will take here.",
    )


def is_open() -> bool:
    """Whether the visitor has opened the networks. (Without runs, they are always shown.)"""
    return bool(st.session_state.get(OPEN))


def open_or_close() -> None:
    st.session_state[OPEN] = not is_open()


def show_details(runs: Sequence[RunSummary], mine: Draft) -> None:
    """Show the whole preview on the page."""
    with st.container(border=True, key="train-preview"):
        st.subheader("Before you start", anchor=False)
        config = mine.checked().config
        if config is None:
            st.caption("These settings cannot be trained: the sidebar says why.")
            return
        measure_if_due(config, running(runs), wanted=True)
        if not services.warm():
            st.skeleton(height=SKELETON_PIXELS)
            return
        show_networks(config)
        st.button(
            "Measure again",
            key="train.measure",
            type="tertiary",
            icon=":material/timer:",
            on_click=estimates.speeds().forget,
            args=(config,),
            help="Useful if something else kept this machine busy.",
        )


def running(runs: Sequence[RunSummary]) -> str | None:
    """The run that trains on this machine now, wherever it was started."""
    return next((run.name for run in runs if run.status == "running"), None)


def measure_if_due(config: RunConfig, training: str | None, wanted: bool) -> None:
    """Begin to measure the speed of a configuration if it is not known, or was measured beside a run that has ended."""
    if not services.warm():
        return
    speeds = estimates.speeds()
    speeds.leave_where_disturbed(training)
    known = speeds.known(config)
    if wanted and (known is None or (known.beside is not None and training is None)):
        speeds.measure(config, training)


def signature(mine: Draft) -> object:
    """A value that changes when the preview must be drawn again."""
    config = mine.checked().config
    if config is None or not services.warm():
        return services.warm()
    speeds = estimates.speeds()
    return speeds.known(config), speeds.is_measuring_another(config)


def is_pending() -> bool:
    """Whether a part of the preview is still being computed."""
    return not services.warm() or estimates.speeds().is_measuring


def show_lines(config: RunConfig, measures: bool) -> None:
    """Two lines about the run."""
    sizes, speed = estimates.sizes(config.model_dump_json()), estimates.speeds().known(config)
    seconds = estimates.seconds_for(config)
    time = f"{seconds.in_words} here" if seconds is not None else MEASURING if measures and not speed else ""
    if speed is not None and seconds is not None and (speed.busy or speed.beside):
        time += ", measured while this machine was busy"
    networks = (
        f"G: {config.model.generator.family}, {amount(count_of(sizes.generator))} parameters",
        f"D: {config.model.discriminator.family}, {amount(count_of(sizes.discriminator))} parameters",
    )
    needs = ", ".join(part for part in (time, f"{size(sizes.disk_bytes)} on the disk") if part)
    st.caption("  \n".join(escaped(as_sentence(line)) for line in (*networks, needs)))


def show_networks(config: RunConfig) -> None:
    """Figures, both networks, and a table of their layers."""
    sizes, speed = estimates.sizes(config.model_dump_json()), estimates.speeds().known(config)
    networks = [
        network("g", "Generator", sizes.generator, f"{amount(config.model.latent.size)} numbers"),
        network("d", "Discriminator", sizes.discriminator, "the picture"),
    ]
    _diagram(key="train.networks", data={"facts": facts(config, sizes, speed), "networks": networks})
    st.caption(escaped(remark(speed)))


def facts(config: RunConfig, sizes: Sizes, speed: Speed | None) -> list[dict[str, str]]:
    """The most important figures, each with a note."""
    images, epochs = config.train.images, epochs_in_words(config.train.images / sizes.images)
    unknown = MEASURING if speed is None else "Unknown"
    times = [estimates.seconds_for(config, shown) for shown in (sizes.images, images)]
    epoch, whole = [unknown if seconds is None else seconds.in_words for seconds in times]
    return [
        fact("Generator", amount(count_of(sizes.generator)), "parameters"),
        fact("Discriminator", amount(count_of(sizes.discriminator)), "parameters"),
        fact("One epoch", epoch, f"{amount(sizes.images)} images"),
        fact("In all", whole, f"{amount(images)} images, {epochs}"),
        fact("On the disk", size(sizes.disk_bytes), "checkpoints, snapshots, pictures, curves"),
    ]


def fact(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def remark(speed: Speed | None) -> str:
    """How the times are measured, and what makes them inexact."""
    if speed is None:
        return "A few real steps are timed on throw-away copies of the networks."
    if speed.problem:
        return as_sentence(speed.problem)
    rate = f"Measured with real steps on throw-away copies: {amount(speed.images_per_second)} images per second"
    if speed.beside:
        return f"{rate}, while {speed.beside} is training; alone it goes faster."
    return f"{rate}, while other programs kept this machine busy; alone it goes faster." if speed.busy else f"{rate}."


def count_of(layers: "Sequence[Layer]") -> int:
    return sum(layer.parameters for layer in layers)


def network(player: str, title: str, layers: "Sequence[Layer]", begins_with: str) -> dict[str, Any]:
    """One network for the diagram: its input, then its blocks; and every layer as a row of the table."""
    from gan_core.models.summary import blocks

    first = {"shape": layers[0].inputs, "shape_text": shape_text(layers[0].inputs), "words": "", "count": begins_with}
    return {
        "player": player,
        "title": title,
        "parameters": f"{amount(count_of(layers))} parameters",
        "blocks": [
            first,
            *(
                {
                    "shape": block.outputs,
                    "shape_text": shape_text(block.outputs),
                    "words": ", ".join(block.kinds),
                    "count": amount(block.parameters) if block.parameters else "",
                }
                for block in blocks(layers)
            ),
        ],
        "rows": [
            [layer.kind, shape_text(layer.inputs), shape_text(layer.outputs), amount(layer.parameters)]
            for layer in layers
        ],
    }


def shape_text(shape: Sequence[int]) -> str:
    """`(64, 7, 7)` as 64 x 7 x 7, with multiplication signs."""
    return f" {TIMES} ".join(map(str, shape))

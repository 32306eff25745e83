"""Before a run starts: what its networks look like, how long it will take here, how much of the disk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.train import estimates
from dashboard.train.draft import Draft
from dashboard.train.estimates import Sizes, Speed
from dashboard.ui.component import component
from dashboard.ui.text import amount, as_sentence, escaped, roughly, size
from gan_core.config import ConfigError, RunConfig
from gan_core.execution.worker import Worker

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.models.summary import Layer

INSIDE = "train.inside"
POLL_SECONDS = 0.5
MEASURING = "Measuring\u2026"
TIMES = "\u00d7"

_diagram = component("network_diagram")


def config_of(mine: Draft) -> RunConfig | None:
    """What would be trained, or None where it cannot be."""
    try:
        return mine.config()
    except ConfigError:
        return None


def glance(worker: Worker, mine: Draft) -> None:
    """Below the start button: the run in two lines, and the way to see more."""
    config = config_of(mine)
    if config is None:
        return
    live(worker, config, measures=not running(worker), draw=lines)
    if not worker.store.runs():
        return  # the page shows all of it
    st.button(
        "Close the networks" if wanted() else "See the networks",
        key="train.see",
        type="tertiary",
        icon=":material/close:" if wanted() else ":material/account_tree:",
        on_click=turn,
        help="Both networks layer by layer, and a measured estimate of the time that the run will take here.",
    )


def wanted() -> bool:
    """Whether somebody wants to see the networks although there are runs."""
    return bool(st.session_state.get(INSIDE))


def turn() -> None:
    st.session_state[INSIDE] = not wanted()


def details(worker: Worker, mine: Draft) -> None:
    """All of it, on the page itself."""
    with st.container(border=True, key="train-before"):
        st.subheader("Before you start", anchor=False)
        config = config_of(mine)
        if config is None:
            st.caption("These settings cannot be trained: the sidebar says why.")
            return
        live(worker, config, measures=True, draw=drawing)
        if services.warm():
            st.button(
                "Measure again",
                key="train.measure",
                type="tertiary",
                icon=":material/timer:",
                on_click=estimates.speeds().forget,
                args=(config,),
                help="Useful where something else kept this machine busy.",
            )


def running(worker: Worker) -> str | None:
    """The run that trains on this machine now, wherever it was started."""
    return next((run.name for run in worker.store.runs() if run.status == "running"), None)


def live(worker: Worker, config: RunConfig, measures: bool, draw: Any) -> None:
    """Draw what is known, again until all of it is. `measures` is false where nobody asked and a run would suffer."""
    waiting = pending(worker, config, measures)

    @st.fragment(run_every=POLL_SECONDS if waiting else None)
    def look() -> None:
        with error_boundary():
            if services.warm():
                draw(config, estimates.sizes(config.model_dump_json()), estimates.speeds().known(config), measures)
            else:
                st.skeleton(height=48)
            if waiting and not pending(worker, config, measures):
                st.rerun()

    look()


def pending(worker: Worker, config: RunConfig, measures: bool) -> bool:
    """Whether something is still to come; a measurement is begun where it is due."""
    if not services.warm():
        return True
    speeds, training = estimates.speeds(), running(worker)
    speeds.leave_where_disturbed(training)
    known = speeds.known(config)
    due = measures and (known is None or (known.beside is not None and training is None))
    if due:
        speeds.measure(config, training)
    return due


def lines(config: RunConfig, sizes: Sizes, speed: Speed | None, measures: bool) -> None:
    """The run in two lines."""
    count = amount(count_of(sizes.generator) + count_of(sizes.discriminator))
    seconds = estimates.seconds_for(config)
    time = f"about {roughly(seconds)} here" if seconds is not None else MEASURING if measures and not speed else ""
    parts = [f"{count} parameters", f"{size(sizes.disk_bytes)} on the disk", time]
    st.caption(escaped(", ".join(part for part in parts if part)))


def drawing(config: RunConfig, sizes: Sizes, speed: Speed | None, measures: bool) -> None:
    """Facts, both networks, their table."""
    networks = [
        network("g", "Generator", sizes.generator, f"{amount(config.model.latent.size)} numbers"),
        network("d", "Discriminator", sizes.discriminator, "the picture"),
    ]
    _diagram(key="train.anatomy", data={"facts": facts(config, sizes, speed), "networks": networks})
    st.caption(escaped(remark(speed)))


def facts(config: RunConfig, sizes: Sizes, speed: Speed | None) -> list[dict[str, str]]:
    """What people ask first, with a note each."""
    images, epochs = config.train.images, config.train.images / sizes.images
    unknown = MEASURING if speed is None else "Unknown"
    times = [estimates.seconds_for(config, shown) for shown in (sizes.images, images)]
    epoch, whole = [unknown if seconds is None else roughly(seconds) for seconds in times]
    return [
        fact("Generator", amount(count_of(sizes.generator)), "parameters"),
        fact("Discriminator", amount(count_of(sizes.discriminator)), "parameters"),
        fact("One epoch", epoch, f"{amount(sizes.images)} images"),
        fact("In all", whole, f"{amount(images)} images, {epochs:,.3g} epochs"),
        fact("On the disk", size(sizes.disk_bytes), "states, snapshots, pictures, curves"),
    ]


def fact(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def remark(speed: Speed | None) -> str:
    """How far the times can be trusted."""
    if speed is None:
        return "A few real steps are timed on throw-away copies of the networks."
    if speed.problem:
        return as_sentence(speed.problem)
    rate = f"Measured with real steps on throw-away copies: {amount(speed.images_per_second)} images per second"
    return f"{rate}, while {speed.beside} is training; alone it goes faster." if speed.beside else f"{rate}."


def count_of(layers: "Sequence[Layer]") -> int:
    return sum(layer.parameters for layer in layers)


def network(player: str, title: str, layers: "Sequence[Layer]", begins_with: str) -> dict[str, Any]:
    """One network as the drawing wants it: its input, then its blocks; and every layer as a row."""
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

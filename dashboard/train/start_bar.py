"""The top of the form, which stays in view: Start, why the run cannot start, and the changes to the preset."""

from collections.abc import Sequence

import streamlit as st

from dashboard.train import start
from dashboard.train.draft import Draft
from dashboard.ui.run_status import ordinal
from dashboard.ui.text import as_sentence, escaped
from gan_core.config import Problem, Setting
from gan_core.config.advice import Advice
from gan_core.execution.worker import Worker

REASONS_SHOWN = 2
QUEUED_SHOWN = 3
MOST_SEEDS = 20
SEEDS_KEY = "train.seeds"


def show_start_bar(worker: Worker, mine: Draft, problems: Sequence[Problem], advice: Sequence[Advice]) -> None:
    """Draw it. A fixed number of siblings: if the form below moved, its sections would close."""
    with st.container(key="train-start-bar", gap="xsmall"):
        with st.container(horizontal=True, gap="xsmall", key="train-start-row"):
            start_button(worker, bool(problems))
            show_seeds(worker, mine, bool(problems))
        with st.container(gap="xsmall"):
            show_problems(mine, problems)
            show_changes(mine)
            show_advice(mine, advice)
            show_queue(worker)


def start_button(worker: Worker, disabled: bool) -> None:
    start.prepare()
    st.button(
        "Start training",
        key="train.start",
        type="primary",
        width="stretch",
        disabled=disabled,
        on_click=start.start,
        args=(worker,),
    )


def show_seeds(worker: Worker, mine: Draft, disabled: bool) -> None:
    """Start several runs that differ in their seed only, to see how much of a result is chance."""
    with st.popover("Seeds", key="train.several", disabled=disabled):
        if disabled:
            return
        count = st.number_input(
            "Runs with different seeds",
            min_value=2,
            max_value=MOST_SEEDS,
            value=3,
            key=SEEDS_KEY,
            help="The same settings with other random numbers: how much of a result is chance?",
        )
        numbers = start.seeds(mine.config(), count)
        names = [worker.store.name_for(start.title_with_seed(mine, seed)) for seed in (numbers[0], numbers[-1])]
        st.caption(f"Seeds {numbers[0]} to {numbers[-1]}, one after the other: {escaped(' to '.join(names))}")
        st.button(
            f"Start {count} runs",
            key="train.start_seeds",
            type="primary",
            icon=":material/play_arrow:",
            on_click=start.start,
            args=(worker, count),
        )


def show_problems(mine: Draft, problems: Sequence[Problem]) -> None:
    """The first reasons why the run cannot start. Each of them is below its field, too."""
    if problems:
        lines = [small(as_sentence(sentence_of(problem, mine.settings()))) for problem in problems[:REASONS_SHOWN]]
        if more := len(problems) - len(lines):
            lines.append(small(f"And {more} more."))
        st.error("\n\n".join(["This cannot be trained.", *lines]), icon=":material/error:")
    if refused := st.session_state.pop(start.REFUSED, ""):
        st.error(escaped(refused), icon=":material/error:")


def small(text: str) -> str:
    return f":small[{escaped(text)}]"


def sentence_of(problem: Problem, settings: Sequence[Setting]) -> str:
    """A problem, with the title of its field in front."""
    titles = [setting.title for setting in settings if concerns(problem, setting)]
    return f"{titles[0] if titles else problem.field}: {problem.rule}"


def concerns(problem: Problem, setting: Setting) -> bool:
    """Whether the problem concerns this field, or one of the numbers in it."""
    return problem.field == setting.path or problem.field.startswith(f"{setting.path}.")


def show_changes(mine: Draft) -> None:
    """The settings that differ from the preset, with their values, and the way back."""
    changed = [setting for setting in mine.settings() if setting.path in mine.changes]
    if not changed:
        return
    with st.container(key="train-changes"):
        st.caption(" · ".join(f"{escaped(each.title)} **{escaped(each.text_of(each.value))}**" for each in changed))
    count = len(changed)
    st.button(
        f"Back to the preset ({count} {'change' if count == 1 else 'changes'})",
        key="train.back",
        icon=":material/undo:",
        type="tertiary",
        on_click=mine.take_preset,
        args=(mine.preset,),
    )


def show_advice(mine: Draft, advice: Sequence[Advice]) -> None:
    """The settings with advice: each is below its field, which may be in a section that is closed."""
    concerned = {word.field for word in advice}
    titles = [setting.title for setting in mine.settings() if setting.path in concerned]
    if titles:
        st.markdown(f":small[:orange[:material/lightbulb: Advice on:] {escaped(', '.join(titles))}]")


def show_queue(worker: Worker) -> None:
    """The runs that wait, with links to them."""
    waiting = worker.waiting()
    for place, run in enumerate(waiting[:QUEUED_SHOWN]):
        st.page_link(
            "pages/train.py",
            label=f"Waiting ({ordinal(place + 1)}): {escaped(run)}",
            icon=":material/hourglass_top:",
            query_params={"run": run},
        )
    if len(waiting) > QUEUED_SHOWN:
        more = len(waiting) - QUEUED_SHOWN
        st.page_link("pages/runs.py", label=f"{more} more in the queue", icon=":material/photo_library:")

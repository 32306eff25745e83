"""What a run is called. Every page uses this text, so that a run is recognised everywhere."""

from gan_core.runs.store import RunError, RunStore, RunSummary

BETWEEN = " · "
STAR = "★ "


def label_of(run: RunSummary) -> str:
    """`Round sixes · mlp-20261127-060301`: the title and the name, or the name alone if there is no title."""
    return f"{run.notes.title}{BETWEEN}{run.name}" if run.notes.title else run.name


def starred_label_of(run: RunSummary) -> str:
    """The same, with a star in front if the run has one."""
    return f"{STAR if run.notes.star else ''}{label_of(run)}"


def label_of_name(store: RunStore, name: str) -> str:
    """The label of the run with this name; the name alone if the run was deleted since the name was read."""
    try:
        return label_of(store.summary(name))
    except RunError:
        return name

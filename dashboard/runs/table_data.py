"""The rows of the table of runs, as the component reads them."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from dashboard.runs import disk_usage
from dashboard.ui.run_status import LOOKS, MOST_URGENT_FIRST, look_of
from gan_core.config import RunConfig, families_of, settings_of
from gan_core.config.families import PLAYERS
from gan_core.evaluation.metrics import METRICS
from gan_core.presets.differences import flat
from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import RunStore, RunSummary

SCORE = next(iter(METRICS))  # the measurement that the table shows
MEASURING_SECONDS = 0.05  # of one answer: the sizes that are not known then come with the next answers
NOT_COMPARED = {"train.images"}  # it has a column of its own


def table(store: RunStore) -> dict[str, Any]:
    """Every run, newest first; a column for each setting in which any two of them differ.

    `complete` is False while sizes are unknown or runs are active: then the browser asks again.
    """
    runs = store.runs()
    sizes = known_sizes(store, runs)
    settings = [settings_in(run.config) for run in runs]
    differing = paths_that_differ(settings)
    rows = [
        {**row(run, sizes[run.name]), "settings": [values.get(path) for path in differing]}
        for run, values in zip(runs, settings, strict=True)
    ]
    return {
        "score": {"title": METRICS[SCORE].title, "help": METRICS[SCORE].help},
        "statuses": [{"name": status, "word": LOOKS[status].word} for status in MOST_URGENT_FIRST],
        "columns": [{"path": path, "title": titles().get(path, path)} for path in differing],
        "rows": rows,
        "complete": None not in sizes.values() and not any(run.status in ACTIVE for run in runs),
    }


def row(run: RunSummary, size_bytes: int | None) -> dict[str, Any]:
    """One run. `sample` is the images of its newest sample grid, or None; times are in seconds, `size` in bytes."""
    return {
        "name": run.name,
        "title": run.notes.title,
        "tags": run.notes.tags,
        "star": run.notes.star,
        "archived": run.notes.archived,
        "status": run.status,
        "word": look_of(run).word,
        "reason": run.reason if run.status in ("failed", "damaged", "interrupted") else "",
        "preset": run.preset,
        "created": run.created,
        "images": run.images_seen,
        "target": run.images_target,
        "score": run.highest.get(SCORE),
        "seconds": run.seconds,
        "size": size_bytes,
        "sample": int(Path(run.newest_sample).stem) if run.newest_sample else None,
    }


def known_sizes(store: RunStore, runs: Sequence[RunSummary]) -> dict[str, int | None]:
    """The size of each run in bytes; None where it is not known yet and MEASURING_SECONDS have passed."""
    end = monotonic() + MEASURING_SECONDS
    return {
        run.name: disk_usage.size_of_run(store, run) if disk_usage.is_known(store, run) or monotonic() < end else None
        for run in runs
    }


def paths_that_differ(settings: Sequence[Mapping[str, Any]]) -> list[str]:
    """The settings with more than one value, those of the networks last. Damaged runs have none."""
    readable = [values for values in settings if values]
    if not readable:
        return []
    first = readable[0]
    differing = {
        path
        for values in readable
        for path in values.keys() | first.keys()
        if values.get(path) != first.get(path) and path not in NOT_COMPARED
    }
    return [path for path in titles() if path in differing]


def settings_in(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a run by dotted name. A setting that is younger than the run has its default."""
    return {**usual(), **flat(config)} if config else {}


@cache
def usual() -> Mapping[str, Any]:
    """The default of every setting that does not belong to a family."""
    families = tuple(f"{player}." for player in PLAYERS)
    values = flat(RunConfig().model_dump(mode="json"))
    return {path: value for path, value in values.items() if not path.startswith(families)}


@cache
def titles() -> Mapping[str, str]:
    """The title of every setting, those of other families last."""
    own = settings_of(RunConfig())
    players = [
        setting
        for player in PLAYERS
        for family in families_of(player).values()
        for setting in settings_of(family(), f"{player}.")
    ]
    return {setting.path: setting.title for setting in (*own, *players)}

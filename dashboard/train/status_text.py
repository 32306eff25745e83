"""The status of a run in sentences."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.ui.text import as_sentence
from gan_core.data.source import DataChangedError, DataError, FolderError
from gan_core.evaluation.doctor.rules import AFTER_NAN, NOT_FINITE
from gan_core.runs.history import Status
from gan_core.runs.lock import Owner
from gan_core.runs.status_sets import NEED_A_TRAINER, SET_ASIDE
from gan_core.runs.store import RunSummary

TRAINING = "Training."
FROM_HERE = re.compile(r" from dashboard(?: \(([^)]*)\))?")


def sentence(run: RunSummary, waiting: Sequence[str], training: str | None) -> str:
    """What the run is doing or, if it does nothing, what to do next."""
    reason = FROM_HERE.sub(in_person, as_sentence(run.reason))
    parts = {
        "queued": in_queue(run.name, waiting, training),
        "running": reason or TRAINING,
        "paused": f"{reason or 'Paused.'} Press Resume to continue.",
        "stopping": reason or "Finishing the step and saving.",
        "finished": "All images were shown. Train longer goes on from here.",
        "stopped": set_aside(training) if run.code == SET_ASIDE else saved(reason),
        "failed": f"{reason} {way_out(run)}",
        "interrupted": f"{interrupted(reason)} Resume continues from the newest checkpoint.",
        "damaged": reason,
    }
    return parts[run.status] + elsewhere(run.owner)


def saved(reason: str) -> str:
    """A run that was stopped."""
    return f"{reason or 'Stopped.'} It is saved: Resume continues from here."


def in_person(found: re.Match[str]) -> str:
    """` from dashboard` as ` by you`; ` from dashboard (anna)`, who came through a proxy, as ` by anna`."""
    return f" by {found[1] or 'you'}"


def set_aside(training: str | None) -> str:
    """A paused run that left the machine to the next run of the queue."""
    if training is None:
        return "Paused by you, and saved. Resume continues from here."
    return f"Paused by you, and saved: {training} trains meanwhile. Resume lets this run wait for it."


def beside_verdict(sentence: str) -> str:
    """The sentence where a verdict says more than that the run is training."""
    return sentence.removeprefix(TRAINING).strip()


def way_out(run: RunSummary) -> str:
    """What to do about a failed run. A NaN loss would be NaN again at the same step: training is deterministic."""
    if run.code == NOT_FINITE:
        return AFTER_NAN
    if run.code == FolderError.code:
        return "Correct the folder in the sidebar and start anew; if only its files were wrong, press Resume."
    if run.code == DataChangedError.code:
        return "Put the old data back and press Resume, or start anew with the present ones."
    if run.code == DataError.code:
        return "Start anew with other data by a button below, or press Resume to try this data once more."
    return f"Remove the cause, then press Resume: {beginning(run)}."


def needs_other_settings(run: RunSummary) -> bool:
    """Whether a run failed because of its settings, which cannot be changed any more."""
    return run.status == "failed" and run.code in (NOT_FINITE, FolderError.code, DataError.code, DataChangedError.code)


def beginning(run: RunSummary) -> str:
    """Where a failed run continues."""
    return "it continues from the newest checkpoint" if run.images_seen else "it begins from the start"


def in_queue(run: str, waiting: Sequence[str], training: str | None) -> str:
    """Why a queued run does not train yet."""
    if run == training:
        return "Starting."
    if run not in waiting:
        return "It waited in the queue of a server that has exited. Press Resume to queue it again."
    before = waiting[: waiting.index(run)]
    if not training and not before:
        return "Starting."
    ahead = (training, *before) if training else before
    others = len(ahead) - 1
    return (
        f"It starts when {ahead[0]}{f' and {others} more' if others else ''} {'have' if others else 'has'} ended or "
        "paused."
    )


def interrupted(reason: str) -> str:
    """The reason that the trainer gave. A trainer that was killed gives none."""
    return reason or "Its trainer ended without a message, for example because it was killed."


def elsewhere(owner: Owner | None) -> str:
    """Names the trainer if it is not this dashboard."""
    return "" if owner is None or owner.pid == os.getpid() else f" Trained by {owner}."


def no_picture(state: Status) -> str:
    """Why there is no picture."""
    if state in NEED_A_TRAINER:
        return "The first picture, pure noise, appears in a moment."
    return (
        "The first picture appears when this run starts." if state == "queued" else "It ended before its first picture."
    )


def no_curve(state: Status) -> str:
    """Why there are no losses."""
    if state in NEED_A_TRAINER:
        return "The first losses appear in a moment."
    return "The losses appear when this run starts." if state == "queued" else "It ended before its first step."


def computed_with(record: Mapping[str, Any]) -> str:
    """The data set, device and precision of a run that has begun."""
    resolved = record["resolved"]
    threads = threads_of(resolved, record["config"]["train"]["threads"])
    source = str(resolved["data_source"]).rstrip(".")
    return f"Data: {source}. Computed in {resolved['precision']} on {resolved['device']}{threads}."


def threads_of(resolved: Mapping[str, Any], fixed: int) -> str:
    """The threads that a run began with; if the configuration does not fix their number, it follows the load."""
    count = resolved["threads"]
    if resolved["device"] != "cpu":
        return ""
    if fixed or count == 1:
        return f", {count} thread{'' if count == 1 else 's'}"
    return f", {count} threads, fewer while other programs need the processors"

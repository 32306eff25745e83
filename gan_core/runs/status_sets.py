"""What the statuses of a run have in common. Torch-free."""

from gan_core.runs.history import Status

NEED_A_TRAINER: tuple[Status, ...] = ("running", "paused", "stopping")  # a living process must be training the run
ACTIVE: tuple[Status, ...] = ("queued", *NEED_A_TRAINER)  # new snapshots and sample grids may still come
TAKE_REQUESTS: tuple[Status, ...] = ("running", "paused")  # the trainer can be asked to pin, to extend, to stop
WRITING: tuple[Status, ...] = ("running", "stopping")  # files of the run folder change all the time
CAN_RESUME: tuple[Status, ...] = ("interrupted", "stopped", "failed", "finished", "queued")
SET_ASIDE = "set_aside"  # the code of a stopped run that was paused and left the machine to the next run
ENDED_IN_ORDER: tuple[Status, ...] = ("finished", "stopped")

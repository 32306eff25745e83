"""What the statuses of a run have in common. Torch-free."""

from gan_core.runs.history import State

NEED_A_TRAINER: tuple[State, ...] = ("running", "paused", "stopping")  # a living process must be training the run
ACTIVE: tuple[State, ...] = ("queued", *NEED_A_TRAINER)  # new snapshots and sample grids may still come
TAKE_REQUESTS: tuple[State, ...] = ("running", "paused")  # the trainer can be asked to pin, to extend, to stop
WRITING: tuple[State, ...] = ("running", "stopping")  # files of the run folder change all the time
CAN_RESUME: tuple[State, ...] = ("interrupted", "stopped", "failed", "finished", "queued")
ENDED_IN_ORDER: tuple[State, ...] = ("finished", "stopped")

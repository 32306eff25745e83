"""What can be wrong with a run, each in one sentence for the user."""


class RunError(ValueError):
    """Something about a run that is not possible. The other errors of runs are special cases of it."""


class RunNameError(RunError):
    """A name that a run cannot have."""


class RunExistsError(RunError):
    """A name that another run has already."""


class RunMissingError(RunError):
    """A run, or a part of it, that does not exist."""


class RunDamagedError(RunError):
    """A run whose files cannot be read."""

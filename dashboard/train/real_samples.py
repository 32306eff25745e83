"""The real images beside the film: read in the background, once for each data set, and kept for all visitors."""

from typing import NamedTuple

from dashboard.app import services
from dashboard.ui.text import as_sentence
from gan_core.config import DataConfig
from gan_core.execution.jobs import Job
from gan_core.runs.store import RunStore, RunSummary

STATE = "train reals"
KEPT = 16  # data sets


class Real(NamedTuple):
    """A PNG in the form of a sample grid, or why there is none; neither while it is being read."""

    png: bytes = b""
    problem: str = ""


class Reading:
    """One data set being read for its grid; a problem is kept by the job."""

    def __init__(self, config: DataConfig) -> None:
        self.config, self.png = config, b""
        self.job = Job(f"gan-studio-real-{config.name}", self._read)

    def _read(self, job: Job) -> None:
        from gan_core.data.real_images import real_images  # imports torch
        from gan_core.pictures.render import GRID_SEEDS, grid, png

        self.png = png(grid(real_images(self.config, services.data_root(), len(GRID_SEEDS))))

    @property
    def real(self) -> Real:
        problem = self.job.problem
        return Real(self.png, "" if problem is None else as_sentence(str(problem)))


def of(store: RunStore, run: RunSummary) -> Real:
    """The real images of a run's data as far as they are here; the first call begins to read them."""
    config = store.config(run.name).data
    kept: dict[str, Reading] = services.process_state().setdefault(STATE, {})
    key = config.model_dump_json()
    if key not in kept:
        for old in list(kept)[: max(0, len(kept) + 1 - KEPT)]:
            kept.pop(old, None)
        kept[key] = Reading(config)
        kept[key].job.start()
    real = kept[key].real
    if real.problem:
        kept.pop(key, None)  # whoever comes next tries again: the data may be back
    return real

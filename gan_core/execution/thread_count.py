"""How many threads a run computes with: fewer while other programs need processors.

The threads of a step wait for each other. So a program that takes half of one processor halves the speed of all
threads, and a run that leaves a processor to it is faster. All of this is decided from time to time, between steps.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from statistics import fmean
from typing import NamedTuple

from gan_core.config import MOST_THREADS, RunConfig
from gan_core.numerics.device import processors
from gan_core.numerics.other_programs import OtherPrograms
from gan_core.runs.history import History
from gan_core.training.autotune import Resolved
from gan_core.training.trainer import Trainer

LOOK_SECONDS = 0.5
BUSY_LOOKS, FREE_LOOKS = 3, 6  # looks over which the mean counts: before giving processors away, and before taking them
BUSY_PROCESSORS = 0.5  # that others use beyond what is left to them: leave them more
IDLE_PROCESSORS = 0.35  # or fewer are what a desktop and a browser on our page use
TRIAL_SECONDS = 1.0
FIRST_TRIAL_SECONDS = 10.0  # before the first trial of all threads; each later wait is twice the one before
LONGEST_TRIAL_WAIT_SECONDS = 600.0
LONGEST_GAP_SECONDS = 5.0  # between two looks; after a longer one, as after a pause, old looks say nothing
WORTH_MORE = 1.15  # all threads must be this much faster than one

Used = Callable[[], float]  # the processors that others used since the last call
Clock = Callable[[], float]  # seconds


class ThreadCount:
    """The number of threads that pays now."""

    def __init__(self, best_when_idle: int, most: int, used: Used, clock: Clock = time.monotonic) -> None:
        """`best_when_idle` was measured before the first step: 1 or `most`."""
        self.best, self.most = best_when_idle, most
        self._used, self._clock = used, clock
        self._looked_at = clock()
        self._looks: deque[float] = deque(maxlen=FREE_LOOKS)  # processors that others used
        self._mark: Mark | None = None  # when the present number of threads began on an idle machine
        self._before_trial: float | None = None  # steps a second with one thread, while all are tried
        self._trial_wait = FIRST_TRIAL_SECONDS
        self._trial_at = clock() + self._trial_wait

    def look(self, step: int, threads: int) -> int:
        """The number of threads for the steps after `step`; it is `threads` now. Called after every step."""
        now = self._clock()
        if now < self._looked_at + LOOK_SECONDS:
            return threads
        if now > self._looked_at + LONGEST_GAP_SECONDS:  # the run was paused
            self._mark = None
            self._looks.clear()
        self._looked_at = now
        wanted = self._decide(Mark(now, step), threads, self._used())
        if wanted != threads:
            self._mark = None
        return wanted

    def _decide(self, mark: "Mark", threads: int, used: float) -> int:
        self._looks.append(used)
        lately = fmean(list(self._looks)[-BUSY_LOOKS:])
        if len(self._looks) >= BUSY_LOOKS and lately > self.most - threads + BUSY_PROCESSORS:
            self._mark = self._before_trial = None
            return min(threads, self._beside(lately))
        if used >= IDLE_PROCESSORS:  # a speed beside other programs is compared with nothing
            was_trial, self._mark, self._before_trial = self._before_trial is not None, None, None
            if was_trial:
                return self.best
        else:
            self._mark = self._mark or mark
            if self._before_trial is not None:
                return self._end_trial(mark, threads, self._before_trial)
            if threads == self.best < self.most and self._is_time_for_a_trial(mark):
                self._before_trial = mark.speed_since(self._mark)
                return self.most
        return self._taken_back(threads)

    def _taken_back(self, threads: int) -> int:
        """As many as others leave, if that are more than now."""
        if len(self._looks) < FREE_LOOKS or threads >= self.best:
            return min(threads, self.best)
        return max(threads, min(self.best, self._beside(fmean(self._looks))))

    def _beside(self, used: float) -> int:
        """How many threads leave to others the processors that they use."""
        return max(1, self.most - math.ceil(max(0.0, used - IDLE_PROCESSORS)))

    def _is_time_for_a_trial(self, mark: "Mark") -> bool:
        assert self._mark is not None
        return mark.seconds >= max(self._trial_at, self._mark.seconds + TRIAL_SECONDS)

    def _end_trial(self, mark: "Mark", threads: int, before: float) -> int:
        """Keep all threads if they are worth it: one was chosen beside another program, perhaps."""
        assert self._mark is not None
        if mark.seconds < self._mark.seconds + TRIAL_SECONDS:
            return threads
        self._before_trial = None
        self._trial_wait = min(2 * self._trial_wait, LONGEST_TRIAL_WAIT_SECONDS)
        self._trial_at = mark.seconds + self._trial_wait
        if mark.speed_since(self._mark) >= WORTH_MORE * before:
            self.best = self.most
        return self.best


class Mark(NamedTuple):
    """A time on the clock, and the step of the training then."""

    seconds: float
    step: int

    def speed_since(self, before: "Mark") -> float:
        """Steps a second between the two."""
        return (self.step - before.step) / max(self.seconds - before.seconds, 1e-9)


class ThreadsOfRun:
    """The threads of one training: first those that its history asks for again, then those that pay.

    A change is written down before a step is computed with it. So a run that resumes an earlier checkpoint, as after a
    kill, computes the steps that it had computed with the same numbers of threads, and gets the same bits.
    """

    def __init__(self, trainer: Trainer, history: History, computed_steps: int, count: ThreadCount | None) -> None:
        """`computed_steps` had been computed by earlier trainings; `count` is None if the configuration fixes it."""
        self._trainer, self._history, self._count = trainer, history, count
        choices = history.thread_choices.all()
        step = trainer.state.step
        self._again = {choice.step: choice.threads for choice in choices if choice.step > step}
        self._again_until = max([computed_steps, *self._again])
        for choice in choices:
            if choice.step <= step:
                trainer.compute_with(choice.threads)

    def after_step(self) -> None:
        """Choose the number of threads for the next step."""
        step = self._trainer.state.step
        if step < self._again_until or self._count is None:
            wanted = self._again.get(step, self._trainer.threads)
        else:
            wanted = self._count.look(step, self._trainer.threads)
        if wanted == self._trainer.threads:
            return
        if step not in self._again:
            self._history.thread_choices.add(step, wanted)
        self._trainer.compute_with(wanted)


def count_for(config: RunConfig, resolved: Resolved) -> ThreadCount | None:
    """What chooses the threads of a run; None if there is no choice."""
    most = min(processors(), MOST_THREADS)
    if resolved.device != "cpu" or config.train.threads or most == 1:
        return None
    return ThreadCount(1 if resolved.threads == 1 else most, most, OtherPrograms().processors_used)

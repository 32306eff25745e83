"""How much of the processors other programs use."""

import os
import time

import psutil

USED = ("user", "system", "irq", "softirq", "steal")  # kinds of time that psutil names; without "nice"


class OtherPrograms:
    """The other programs on the processors that this process may use, since the last question."""

    def __init__(self) -> None:
        self._before = self._clocks()

    def processors_used(self) -> float:
        """How many processors they used, on average since the last call or since the start.

        Programs of a low priority do not count: they use what is left over.
        """
        now = self._clocks()
        seconds, used, own = (after - before for after, before in zip(now, self._before, strict=True))
        self._before = now
        return max(0.0, used - own) / max(seconds, 1e-9)

    @staticmethod
    def _clocks() -> tuple[float, float, float]:
        """Seconds: of the clock, of the processors together that were used, and of those that this process used."""
        affinity = getattr(os, "sched_getaffinity", None)  # Linux only
        times = psutil.cpu_times(percpu=True)
        mine = [times[number] for number in affinity(0) if number < len(times)] if affinity else times
        used = sum(sum(getattr(each, kind, 0.0) for kind in USED) for each in mine)
        return time.monotonic(), used, time.process_time()

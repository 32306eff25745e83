"""The process that measures snapshots beside a training: `python -m gan_core.execution.evaluator_process ROOT RUN`.

It reads one line per request from its standard input and answers each `measure` with one line of JSON:

    measure IMAGES_SEEN    answer {"measurements": [[name, value, low, high, n], ...]} or {"problem": "why not"}
    hurry SECONDS          the training has ended: do not rest, and end after SECONDS

It ends when its standard input closes, also in the middle of a snapshot. It writes to no file, computes with one thread
at the lowest priority, and rests most of the time: a training beside it must not become slower.
"""

import json
import math
import os
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

from gan_core.execution.jobs import Event, Job, take_lowest_priority

BUSY_SHARE = 0.1  # of the time in which it computes while the run trains


class EndedError(Exception):
    """The process that trains does not need the measurements any more."""


class Requests:
    """The requests in a stream, which a thread reads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._to_measure: SimpleQueue[int | None] = SimpleQueue()
        self._hurry = Event()
        self._deadline = math.inf
        self._batch_began = 0.0
        Job("requests", self._read).start()

    def _read(self, job: Job) -> None:
        for line in self._stream:
            word, number = line.split()
            if word == "measure":
                self._to_measure.put(int(number))
            else:
                self._deadline = time.monotonic() + float(number)
                self._hurry.set()
        self._deadline = 0.0
        self._hurry.set()
        self._to_measure.put(None)

    def next_snapshot(self) -> int | None:
        """Wait for a snapshot to measure; None if there will be none."""
        images_seen = self._to_measure.get()
        self._batch_began = time.process_time()
        return images_seen

    def rest(self) -> None:
        """Rest in proportion to the processor time since the last rest. Raises EndedError after the end."""
        computed = time.process_time() - self._batch_began
        self._hurry.wait(computed * (1 - BUSY_SHARE) / BUSY_SHARE)
        if time.monotonic() > self._deadline:
            raise EndedError
        self._batch_began = time.process_time()


def main(root: str, run: str) -> None:
    take_lowest_priority()
    requests = Requests(sys.stdin)
    from gan_core.evaluation.evaluate import evaluate_snapshot  # imports torch
    from gan_core.numerics.device import use_threads
    from gan_core.runs.store import CheckpointError, HistoryError, RunError, RunStore

    use_threads(1)
    store = RunStore(Path(root))
    while (images_seen := requests.next_snapshot()) is not None:
        try:
            answer: object = {"measurements": evaluate_snapshot(store, run, images_seen, on_batch=requests.rest)}
        except EndedError:
            return
        except (RunError, CheckpointError, HistoryError) as problem:  # deleted or damaged
            answer = {"problem": str(problem)}
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # the thread may wait for a line: Python cannot shut down in order while it does

"""The process that measures snapshots beside a training: `python -m gan_core.execution.evaluator_process`.

It reads one request per line of JSON from its standard input:

    ["measure", ROOT, RUN, IMAGES_SEEN]    it answers {"measurements": [[name, value, low, high, n], ...]} or
                                           {"problem": "why not"}, one line of JSON
    ["rest"]                               a run trains: rest most of the time
    ["hurry"]                              no run trains: do not rest

It ends when its standard input closes, also in the middle of a snapshot. It writes to no file, computes with one thread
at the lowest priority, and rests most of the time: a training beside it must not become slower.
"""

import json
import os
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

from gan_core.execution.jobs import Event, Job

BUSY_SHARE = 0.1  # of the time in which it computes while a run trains
START_NICENESS = 5  # the imports take seconds of processor time once; at the lowest priority they would take minutes
LOWEST_NICENESS = 19  # 1.5 % of a processor that a training wants for itself


class EndedError(Exception):
    """The process that trains has ended."""


class Requests:
    """The requests in a stream, which a thread reads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._to_measure: SimpleQueue[tuple[str, str, int] | None] = SimpleQueue()
        self._hurry = Event()
        self._ended = False
        self._batch_began = 0.0
        Job("requests", self._read).start()

    def _read(self, job: Job) -> None:
        for line in self._stream:
            word, *arguments = json.loads(line)
            if word == "measure":
                self._to_measure.put(tuple(arguments))
            elif word == "hurry":
                self._hurry.set()
            else:
                self._hurry.clear()
        self._ended = True
        self._hurry.set()
        self._to_measure.put(None)

    def next_snapshot(self) -> tuple[str, str, int] | None:
        """Wait for a snapshot to measure: its store, run and images seen. None if there will be none."""
        request = self._to_measure.get()
        self._batch_began = time.process_time()
        return request

    def rest(self) -> None:
        """Rest in proportion to the processor time since the last rest. Raises EndedError after the end."""
        computed = time.process_time() - self._batch_began
        self._hurry.wait(computed * (1 - BUSY_SHARE) / BUSY_SHARE)
        if self._ended:
            raise EndedError
        self._batch_began = time.process_time()


def lower_priority(niceness: int) -> None:
    """Let this process compute when no other process wants the processor, as far as the system can do that."""
    if hasattr(os, "nice"):
        os.nice(niceness - os.nice(0))


def main() -> None:
    lower_priority(START_NICENESS)
    requests = Requests(sys.stdin)
    from gan_core.evaluation.evaluate import evaluate_snapshot  # imports torch
    from gan_core.numerics.device import use_threads
    from gan_core.runs.store import CheckpointError, HistoryError, RunError, RunStore

    use_threads(1)
    lower_priority(LOWEST_NICENESS)
    while (request := requests.next_snapshot()) is not None:
        root, run, images_seen = request
        try:
            store = RunStore(Path(root))
            answer: object = {"measurements": evaluate_snapshot(store, run, images_seen, on_batch=requests.rest)}
        except EndedError:
            return
        except (RunError, CheckpointError, HistoryError) as problem:  # deleted or damaged
            answer = {"problem": str(problem)}
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
    os._exit(0)  # the thread may wait for a line: Python cannot shut down in order while it does

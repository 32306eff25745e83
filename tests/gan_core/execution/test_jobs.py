"""Threads: no result is lost, a job can be cancelled, no wake-up is missed."""

import subprocess
import sys
from threading import Event

from gan_core.execution.jobs import Job, Signal


def test_a_job_does_its_work_and_ends() -> None:
    done = Event()
    job = Job("work", lambda job: done.set()).start()
    assert job.wait(5)
    assert done.is_set()
    assert job.problem is None


def test_an_exception_in_a_job_is_kept_with_its_trace() -> None:
    def fail(job: Job) -> None:
        raise ValueError("the reason")

    job = Job("work", fail).start()
    assert job.wait(5)
    assert isinstance(job.problem, ValueError)
    assert "the reason" in job.trace


def test_a_cancelled_job_ends_soon() -> None:
    job = Job("work", lambda job: print(job.cancelled.wait(30))).start()
    assert job.running
    job.cancel()
    job.cancel()
    assert job.wait(5)


def test_a_job_that_was_never_started_is_over() -> None:
    assert Job("work", lambda job: None).wait(0)


def test_a_signal_between_two_waits_is_not_missed() -> None:
    signal = Signal()
    seen = signal.wait(0, timeout_seconds=0)
    signal.notify()
    assert signal.wait(seen, timeout_seconds=0) == seen + 1


BUSY = """
import torch
from gan_core.execution.jobs import Job

def compute(job):
    while not job.cancelled.is_set():
        torch.rand(400, 400) @ torch.rand(400, 400)
    print("ended in good order", flush=True)

Job("busy", compute).start()
"""


def test_a_process_that_ends_while_a_job_computes_ends_in_good_order() -> None:
    process = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=60, check=False)

    assert (process.returncode, process.stdout, process.stderr) == (0, "ended in good order\n", "")

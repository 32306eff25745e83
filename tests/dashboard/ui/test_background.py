"""Background tasks: progress, results, failures, cancelling, and how many are kept."""

import pytest

from dashboard.ui.background import Task, Tasks
from gan_core.execution.jobs import Event
from tests.waiting import eventually


@pytest.fixture
def tasks() -> Tasks[int]:
    return Tasks(most=2)


def ended(task: Task[int]) -> Task[int]:
    eventually(lambda: not task.running, "the task ended")
    return task


def test_a_task_is_started_once_and_keeps_its_result(tasks: Tasks[int]) -> None:
    task = tasks.get_or_start("one", lambda task: 1)

    assert ended(task).result == 1
    assert tasks.get_or_start("one", lambda task: 2) is task
    assert tasks.running() == frozenset()


def test_a_failed_task_says_why(tasks: Tasks[int]) -> None:
    def fail(task: Task[int]) -> int:
        raise ValueError("there is no network")

    task = ended(tasks.restart("one", fail))

    assert (task.problem, task.result) == ("There is no network.", None)


def test_a_task_reports_its_progress_and_ends_when_it_is_cancelled(tasks: Tasks[int]) -> None:
    reported, go_on = Event(), Event()

    def work(task: Task[int]) -> int:
        task.report(0.5, "Half.")
        reported.set()
        go_on.wait(10)
        task.report(1.5, "All.")
        return 1

    task = tasks.restart("one", work)
    assert reported.wait(10)
    assert task.progress == (0.5, "Half.")
    assert tasks.running() == {"one"}

    tasks.forget("one")
    go_on.set()

    assert ended(task).result is None
    assert tasks.get("one") is None


def test_the_number_of_ended_tasks_changes_when_one_ends(tasks: Tasks[int]) -> None:
    ended(tasks.restart("one", lambda task: 1))
    ended(tasks.restart("one", lambda task: 2))

    eventually(lambda: tasks.ended == 2, "both are counted")


def test_the_oldest_ended_tasks_are_dropped(tasks: Tasks[int]) -> None:
    for number in range(4):
        ended(tasks.get_or_start(str(number), lambda task, number=number: number))  # type: ignore[misc]

    assert [tasks.get(str(number)) is not None for number in range(4)] == [False, False, True, True]

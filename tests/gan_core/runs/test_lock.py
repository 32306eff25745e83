"""The lock of a run: one trainer at a time, the error names it, and the run is free as soon as it is dead."""

import json
import os
import platform
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from gan_core.runs import lock
from gan_core.runs.lock import OwnedError, claim, living_owner


@contextmanager
def another_trainer(folder: Path) -> Iterator[int]:
    """A second process that claims the run and lives until the end of the block; gives its pid."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        held = claim(folder, "terminal")
        os.write(tell, b"!")
        signal.pause()
        held.release()
        os._exit(0)
    os.read(ready, 1)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(tell)


def write_owner(folder: Path, **changes: object) -> None:
    owner = {**asdict(lock.this_process("terminal")), **changes}
    (folder / "owner.json").write_text(json.dumps(owner))


def test_a_claim_names_this_process_until_it_is_released(tmp_path: Path) -> None:
    with claim(tmp_path, "dashboard") as held:
        assert living_owner(tmp_path) == held.owner
        assert held.owner.pid == os.getpid()
        assert held.owner.kind == "dashboard"

    assert living_owner(tmp_path) is None


def test_a_second_trainer_in_the_same_process_is_refused(tmp_path: Path) -> None:
    with claim(tmp_path, "dashboard"), pytest.raises(OwnedError):
        claim(tmp_path, "dashboard")


def test_a_second_trainer_is_refused_by_the_name_of_the_first(tmp_path: Path) -> None:
    run = tmp_path / "digits"
    run.mkdir()

    with another_trainer(run) as pid, pytest.raises(OwnedError) as caught:
        claim(run, "dashboard")

    assert str(caught.value) == (
        f"run digits is being trained by process {pid} on host {platform.node()} (a terminal); "
        "stop it there first, or wait"
    )


def test_a_refused_trainer_does_not_change_the_name_of_the_first(tmp_path: Path) -> None:
    with another_trainer(tmp_path) as pid:
        with pytest.raises(OwnedError):
            claim(tmp_path, "dashboard")

        owner = living_owner(tmp_path)

    assert owner is not None
    assert owner.pid == pid


def test_a_killed_trainer_that_is_a_zombie_counts_as_dead(tmp_path: Path) -> None:
    with another_trainer(tmp_path) as pid:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # dead, and left a zombie

        assert living_owner(tmp_path) is None


def test_the_run_of_a_killed_trainer_can_be_claimed(tmp_path: Path) -> None:
    with another_trainer(tmp_path) as pid:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

        with claim(tmp_path, "dashboard") as held:
            assert living_owner(tmp_path) == held.owner


def started_by_the_kernel(pid: int) -> int:
    """What earlier versions wrote to owner.json: field 22 of /proc/<pid>/stat, in clock ticks since boot."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="earlier versions read /proc")
def test_an_owner_written_by_an_earlier_version_is_alive_while_its_process_is(tmp_path: Path) -> None:
    write_owner(tmp_path, started=started_by_the_kernel(os.getpid()))

    assert living_owner(tmp_path) is not None
    assert abs(lock.this_process("terminal").started - started_by_the_kernel(os.getpid())) <= 200


def test_a_process_with_a_reused_pid_is_not_the_owner(tmp_path: Path) -> None:
    write_owner(tmp_path, started=1)

    assert living_owner(tmp_path) is None


def test_an_owner_from_before_the_last_boot_counts_as_dead(tmp_path: Path) -> None:
    write_owner(tmp_path, boot_id="another boot")

    assert living_owner(tmp_path) is None


@pytest.mark.parametrize(("age_seconds", "lives"), [(None, False), (5.0, True), (31.0, False)])
def test_an_owner_on_another_machine_is_alive_while_its_heartbeat_is_recent(
    tmp_path: Path, age_seconds: float | None, lives: bool
) -> None:
    write_owner(tmp_path, host="elsewhere")

    assert (living_owner(tmp_path, age_seconds) is not None) == lives


def test_a_run_that_trains_on_another_machine_is_refused(tmp_path: Path) -> None:
    write_owner(tmp_path, host="elsewhere")

    with pytest.raises(OwnedError, match="on host elsewhere"):
        claim(tmp_path, "terminal", heartbeat_age_seconds=5.0)


def test_a_refusal_for_another_machine_keeps_no_lock(tmp_path: Path) -> None:
    write_owner(tmp_path, host="elsewhere")
    with pytest.raises(OwnedError):
        claim(tmp_path, "terminal", heartbeat_age_seconds=5.0)

    claim(tmp_path, "terminal", heartbeat_age_seconds=60.0).release()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_damaged_owner_file_does_not_prevent_a_claim(tmp_path: Path, text: str) -> None:
    (tmp_path / "owner.json").write_text(text)

    assert living_owner(tmp_path) is None
    with claim(tmp_path, "terminal"):
        assert living_owner(tmp_path) is not None


def test_releasing_twice_does_not_release_the_claim_of_the_next_trainer(tmp_path: Path) -> None:
    first = claim(tmp_path, "terminal")
    first.release()
    second = claim(tmp_path, "terminal")

    first.release()

    assert living_owner(tmp_path) == second.owner
    second.release()


def test_a_claim_can_be_released_after_its_folder_was_removed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    held = claim(run, "terminal")
    shutil.rmtree(run)

    held.release()

    assert not run.exists()


def test_claiming_a_deleted_folder_does_not_create_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no run"):
        claim(tmp_path / "gone", "terminal")

    assert not (tmp_path / "gone").exists()


def test_a_claim_made_in_one_thread_is_released_in_another(tmp_path: Path) -> None:
    held = []
    thread = threading.Thread(target=lambda: held.append(claim(tmp_path, "dashboard")))
    thread.start()
    thread.join()

    held[0].release()

    claim(tmp_path, "dashboard").release()


def test_a_claim_deletes_partial_files_of_dead_trainers(tmp_path: Path) -> None:
    (tmp_path / f".partial-{2**22 + 1}-00-state").touch()

    with claim(tmp_path, "terminal"):
        assert list(tmp_path.glob(".partial-*")) == []


def test_an_owner_is_described_in_english() -> None:
    owner = replace(lock.this_process("importer"), pid=7, host="h")

    assert str(owner) == "process 7 on host h (an importer)"

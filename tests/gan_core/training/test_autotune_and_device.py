"""The choice of device, precision and threads, and the messages if they have changed since."""

import ctypes
import math
import os
import platform
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gan_core.config import Precision
from gan_core.data.source import DataChangedError
from gan_core.numerics.device import (
    DeviceError,
    autocast,
    choose_device,
    processors,
    use_threads,
    versions,
)
from gan_core.numerics.memory import give_back_freed_memory, glibc, keep_freed_memory
from gan_core.training import autotune as resolving
from gan_core.training.autotune import (
    Resolved,
    check_data,
    choices_for,
    differences,
    fastest,
    resolve,
    seconds_of_step,
)
from gan_core.training.trainer import Trainer
from tests.tiny import CPU, digits, tiny, trainer_of

pytestmark = pytest.mark.usefixtures("threads")  # the probe and `use_threads` change their number


@pytest.fixture
def hardware(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the machine have CUDA or MPS, or not."""

    def have(*, cuda: bool = False, mps: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return have


ROUNDING = "results may differ by rounding errors"


def resolved_of_digits(**overrides: object) -> Resolved:
    return resolve(tiny(**overrides), digits())


@pytest.mark.parametrize(("cuda", "mps", "chosen"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_auto_takes_cuda_then_mps_then_the_cpu(
    hardware: Callable[..., None], cuda: bool, mps: bool, chosen: str
) -> None:
    hardware(cuda=cuda, mps=mps)

    assert choose_device("auto") == torch.device(chosen)


def test_a_named_device_is_used(hardware: Callable[..., None]) -> None:
    hardware(cuda=True, mps=True)

    assert [choose_device(name).type for name in ("cpu", "mps", "cuda")] == ["cpu", "mps", "cuda"]


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_missing_device_is_refused_with_what_to_do(hardware: Callable[..., None], name: str) -> None:
    hardware()

    with pytest.raises(DeviceError, match=f"^train.device: {name} is not available on this machine; use 'auto' or"):
        choose_device(name)  # type: ignore[arg-type]  # one of its names


@pytest.mark.parametrize(("precision", "dtype"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)])
def test_only_the_networks_products_are_in_the_chosen_precision(precision: Precision, dtype: torch.dtype) -> None:
    weight = torch.ones(3, 3)

    with autocast(CPU, precision):
        product = weight @ weight

    assert product.dtype == dtype
    assert (weight @ weight).dtype == torch.float32


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """OMP_NUM_THREADS limits nothing."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.mark.usefixtures("unlimited")
def test_processors_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2, 5}, raising=False)

    assert processors() == 3


@pytest.mark.parametrize(("wanted", "count"), [("2", 2), ("8", 3), ("0", 3), ("", 3), ("2,1", 2), ("many", 3)])
def test_the_environment_can_limit_the_processors(monkeypatch: pytest.MonkeyPatch, wanted: str, count: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2, 5}, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)

    assert processors() == count


@pytest.mark.usefixtures("unlimited")
def test_without_information_of_the_system_all_processors_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert processors() == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1


def test_threads_are_used_from_the_call_on() -> None:
    use_threads(1)
    assert torch.get_num_threads() == 1
    use_threads(2)
    assert torch.get_num_threads() == 2


def test_freed_memory_is_kept_where_the_c_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda option, value: calls.append((option, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)

    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    glibc.cache_clear()
    keep_freed_memory()
    assert calls == []
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    glibc.cache_clear()
    keep_freed_memory()
    assert calls == [(-3, 1 << 30), (-1, 1 << 30)]
    glibc.cache_clear()


def test_freed_memory_is_given_back() -> None:
    keep_freed_memory()
    give_back_freed_memory()  # what the tests before have freed would be used again
    before = resident_megabytes()
    blocks = [torch.ones(250_000) for _ in range(200)]  # 200 MB
    guard = torch.ones(250_000)  # above them, so that they are inside the heap
    assert resident_megabytes() > before + 150
    del blocks
    give_back_freed_memory()

    assert resident_megabytes() < before + 50
    assert guard.sum() == 250_000


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_versions_name_all_that_exactness_depends_on() -> None:
    assert set(versions()) == {"python", "torch", "processor", "machine"}
    assert all(versions().values())
    assert versions()["torch"] == torch.__version__


def test_what_is_resolved_names_the_machine_and_the_data() -> None:
    resolved = resolved_of_digits(train__threads=2)

    assert (resolved.device, resolved.precision, resolved.threads) == ("cpu", "float32", 2)
    assert (resolved.data_size, resolved.data_source) == (1797, digits().source)
    assert resolved.data_sha256 == digits().sha256
    assert resolved.versions == versions()


@pytest.mark.parametrize("labels", [False, True])
def test_the_number_of_classes_is_that_of_the_networks(labels: bool) -> None:
    assert resolved_of_digits(data__labels=labels).classes == (tuple("0123456789") if labels else ())


def test_what_is_resolved_comes_back_from_json() -> None:
    resolved = resolved_of_digits()

    assert Resolved.model_validate_json(resolved.model_dump_json()) == resolved


def seconds_taking(table: dict[tuple[int, bool], list[float]]) -> Callable[[Trainer], float]:
    """A clock for the probe: the times of (threads, in bfloat16) one after the other, the last one over and over."""
    left = {choice: list(seconds) for choice, seconds in table.items()}

    def seconds_of(trainer: Trainer) -> float:
        with trainer.game.autocast():
            in_bfloat16 = (torch.ones(1, 1) @ torch.ones(1, 1)).dtype == torch.bfloat16
        seconds = left[trainer.threads, in_bfloat16]
        return seconds.pop(0) if len(seconds) > 1 else seconds[0]

    return seconds_of


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, int]]:
    """What comes out for a machine of four processors whose steps take the given seconds."""

    def outcome(table: dict[tuple[int, bool], list[float]], **overrides: object) -> tuple[str, int]:
        monkeypatch.setattr(resolving, "processors", lambda: 4)
        monkeypatch.setattr(resolving, "PROBE_SECONDS", 0.0)
        monkeypatch.setattr(resolving, "seconds_of_step", seconds_taking(table))
        resolved = resolved_of_digits(**overrides)
        return resolved.precision, resolved.threads

    return outcome


OPEN = {"train__precision": "auto", "train__threads": 0}
EQUAL = {(threads, in_bfloat16): [1.0] for threads in (1, 4) for in_bfloat16 in (False, True)}


def test_explicit_settings_are_not_timed(probe: Callable[..., tuple[str, int]]) -> None:
    assert probe({}, train__precision="bfloat16", train__threads=3) == ("bfloat16", 3)


def test_where_nothing_is_faster_one_thread_in_float32_is_taken(probe: Callable[..., tuple[str, int]]) -> None:
    assert probe(EQUAL, **OPEN) == ("float32", 1)


@pytest.mark.parametrize(("gain", "precision"), [(1.2, "bfloat16"), (1.06, "bfloat16"), (1.04, "float32")])
def test_bfloat16_is_taken_where_it_is_a_twentieth_faster(
    probe: Callable[..., tuple[str, int]], gain: float, precision: Precision
) -> None:
    times = {(1, False): [gain], (1, True): [1.0]}

    assert probe(times, train__precision="auto", train__threads=1) == (precision, 1)


@pytest.mark.parametrize(("gain", "threads"), [(3.5, 4), (1.16, 4), (1.14, 1), (0.1, 1)])
def test_all_processors_are_taken_where_they_are_worth_taking_them_from_the_page(
    probe: Callable[..., tuple[str, int]], gain: float, threads: int
) -> None:
    times = {(1, False): [gain], (4, False): [1.0]}

    assert probe(times, train__precision="float32", train__threads=0) == ("float32", threads)


def test_the_fastest_of_all_four_is_taken(probe: Callable[..., tuple[str, int]]) -> None:
    assert probe({**EQUAL, (4, True): [0.5]}, **OPEN) == ("bfloat16", 4)


def test_the_fastest_step_of_each_choice_counts(probe: Callable[..., tuple[str, int]]) -> None:
    assert probe({**EQUAL, (1, True): [100.0, 100.0, 0.5, 100.0]}, **OPEN) == ("bfloat16", 1)


def test_the_steps_of_a_choice_come_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    timed: list[int] = []

    def seconds_of(trainer: Trainer) -> float:
        timed.append(trainer.threads)
        return 1.0

    monkeypatch.setattr(resolving, "processors", lambda: 4)
    monkeypatch.setattr(resolving, "PROBE_SECONDS", 0.0)
    monkeypatch.setattr(resolving, "seconds_of_step", seconds_of)

    resolved_of_digits(train__precision="float32", train__threads=0)

    assert timed == [1, 1, 4, 4] * 3


def test_where_bfloat16_does_not_work_float32_is_taken(probe: Callable[..., tuple[str, int]]) -> None:
    broken = {(1, True): [math.inf], (4, True): [math.inf]}

    assert probe({**EQUAL, **broken, (4, False): [0.5]}, **OPEN) == ("float32", 4)


def test_a_step_that_the_device_does_not_support_is_never_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(trainer: Trainer) -> None:
        raise RuntimeError("not implemented for 'BFloat16'")

    monkeypatch.setattr(Trainer, "step", fail)

    assert seconds_of_step(trainer_of(tiny())) == math.inf


def test_threads_are_tried_on_the_cpu_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "processors", lambda: 4)
    config = tiny(**OPEN)

    assert choices_for(config, CPU) == [("float32", 1), ("float32", 4), ("bfloat16", 1), ("bfloat16", 4)]
    assert choices_for(config, torch.device("cuda")) == [("float32", 4), ("bfloat16", 4)]


def test_the_probe_takes_real_steps_and_leaves_the_shared_random_numbers_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolving, "PROBE_SECONDS", 0.0)
    config, before = tiny(data__labels=True, **OPEN), torch.random.get_rng_state()

    assert fastest(config, digits(), CPU) in choices_for(config, CPU)

    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_timed_step_is_a_whole_step() -> None:
    trainer = trainer_of(tiny())

    assert seconds_of_step(trainer) > 0
    assert trainer.state.step == 1


def test_the_same_machine_and_versions_make_no_difference() -> None:
    assert differences(resolved_of_digits()) == []


def test_each_change_of_machine_or_version_gets_a_sentence() -> None:
    resolved = resolved_of_digits()
    before = {**resolved.versions, "torch": "1.0", "processor": "ABACUS"}

    sentences = differences(resolved.model_copy(update={"versions": before}))

    assert sentences == [
        f"torch was 1.0 when the run began and is {torch.__version__} now: {ROUNDING}",
        f"processor was ABACUS when the run began and is {versions()['processor']} now: {ROUNDING}",
    ]


def test_the_data_that_a_run_began_with_are_accepted() -> None:
    resolved = resolved_of_digits()

    check_data(resolved, replace(digits()), "run")


def test_a_single_changed_pixel_is_refused_with_what_to_do() -> None:
    resolved, images = resolved_of_digits(), digits().images.clone()
    images[700, 0, 3, 3] += 1

    with pytest.raises(DataChangedError, match=r"data of run seven have changed .*; put the old data back, or start"):
        check_data(resolved, replace(digits(), images=images), "seven")

"""How long the server takes for the table of the Runs page: 10, 100 and 1,000 runs that were trained for a moment.

`python -m benchmarks.runs_table` makes the runs in a temporary folder. The first answer of a server reads every run;
later ones read only the times of its files. The page asks for the table once, and again when a run has changed.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.report import Figure, report
from dashboard.runs import table_data
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train

COUNTS = (10, 100, 1_000)
ANSWERS = 9
BUDGET_MILLISECONDS = 300


def main() -> None:
    """Make the runs, measure, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(Path(folder) / str(count), count) for count in COUNTS]
    report("The table of runs", rows, [f"Budget for 1,000 runs: {BUDGET_MILLISECONDS} ms."])


def measure(folder: Path, count: int) -> dict[str, Figure]:
    """The times for so many runs."""
    make_runs(RunStore(folder), count)
    store = RunStore(folder)
    first, _ = timed(lambda: answer(store))
    later = [timed(lambda: answer(store)) for _ in range(ANSWERS)]
    return {
        "runs": count,
        "first answer, ms": first,
        "later answers, ms (median)": median(taken for taken, _ in later),
        "size, kB": len(later[-1][1]) / 1000,
    }


def make_runs(store: RunStore, count: int) -> None:
    """Runs that differ in one setting, copied from eight that were trained."""
    trained = [store.create(tiny(optim__lr_g=10**-rate), f"rate-{rate}", "mlp") for rate in range(1, 9)]
    for run in trained:
        train(store, run)
    for number in range(count - len(trained)):
        shutil.copytree(store.folder(trained[number % len(trained)]), store.root / f"copy-{number}")


def answer(store: RunStore) -> bytes:
    """What the server sends."""
    return json.dumps(table_data.table(store)).encode()


def timed(act: Callable[[], bytes]) -> tuple[float, bytes]:
    """Milliseconds that `act()` takes, and its result."""
    began = perf_counter()
    result = act()
    return 1000 * (perf_counter() - began), result


if __name__ == "__main__":
    main()

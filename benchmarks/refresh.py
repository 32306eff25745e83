"""The cost of one refresh of the live page for the server, for a short and a long run: python -m benchmarks.refresh

A new dashboard shows two runs of 1,000 and 10,000,000 logged steps. They do not train: this program writes their new
steps. After each write a websocket client requests the live part of the page, as a tab does, and waits until its script
has ended. Then it fetches what the components of the page fetch. So the time covers all work of the server and the
transfer. With `--before` another checkout is measured in turns with this one. Building the long run took 268 s on a
busy processor and 1.8 GB; with `--root` it is kept and used again.
"""

import argparse
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import torch
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.report import Figure, report
from benchmarks.viewer import Fetches, asking
from dashboard.train.run_signature import TICK_SECONDS
from gan_core.pictures.render import grid, png
from gan_core.presets import DEFAULT, preset
from gan_core.runs.history import SCALARS, History, curve_levels
from gan_core.runs.store import RunStore
from tests.browser.serving import REPOSITORY, Server

STEPS = (1_000, 10_000_000)
AT_ONCE = 1_000_000  # steps in one transaction
STEPS_A_SECOND = 100
DATA_SIZE = 60_000
EVENTS = 20
PATIENCE_SECONDS = 60
MOST_REFRESHES, EVERY_REFRESHES = 600, 100
WARM_UP = 5  # refreshes that do not count
BATCH = preset(DEFAULT).config.optim.batch_size
NOISE = (torch.arange(64 * 28 * 28) * 97 % 251).to(torch.uint8).view(64, 1, 28, 28)
NUMBERED = f"""WITH RECURSIVE
    numbered(step) AS (SELECT :first UNION ALL SELECT step + 1 FROM numbered WHERE step < :last)
    INSERT INTO steps SELECT 1, step, step * {BATCH}, step / {STEPS_A_SECOND}.0,
    {", ".join(f"1.0 + (step * {97 + 2 * place} % 1009) / 2000.0" for place in range(len(SCALARS)))} FROM numbered"""


def built(store: RunStore, steps: int) -> str:
    """The run with this many steps, made if it does not exist."""
    run = f"steps-{steps}"
    if run in {known.name for known in store.runs()}:
        return run
    store.create(preset(DEFAULT).config, run, DEFAULT)
    store.resolve(
        run, {"device": "cpu", "precision": "float32", "threads": 1, "data_size": DATA_SIZE, "data_source": "Nothing."}
    )
    with store.history(run) as history:
        history.begin_attempt(0, 0, 2 * steps * BATCH)
        fill(history, steps)
        last = {"step": steps, "images_seen": steps * BATCH, "seconds": steps / STEPS_A_SECOND}
        history.set_progress(**last, epoch=steps * BATCH // DATA_SIZE)
        for epoch in range(steps * BATCH // DATA_SIZE + 1):
            history.samples.add(epoch * DATA_SIZE, epoch, 1, epoch * DATA_SIZE // BATCH)
        for number in range(EVENTS):
            history.events.add("resumed", f"Resumed for the {number + 1}. time.", steps * BATCH * number // EVENTS)
    store.samples(run).add(steps * BATCH // DATA_SIZE * DATA_SIZE, 0, 1, steps, png(grid(NOISE)))
    return run


def fill(history: History, steps: int) -> None:
    """Insert steps 1..steps and their summaries with the SQL statements that a training run uses."""
    database = sqlite3.connect(history.path, isolation_level=None)
    for first in range(1, steps + 1, AT_ONCE):
        bounds = {"first": first, "last": min(steps, first + AT_ONCE - 1)}
        database.execute("BEGIN IMMEDIATE")
        database.execute(NUMBERED, bounds)
        curve_levels.roll_up(database, bounds["first"], bounds["last"])
        database.execute("COMMIT")
    database.close()


@contextmanager
def seeming_to_train(store: RunStore, run: str) -> Iterator[Callable[[], None]]:
    """Own the run, with the status running. Yields a function that writes the steps of half a second."""
    with store.claim(run, "terminal"), store.history(run) as history:
        history.set_progress(status="running", images_per_second=float(BATCH * STEPS_A_SECOND))

        def go_on() -> None:
            step = history.progress().step
            history.append(1, [row(number) for number in range(step + 1, step + STEPS_A_SECOND // 2)])

        yield go_on
        history.set_progress(status="stopped")


def row(step: int) -> Mapping[str, float]:
    values = {name: 1.0 + (step * (97 + 2 * place) % 1009) / 2000 for place, name in enumerate(SCALARS)}
    return {"step": step, "images_seen": step * BATCH, "seconds": step / STEPS_A_SECOND, **values}


class Tab:
    """One tab, which refreshes its live part when `refresh` is called."""

    def __init__(self, connection: ClientConnection, port: int, run: str) -> None:
        self.connection, self.query, self.received, self.live = connection, f"run={run}", 0, ""
        self.fetches = Fetches(port, run)
        self.send("")
        while not self.live:  # the first visit to a new server is redirected
            self.finish()

    def refresh(self) -> float:
        """Milliseconds until the live part has run again."""
        began = time.perf_counter()
        self.send(self.live)
        self.finish()
        self.fetches.refresh()
        return 1000 * (time.perf_counter() - began)

    @property
    def bytes(self) -> int:
        return self.received + self.fetches.bytes

    def send(self, fragment: str) -> None:
        self.connection.send(asking(self.query, fragment))

    def finish(self) -> None:
        """Receive messages until a script has ended."""
        while True:
            data = self.connection.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "auto_rerun" and message.auto_rerun.interval == TICK_SECONDS:
                self.live = message.auto_rerun.fragment_id
            if kind == "script_finished":
                return


class Spent(NamedTuple):
    """What one refresh cost."""

    milliseconds: float
    processor_milliseconds: float  # of all threads of the server; other load on the processor does not change it
    bytes: int


@contextmanager
def opened(server: Server, run: str) -> Iterator[Tab]:
    address = f"ws://localhost:{server.port}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as connection:
        yield Tab(connection, server.port, run)


def processor_milliseconds(pid: int) -> float:
    """The processor time of all threads of a process, ended ones included; Linux only.

    The number of another process's clock is computed as in clock_getcpuclockid(3), which Python lacks.
    """
    return time.clock_gettime((~pid << 3) | 2) * 1_000


def cost(server: Server, tab: Tab) -> Spent:
    """One refresh, and what it cost."""
    before, size = processor_milliseconds(server.pid), tab.bytes
    milliseconds = tab.refresh()
    return Spent(milliseconds, processor_milliseconds(server.pid) - before, tab.bytes - size)


class Trainer:
    """A process of a checkout that makes its runs and writes new steps on request, as if it trained them."""

    def __init__(self, code: Path, root: Path, lengths: Sequence[int]) -> None:
        command = [sys.executable, "-c", TRAINER, str(root), *map(str, lengths)]
        self.process = subprocess.Popen(command, cwd=code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer()

    def go_on(self, steps: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        self.answer()

    def answer(self) -> None:
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "done\n":
            raise RuntimeError("the process that seems to train has ended")

    def close(self) -> None:
        self.process.communicate(timeout=PATIENCE_SECONDS)


TRAINER = """
import sys
from contextlib import ExitStack
from pathlib import Path
import benchmarks.refresh as refresh

store = refresh.RunStore(Path(sys.argv[1]))
runs = {steps: refresh.built(store, steps) for steps in map(int, sys.argv[2:])}
with ExitStack() as stack:
    go_on = {steps: stack.enter_context(refresh.seeming_to_train(store, run)) for steps, run in runs.items()}
    print("done", flush=True)
    for line in sys.stdin:
        go_on[int(line)]()
        print("done", flush=True)
"""


class Version(NamedTuple):
    """One checkout: its server, the process that writes its runs, and a tab for each run."""

    name: str
    server: Server
    trainer: Trainer
    tabs: Mapping[int, Tab]


@contextmanager
def version(name: str, code: Path, folder: Path, lengths: Sequence[int]) -> Iterator[Version]:
    server = Server(folder / name, code=code)
    server.root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        trainer = Trainer(code, server.root, lengths)
        stack.callback(trainer.close)
        stack.callback(server.close)
        server.start()
        tabs = {steps: stack.enter_context(opened(server, f"steps-{steps}")) for steps in lengths}
        yield Version(name, server, trainer, tabs)


def measure(versions: Sequence[Version], rounds: int) -> list[dict[str, Figure]]:
    """Refresh all runs of all versions in turns, so that other load on the machine affects all of them alike."""
    spent: dict[tuple[str, int], list[Spent]] = {(each.name, steps): [] for each in versions for steps in each.tabs}
    for number in range(WARM_UP + rounds):
        for each in versions:
            for steps, tab in each.tabs.items():
                each.trainer.go_on(steps)
                found = cost(each.server, tab)
                if number >= WARM_UP:
                    spent[each.name, steps].append(found)
    return [
        {"version": name, **figures(steps, costs, spent[name, min(steps for _, steps in spent)])}
        for (name, steps), costs in spent.items()
    ]


def figures(steps: int, costs: Sequence[Spent], shortest: Sequence[Spent]) -> dict[str, Figure]:
    """One row of the table."""
    times = [entry.milliseconds for entry in costs]
    processor, base = (median(entry.processor_milliseconds for entry in entries) for entries in (costs, shortest))
    return {
        "logged steps": steps,
        "median ms": median(times),
        "90th percentile ms": quantiles(times, n=10)[-1],
        "to the shortest": median(times) / median(entry.milliseconds for entry in shortest),
        "processor ms": processor,
        "processor, to the shortest": processor / base,
        "KB": median(entry.bytes for entry in costs) / 1000,
    }


def memory_grows(version: Version) -> list[dict[str, Figure]]:
    """The memory of the server while one tab shows a run that keeps training."""
    rows: list[dict[str, Figure]] = []
    shortest = min(version.tabs)
    for refreshes in range(MOST_REFRESHES + 1):
        if refreshes % EVERY_REFRESHES == 0:
            rows.append({"refreshes": refreshes, "resident MB": resident_megabytes(version.server.pid)})
        version.trainer.go_on(shortest)
        version.tabs[shortest].refresh()
    return rows


def resident_megabytes(pid: int) -> float:
    """The resident memory of a process; Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--root", type=Path, help="folder in which the runs are kept for the next time")
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--steps", type=int, nargs="+", default=STEPS, help="the lengths of the runs")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = chosen.root or Path(temporary)
        codes = {"now": REPOSITORY, **({"before": chosen.before} if chosen.before else {})}
        began = time.perf_counter()
        versions = [stack.enter_context(version(name, code, folder, chosen.steps)) for name, code in codes.items()]
        seconds = time.perf_counter() - began
        rows = measure(versions, chosen.rounds)
        memory = memory_grows(versions[0])
    report("refresh of the live page, by the length of the run", rows, [f"the runs were there after {seconds:.0f} s"])
    report("memory of the server while one tab refreshes the live page", memory)


if __name__ == "__main__":
    main()

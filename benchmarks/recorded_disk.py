"""A disk as a process has written it, from a record of strace, and as it may be after a power cut.

What was synced before the cut is there. Of everything else any part may be missing, in any order, and a write may be
torn at a sector of 512 bytes. A rename within one folder happens whole or not at all.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
MARK = "saved at"  # on stdout, before a number: everything up to there must last
TORN = 0.2  # share of the unsynced writes


@dataclass
class Node:
    """A file or a folder; `changes` are the places in the record of what was done to it, `syncs` those of its syncs."""

    folder: bool
    changes: list[int] = field(default_factory=list)
    syncs: list[int] = field(default_factory=list)


@dataclass
class Change:
    """One call. Of a file: bytes at an offset, or a length (offset -1). Of a folder: a name gets or loses a node."""

    node: int
    offset: int = 0
    data: bytes = b""
    length: int = 0
    name: str = ""
    target: int = -1  # -1: the name is removed
    also: str = ""  # of a rename: the name that is removed with it


class Disk:
    """The record as changes of nodes, in the order in which the calls returned."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.nodes = [Node(folder=True)]
        self.names: dict[tuple[int, str], int] = {}  # (folder, name) -> node, as the run saw it
        self.changes: list[Change] = []
        self.marks: list[tuple[int, int]] = []  # (place, images seen)
        self.open: dict[int, tuple[int, int]] = {}  # descriptor -> (node, position)

    def find(self, path: str) -> tuple[int, str, int]:
        """The folder, the name in it, and the node of a path below the root; -1 for what does not exist."""
        parts = Path(path).relative_to(self.root).parts
        folder = 0
        for part in parts[:-1]:
            folder = self.names.get((folder, part), -1)
        name = parts[-1] if parts else ""
        return folder, name, self.names.get((folder, name), -1) if parts else 0

    def new(self, folder: int, name: str, is_folder: bool) -> int:
        self.nodes.append(Node(is_folder))
        self.names[folder, name] = node = len(self.nodes) - 1
        self.change(Change(folder, name=name, target=node))
        return node

    def change(self, change: Change) -> None:
        self.nodes[change.node].changes.append(len(self.changes))
        self.changes.append(change)

    def take(self, call: str, arguments: Sequence[str], result: int) -> None:
        """Add one call that has succeeded."""
        if call in ("openat", "open", "creat"):
            self.take_open(arguments[1 if call == "openat" else 0], arguments, result)
        elif call == "mkdir" and (path := self.inside(arguments[0])):
            folder, name, node = self.find(path)
            if node < 0:
                self.new(folder, name, is_folder=True)
        elif call == "rename" and (source := self.inside(arguments[0])):
            self.take_rename(source, unescaped(arguments[1]).decode())
        elif call in ("unlink", "rmdir") and (path := self.inside(arguments[0])):
            folder, name, _ = self.find(path)
            self.names.pop((folder, name), None)
            self.change(Change(folder, name=name))
        elif call == "write" and arguments[0] == "1":
            self.take_mark(unescaped(arguments[1]))
        elif arguments and arguments[0].isdigit() and int(arguments[0]) in self.open:
            self.take_descriptor(call, int(arguments[0]), arguments, result)

    def inside(self, text: str) -> str:
        path = unescaped(text).decode(errors="replace")
        return path if path == str(self.root) or path.startswith(f"{self.root}/") else ""

    def take_open(self, text: str, arguments: Sequence[str], descriptor: int) -> None:
        path, flags = self.inside(text), " ".join(arguments)
        self.open.pop(descriptor, None)
        if not path or path.endswith("-shm"):  # shared memory: SQLite makes it anew
            return
        folder, name, node = self.find(path)
        if node < 0:
            node = self.new(folder, name, is_folder=False)
        elif "O_TRUNC" in flags:
            self.change(Change(node, offset=-1))
        self.open[descriptor] = (node, 0)

    def take_rename(self, source: str, target: str) -> None:
        folder, name, node = self.find(source)
        other, new_name, _ = self.find(target)
        assert folder == other, "a rename from one folder to another"
        del self.names[folder, name]
        self.names[folder, new_name] = node
        self.change(Change(folder, name=new_name, target=node, also=name))

    def take_mark(self, data: bytes) -> None:
        if found := re.match(rf"{MARK} (\d+)", data.decode(errors="replace")):
            self.marks.append((len(self.changes), int(found[1])))

    def take_descriptor(self, call: str, descriptor: int, arguments: Sequence[str], result: int) -> None:
        node, position = self.open[descriptor]
        if call == "close":
            del self.open[descriptor]
        elif call in ("fsync", "fdatasync"):
            self.nodes[node].syncs.append(len(self.changes))
        elif call == "lseek":
            self.open[descriptor] = (node, result)
        elif call == "write":
            self.change(Change(node, offset=position, data=unescaped(arguments[1])))
            self.open[descriptor] = (node, position + result)
        elif call == "pwrite64":
            self.change(Change(node, offset=int(arguments[3]), data=unescaped(arguments[1])))
        elif call == "ftruncate":
            self.change(Change(node, offset=-1, length=int(arguments[1])))


def unescaped(text: str) -> bytes:
    """A string of strace -xx as bytes."""
    return bytes.fromhex(text.strip('".').replace("\\x", ""))


def read_trace(trace: Path, root: Path) -> Disk:
    """The record of strace. Calls of several threads may be split into two lines each."""
    disk, begun = Disk(root), dict[str, str]()
    with trace.open() as lines:
        for line in lines:
            thread, _, text = line.rstrip("\n").partition(" ")
            text = text.lstrip()
            if text.endswith("<unfinished ...>"):
                begun[thread] = text.removesuffix("<unfinished ...>")
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>\s?", text):
                text = begun.pop(thread, "") + text[resumed.end() :]
            if found := re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", text):
                call, arguments, result = found[1], split_arguments(found[2]), int(found[3])
                if result >= 0:
                    disk.take(call, arguments, result)
    return disk


def split_arguments(text: str) -> list[str]:
    return [part.strip() for part in text.split(", ")]


def disk_after(disk: Disk, place: int, chance: random.Random, folder: Path) -> None:
    """Write one possible disk after a power cut at this place of the record into `folder`."""
    kept_share = chance.choice((0.0, 0.5, 0.9, 1.0))
    names: dict[int, dict[str, int]] = {}
    for number, node in enumerate(disk.nodes):
        if node.folder:
            names[number] = names_after(disk, node, place, kept_share, chance)
    write_folder(disk, 0, names, place, kept_share, chance, folder)


def lasting(node: Node, place: int) -> int:
    """Changes before this place of the record are on the disk for certain: they were synced before the cut."""
    return max((sync for sync in node.syncs if sync <= place), default=0)


def names_after(disk: Disk, node: Node, place: int, kept_share: float, chance: random.Random) -> dict[str, int]:
    names: dict[str, int] = {}
    for number in node.changes:
        if number >= place or (number >= lasting(node, place) and chance.random() >= kept_share):
            continue
        change = disk.changes[number]
        names.pop(change.also, None)
        if change.target >= 0:
            names[change.name] = change.target
        else:
            names.pop(change.name, None)
    return names


def bytes_after(disk: Disk, node: Node, place: int, kept_share: float, chance: random.Random) -> bytes:
    content = bytearray()
    for number in node.changes:
        if number >= place:
            break
        change = disk.changes[number]
        data = change.data
        if number >= lasting(node, place):
            if chance.random() >= kept_share:
                continue
            if chance.random() < TORN:
                data = data[: SECTOR * chance.randrange(len(data) // SECTOR + 1)]
        if change.offset < 0:
            del content[change.length :]
            content.extend(bytes(change.length - len(content)))
        elif data:
            content.extend(bytes(max(0, change.offset - len(content))))
            content[change.offset : change.offset + len(data)] = data
    return bytes(content)


def write_folder(
    disk: Disk,
    number: int,
    names: dict[int, dict[str, int]],
    place: int,
    kept_share: float,
    chance: random.Random,
    folder: Path,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in names[number].items():
        if disk.nodes[target].folder:
            write_folder(disk, target, names, place, kept_share, chance, folder / name)
        else:
            (folder / name).write_bytes(bytes_after(disk, disk.nodes[target], place, kept_share, chance))

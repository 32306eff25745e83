"""Malicious and damaged archives: each is refused with one sentence, and the runs are not changed."""

import hashlib
import json
import pickle
import sqlite3
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from gan_core.runs.archive import pack
from gan_core.runs.archive.manifest import ArchiveError
from gan_core.runs.store import RunStore
from tests.tiny_runs import tiny, train

RUN = "run"
TEN_GIGABYTES = 10_000_000_000
Files = dict[str, bytes]  # by their place in the run's folder, without the manifest


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What a packed run holds."""
    store = RunStore(tmp_path_factory.mktemp("source"))
    train(store, store.create(tiny(), RUN), 160)
    buffer = BytesIO()
    pack.write_archive(store, RUN, buffer)
    with zipfile.ZipFile(buffer) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/manifest.json")]
        return {name.partition("/")[2]: packed.read(name) for name in names}


@pytest.fixture
def store(root: Path) -> RunStore:
    """A folder of runs with one run in it."""
    store = RunStore(root)
    store.create(tiny(), "mine")
    return store


def manifest_of(files: Files) -> bytes:
    promises = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
    return json.dumps({"schema": 1, "kind": "gan-studio-run", "run": RUN, "files": promises}).encode()


def packed(
    files: Files, manifest: bytes | None = None, extra: list[tuple[zipfile.ZipInfo, bytes]] | None = None
) -> bytes:
    """An archive with an honest manifest, unless another is given, and further entries that it does not mention."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(f"{RUN}/{name}", data)
        made.writestr(f"{RUN}/manifest.json", manifest if manifest is not None else manifest_of(files))
        for info, data in extra or []:
            made.writestr(info, data)
    return buffer.getvalue()


def refusal(store: RunStore, data: bytes) -> str:
    """The one sentence that an archive is refused with; nothing may have changed."""
    before = sorted(path.relative_to(store.root) for path in store.root.rglob("*"))
    with pytest.raises(ArchiveError) as caught:
        pack.unpack(store, BytesIO(data))
    assert sorted(path.relative_to(store.root) for path in store.root.rglob("*")) == before
    sentence = str(caught.value)
    assert sentence.startswith("the file is refused, and nothing was written: it")
    assert "\n" not in sentence
    return sentence


def newest(files: Files, folder: str) -> str:
    return max(name for name in files if name.startswith(folder))


def test_the_untouched_archive_is_accepted(store: RunStore, files: Files) -> None:
    assert pack.unpack(store, BytesIO(packed(files))) == (RUN, RUN)


NAMES = {
    "/etc/passwd": "is an absolute path",
    "C:/Windows/x": "is an absolute path",
    "../outside": "is a path outside the run's folder",
    f"{RUN}/../outside": "is a path outside the run's folder",
    f"{RUN}/samples/../../outside": "is a path outside the run's folder",
    f"{RUN}\\..\\outside": "has a backslash",
    f"{RUN}/samples/x\n.png": "has a backslash or an unprintable character",
    "other/config.json": "is not in the folder of the run",
    f"{RUN}/evil.py": "is not a file of a run",
    f"{RUN}/state.pkl": "is not a file of a run",
    f"{RUN}/moments/000000000160.pt": "is not a file of a run",
    f"{RUN}/owner.json": "is not a file of a run",
    f"{RUN}/history.sqlite-wal": "is not a file of a run",
    f"{RUN}/config.json": "is there twice",
    f"{RUN}/samples/000000999999.png": "is only in the manifest, or only in the zip file",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_with_a_wrong_name_is_refused(store: RunStore, files: Files, name: str) -> None:
    sentence = refusal(store, packed(files, extra=[(zipfile.ZipInfo(name), b"x")]))

    assert NAMES[name] in sentence
    assert repr(name) in sentence or name.partition("/")[2] in sentence
    assert not (store.root.parent / "outside").exists()


def test_an_archive_with_an_invalid_run_name_is_refused(store: RunStore) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(".hidden/config.json", b"{}")

    assert "is not in the folder of the run" in refusal(store, buffer.getvalue())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(store: RunStore, files: Files, kind: int) -> None:
    info = zipfile.ZipInfo(f"{RUN}/samples/000000999999.png")
    info.external_attr = (kind | 0o777) << 16

    assert "is a link or a special file" in refusal(store, packed(files, extra=[(info, b"/etc/passwd")]))


def bomb(name: str, size_bytes: int) -> bytes:
    """One entry of so many zeros, as small as deflate makes them."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made, made.open(name, "w", force_zip64=True) as entry:
        zeros = bytes(1 << 20)
        for _ in range(size_bytes >> 20):
            entry.write(zeros)
    return buffer.getvalue()


def declared(data: bytes, size_bytes: int) -> bytes:
    """The same archive, which says in its list that every entry unpacks to so many bytes."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<L", size_bytes) + data[at + 28 :]


def test_a_bomb_of_ten_gigabytes_is_refused_before_it_is_unpacked(store: RunStore) -> None:
    small = bomb(f"{RUN}/history.sqlite", 64 << 20)
    huge = declared(small, 4_000_000_000)

    assert len(huge) < 200_000
    assert "would unpack to 4,000 MB; the limit is 2,000 MB" in refusal(store, huge)


def test_a_bomb_in_a_zip64_entry_is_refused(store: RunStore) -> None:
    info = zipfile.ZipInfo(f"{RUN}/history.sqlite")
    info.extra = struct.pack("<HHQQ", 1, 16, TEN_GIGABYTES, 100)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(info, b"x" * 100)
    data = buffer.getvalue()
    at = data.rindex(b"PK\x01\x02")
    data = data[: at + 20] + b"\xff" * 8 + data[at + 28 :]

    assert "would unpack to 10,000 MB" in refusal(store, data)


def test_many_files_with_too_large_a_sum_are_refused(store: RunStore) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(20):
            made.writestr(f"{RUN}/moments/{number:012d}.safetensors", bytes(1000))
    data = buffer.getvalue()
    for at in [place for place in range(len(data) - 4) if data[place : place + 4] == b"PK\x01\x02"]:
        data = data[: at + 24] + struct.pack("<L", 499_000_000) + data[at + 28 :]

    assert "would unpack to 10.0 GB" in refusal(store, data)


def test_unpacking_stops_at_the_declared_size(store: RunStore, files: Files) -> None:
    data = packed({name: data for name, data in files.items() if name != "history.sqlite"} | {"history.sqlite": b""})
    honest = manifest_of({**files, "history.sqlite": bytes(1000)})
    with zipfile.ZipFile(BytesIO(data)) as source:
        kept = {
            name: source.read(name) for name in source.namelist() if "history" not in name and "manifest" not in name
        }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in kept.items():
            made.writestr(name, content)
        made.writestr(f"{RUN}/manifest.json", honest)
        made.writestr(f"{RUN}/history.sqlite", bytes(64 << 20))
    lying = declared(buffer.getvalue(), 1000)

    assert "is a damaged zip file" in refusal(store, lying)


def test_an_entry_with_another_hash_than_in_the_manifest_is_refused(store: RunStore, files: Files) -> None:
    name = newest(files, "samples/")
    changed = bytes([*files[name][:-1], files[name][-1] ^ 1])

    sentence = refusal(store, packed({**files, name: changed}, manifest_of(files)))

    assert f"its entry '{RUN}/{name}' has another SHA-256 than the manifest says" in sentence


def test_an_entry_with_another_size_than_in_the_manifest_is_refused(store: RunStore, files: Files) -> None:
    sentence = refusal(store, packed({**files, "notes.json": b"{}  "}, manifest_of(files)))

    assert "its entry 'notes.json' has another size than the manifest says" in sentence


def test_an_archive_without_a_file_of_the_manifest_is_refused(store: RunStore, files: Files) -> None:
    name = newest(files, "samples/")
    without = {other: data for other, data in files.items() if other != name}

    assert "is only in the manifest, or only in the zip file" in refusal(store, packed(without, manifest_of(files)))
    assert f"names {name}, which is missing" in refusal(store, packed(without))


@pytest.mark.parametrize("needed", ["config.json", "history.sqlite", "manifest.json"])
def test_an_archive_without_the_files_of_a_run_is_refused(store: RunStore, files: Files, needed: str) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in {**files, "manifest.json": manifest_of(files)}.items():
            if name != needed:
                made.writestr(f"{RUN}/{name}", data)

    assert f"lacks {needed}, so it is not a run" in refusal(store, buffer.getvalue())


MANIFESTS = {
    "no JSON": b"{",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "newer": b'{"kind": "gan-studio-run", "schema": 2, "run": "run", "files": {}}',
    "of another kind": b'{"kind": "photos", "schema": 1, "run": "run", "files": {}}',
    "without a size": b'{"kind": "gan-studio-run", "schema": 1, "run": "run", "files": {"x": {"bytes": -1}}}',
    "of another run": b'{"kind": "gan-studio-run", "schema": 1, "run": "other", "files": {}}',
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_an_invalid_manifest_is_refused(store: RunStore, files: Files, kind: str) -> None:
    assert "its entry 'manifest.json'" in refusal(store, packed(files, MANIFESTS[kind]))


class Harm:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return Path.touch, (Path("harm"),)  # type: ignore[return-value]


@pytest.mark.parametrize("folder", ["moments/", "state-"])
def test_a_pickle_that_is_called_safetensors_is_refused_and_does_nothing(
    store: RunStore, files: Files, folder: str, elsewhere: Path
) -> None:
    data = pickle.dumps(Harm())
    name = newest(files, folder)
    place = name if folder == "moments/" else f"state-000000000160-{hashlib.sha256(data).hexdigest()[:12]}.safetensors"
    others = {other: content for other, content in files.items() if other != name}

    assert "is not a file of this program" in refusal(store, packed({**others, place: data}))
    assert list(elsewhere.iterdir()) == []


def safetensors(header: bytes, body: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + body


TENSORS = {
    "a header longer than the file": (1 << 40).to_bytes(8, "little") + b"{}",
    "offsets beyond the file": safetensors(b'{"x": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}', bytes(4)),
    "a shape that does not fit": safetensors(
        b'{"x": {"dtype": "F32", "shape": [9], "data_offsets": [0, 4]}}', bytes(4)
    ),
    "no metadata of ours": safetensors(b'{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}', bytes(4)),
    "nothing": b"",
}


@pytest.mark.parametrize("kind", TENSORS)
def test_tensors_that_do_not_fit_their_file_are_refused(store: RunStore, files: Files, kind: str) -> None:
    sentence = refusal(store, packed({**files, newest(files, "moments/"): TENSORS[kind]}))

    assert "is not a file of this program" in sentence


def test_a_checkpoint_with_a_wrong_name_is_refused(store: RunStore, files: Files) -> None:
    name = newest(files, "state-")
    others = {other: data for other, data in files.items() if other != name}

    sentence = refusal(store, packed({**others, "state-000000000160-0123456789ab.safetensors": files[name]}))

    assert "its SHA-256 is not the one in its name" in sentence


def png(width: int, height: int) -> bytes:
    """The start of a PNG that says how large it is, and has no pixel."""
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


PICTURES = {
    "huge": (png(100_000, 100_000), "is 100,000 x 100,000 pixels; the limit is 4,096 a side"),
    "long": (png(2, 2_000_000_000), "is 2 x 2,000,000,000 pixels"),
    "without a pixel": (png(0, 8), "is 0 x 8 pixels"),
    "cut off": (png(8, 8), "is a damaged PNG"),
    "a GIF": (b"GIF89a" + bytes(40), "is not a PNG"),
    "empty": (b"", "is not a PNG"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_an_invalid_picture_is_refused(store: RunStore, files: Files, kind: str) -> None:
    data, rule = PICTURES[kind]

    assert rule in refusal(store, packed({**files, newest(files, "samples/"): data}))


HISTORIES = {
    "a trigger": (
        "CREATE TRIGGER evil AFTER UPDATE ON status BEGIN DELETE FROM steps; END",
        "trigger 'evil' is foreign",
    ),
    "a view": ("CREATE VIEW evil AS SELECT * FROM steps", "view 'evil' is foreign"),
    "a table": ("CREATE TABLE evil (x)", "table 'evil' is foreign"),
    "an index": ("CREATE INDEX evil ON events (text)", "index 'evil' is foreign"),
    "a table less": ("DROP TABLE moments", "table 'moments' is foreign or missing"),
    "a column more": ("ALTER TABLE events ADD COLUMN evil TEXT", "table 'events' is foreign"),
    "a newer schema": ("PRAGMA user_version = 99", "has the schema 99"),
    "text for a number": ("UPDATE status SET images_seen = 'many'", "has values of a wrong type in its table status"),
    "a state that is none": ("UPDATE status SET state = 'flying'", "has a status that does not exist, or a progress"),
    "no end of time": ("UPDATE status SET seconds = 9e999", "has a status that does not exist, or a progress"),
    "an event in the year 99,999": (
        "INSERT INTO events (time, images_seen, kind, text) VALUES (9e15, 0, 'x', 'x')",
        "has an event with an impossible date",
    ),
    "no status": ("DELETE FROM status", "has no status of its run"),
    "a snapshot that is not there": ("INSERT INTO moments (images_seen) VALUES (7)", "names moments/000000000007"),
}


@pytest.mark.parametrize("kind", HISTORIES)
def test_an_invalid_history_is_refused(store: RunStore, files: Files, kind: str, tmp_path: Path) -> None:
    statement, rule = HISTORIES[kind]
    path = tmp_path / "history.sqlite"
    path.write_bytes(files["history.sqlite"])
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()

    assert rule in refusal(store, packed({**files, "history.sqlite": path.read_bytes()}))


def test_a_database_with_a_broken_page_is_refused(store: RunStore, files: Files) -> None:
    data = bytearray(files["history.sqlite"])
    data[4096:] = bytes(len(data) - 4096)

    assert "is a damaged database" in refusal(store, packed({**files, "history.sqlite": bytes(data)}))
    assert "is not an SQLite database" in refusal(store, packed({**files, "history.sqlite": b"CREATE TABLE"}))


RECORDS: dict[str, Callable[[dict[str, object]], object]] = {
    "no JSON": lambda record: "{",
    "an unknown setting": lambda record: {**record, "config": {"evil": 1}},
    "a newer schema": lambda record: {**record, "schema": 99},
    "a time that is none": lambda record: {**record, "created": "yesterday"},
    "a preset that is no text": lambda record: {**record, "preset": ["x"]},
    "resolved to something else": lambda record: {**record, "resolved": {"evil": 1}},
}


@pytest.mark.parametrize("kind", RECORDS)
def test_an_invalid_configuration_is_refused(store: RunStore, files: Files, kind: str) -> None:
    changed = RECORDS[kind](json.loads(files["config.json"]))
    data = changed.encode() if isinstance(changed, str) else json.dumps(changed).encode()

    assert "its entry 'config.json'" in refusal(store, packed({**files, "config.json": data}))


@pytest.mark.parametrize("text", ["[]", '{"title": 1, "tags": [], "note": "", "star": false}', "[" * 100_000])
def test_invalid_notes_are_refused(store: RunStore, files: Files, text: str) -> None:
    assert "its entry 'notes.json'" in refusal(store, packed({**files, "notes.json": text.encode()}))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(store: RunStore, files: Files, share: float) -> None:
    data = packed(files)

    assert "is not a complete zip file" in refusal(store, data[: int(share * len(data))])


def test_a_file_that_is_no_zip_is_refused(store: RunStore) -> None:
    assert "is not a complete zip file" in refusal(store, b"hello" * 1000)
    assert "is not a complete zip file" in refusal(store, pickle.dumps({"a": 1}))


def test_a_damaged_zip_is_refused(store: RunStore, files: Files) -> None:
    data = bytearray(packed(files))
    data[200:4000] = bytes(3800)

    refusal(store, bytes(data))


def test_an_archive_with_too_many_entries_is_refused_without_reading_them(store: RunStore) -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 4_000_000_000, 0, 0)

    assert "lists more than 50,000 entries" in refusal(store, bytes(100) + end)


def test_an_encrypted_archive_is_refused(store: RunStore, files: Files) -> None:
    data = bytearray(packed(files))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert "is encrypted with a password" in refusal(store, bytes(data))

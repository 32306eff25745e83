"""Check the content of the files of a run that is not trusted, before it becomes a run.

Nothing in them is executed. JSON is validated; the database is opened read-only and may hold only our tables; the size
of a picture is read from its header before it is decoded; tensors are safetensors.
"""

import json
import sqlite3
import struct
from contextlib import closing
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import get_args

from PIL import Image
from pydantic import ValidationError

from gan_core.config import MOST_THREADS
from gan_core.runs.archive.manifest import ArchiveError, Manifest
from gan_core.runs.checkpoints import CHECKPOINT, load_checkpoint
from gan_core.runs.errors import RunDamagedError
from gan_core.runs.folder import CONFIG, HISTORY, LATENTS, NOTES, SAMPLES, sample_place, snapshot_place
from gan_core.runs.history import History, HistoryError, Status, curve_levels
from gan_core.runs.history.measurements import LONGEST_NAME
from gan_core.runs.history.schema import SCHEMA, tables_of
from gan_core.runs.record import config_in, record_from
from gan_core.runs.tensor_files import CheckpointError, bytes_to_tensors, sha_of

Described = dict[tuple[str, str], set[tuple[str, ...]]]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
MOST_PIXELS_A_SIDE = 4_096  # a grid of 8 x 8 pictures of 128 pixels has 1,024
DATABASE = b"SQLite format 3\x00"
NEWEST_SECONDS = 1e11  # unix time in the year 5138; dates after 9999 cannot be shown
OLDEST_SCHEMA = 1
LARGEST = 1.7976931348623157e308  # the largest finite number
STORED_AS = {"INTEGER": ("integer", "null"), "REAL": ("real", "integer", "null"), "TEXT": ("text", "null")}


def check(folder: Path, manifest: Manifest) -> None:
    """Raises ArchiveError for the first file with invalid content."""
    check_record((folder / CONFIG).read_bytes(), manifest.run)
    for name in manifest.files:
        place = name.partition("/")[0]
        if place == SAMPLES:
            check_picture(folder / name, name)
        elif name.endswith(".safetensors"):
            check_tensors(folder / name, name)
    if NOTES in manifest.files:
        check_notes((folder / NOTES).read_bytes())
    check_history(folder / HISTORY)
    check_mentions(folder / HISTORY, manifest)


def check_record(data: bytes, run: str) -> None:
    """config.json: a valid configuration, and the choices made for `auto`."""
    from gan_core.training.autotune import Resolved  # imports torch

    try:
        record = record_from(data, run)
        config_in(record, run)
        datetime.fromisoformat(record["created"])
        if record["resolved"] is not None:
            Resolved.model_validate(record["resolved"])
        if not isinstance(record["preset"], str) or not isinstance(record["parent"], dict | None):
            raise ValueError("its preset or its parent has a wrong type")
    except RunDamagedError as error:
        raise ArchiveError(f"is refused: {error}", CONFIG) from error
    except (ValueError, TypeError, RecursionError) as error:
        first = (
            str(error).splitlines()[0]
            if not isinstance(error, ValidationError)
            else "its resolved settings are invalid"
        )
        raise ArchiveError(f"cannot be understood ({first})", CONFIG) from error


def check_notes(data: bytes) -> None:
    """notes.json: texts, a star, and whether the run is archived, which older versions did not write."""
    try:
        values = json.loads(data)
        texts = [values["title"], values["note"], *values["tags"]]
        if not all(isinstance(text, str) for text in texts) or not all(
            isinstance(mark, bool) for mark in (values["star"], values.get("archived", False))
        ):
            raise ValueError("a text, the star or the archive mark has a wrong type")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ArchiveError(f"cannot be understood ({error})", NOTES) from error


def check_picture(path: Path, name: str) -> None:
    """A PNG: its size from the header, then all of it is decoded."""
    with path.open("rb") as file:
        header = file.read(len(PNG) + 8)
    if not header.startswith(PNG) or len(header) < len(PNG) + 8:
        raise ArchiveError("is not a PNG", name)
    width, height = struct.unpack(">2I", header[-8:])
    if not (0 < width <= MOST_PIXELS_A_SIDE and 0 < height <= MOST_PIXELS_A_SIDE):
        raise ArchiveError(f"is {width:,} x {height:,} pixels; the limit is {MOST_PIXELS_A_SIDE:,} a side", name)
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise ArchiveError(f"is a damaged PNG ({error})", name) from error


def check_tensors(path: Path, name: str) -> None:
    """Safetensors of this program, with the SHA-256 in the name where the name has one."""
    try:
        if CHECKPOINT.fullmatch(path.name):
            load_checkpoint(path)
            return
        data = path.read_bytes()
        bytes_to_tensors(data, path.name)
    except CheckpointError as error:
        raise ArchiveError(f"is refused: {error}", name) from error
    if name.startswith(f"{LATENTS}/") and sha_of(data) != path.stem:
        raise ArchiveError("has another SHA-256 than its name says", name)


def check_history(path: Path) -> None:
    """The database: our tables, intact, and no triggers or views."""
    with path.open("rb") as file:
        if file.read(len(DATABASE)) != DATABASE:
            raise ArchiveError("is not an SQLite database", HISTORY)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            check_schema(database)
            check_contents(database)
        with History(path, create=False) as history:
            progress = history.progress()
    except (sqlite3.Error, HistoryError) as error:
        raise ArchiveError(f"is a damaged database ({error})", HISTORY) from error
    numbers = (progress.step, progress.images_seen, progress.images_target, progress.epoch, progress.seconds)
    if progress.status not in get_args(Status) or not all(isfinite(number) and number >= 0 for number in numbers):
        raise ArchiveError("has a status that does not exist, or a progress that is negative or infinite", HISTORY)


def check_schema(database: sqlite3.Connection) -> None:
    """The database has the tables of this schema or an older one, and no other table, trigger, view or index.

    A curve may be missing: an older version did not measure it.
    """
    schema = database.execute("PRAGMA user_version").fetchone()[0]
    if not OLDEST_SCHEMA <= schema <= SCHEMA:
        raise ArchiveError(f"has the schema {schema}, and this GAN Studio reads {OLDEST_SCHEMA} to {SCHEMA}", HISTORY)
    found, expected = described(database), expected_tables(schema)
    without = set(curve_levels.missing_curves(database)) if ("table", "steps") in found else set()
    for table in curve_levels.TABLES:
        gone = set(curve_levels.value_columns(table, sorted(without)))
        expected["table", table] = {column for column in expected["table", table] if column[0] not in gone}
    differing = {key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}
    if differing:
        kind, name = min(differing)
        raise ArchiveError(f"is not the history of a run: its {kind} {name[:60]!r} is foreign or missing", HISTORY)


def expected_tables(schema: int) -> Described:
    """The tables that a database of this schema has."""
    with closing(sqlite3.connect(":memory:")) as ours:
        for statement in tables_of(schema).values():
            ours.execute(statement)
        return described(ours)


def described(database: sqlite3.Connection) -> Described:
    """The columns of all tables and other objects of a database, by kind and name."""
    found = database.execute("SELECT type, name FROM sqlite_schema").fetchall()
    columns = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'
    return {(kind, name): set(database.execute(columns, (name,)).fetchall()) for kind, name in found}


def check_contents(database: sqlite3.Connection) -> None:
    """SQLite's own check, and every value has the type of its column."""
    answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise ArchiveError(f"is a damaged database ({answer})", HISTORY)
    for table in tables(database):
        columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
        wrong = " OR ".join(f"typeof({name}) NOT IN {STORED_AS[kind]}" for name, kind in columns)
        if database.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {wrong})").fetchone()[0]:
            raise ArchiveError(f"has values of a wrong type in its table {table}", HISTORY)
    if database.execute("SELECT count(*) FROM status").fetchone()[0] != 1:
        raise ArchiveError("has no status of its run, or more than one", HISTORY)
    late = "SELECT EXISTS (SELECT 1 FROM events WHERE time NOT BETWEEN 0 AND ?)"
    if database.execute(late, (NEWEST_SECONDS,)).fetchone()[0]:
        raise ArchiveError("has an event with an impossible date", HISTORY)
    if database.execute("PRAGMA user_version").fetchone()[0] >= 3:
        check_measurements(database)
    if database.execute("PRAGMA user_version").fetchone()[0] >= 4:
        check_thread_choices(database)


def check_measurements(database: sqlite3.Connection) -> None:
    """Every measurement has a printable name and finite numbers."""
    wrong = " OR ".join(
        ("images_seen < 0", "n < 0", *(f"abs({column}) > {LARGEST!r}" for column in ("value", "low", "high")))
    )
    if database.execute(f"SELECT EXISTS (SELECT 1 FROM measurements WHERE {wrong})").fetchone()[0]:
        raise ArchiveError("has a measurement with a negative count or an infinite value", HISTORY)
    for (name,) in database.execute("SELECT DISTINCT name FROM measurements"):
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise ArchiveError(f"has a measurement with an invalid name ({name[:40]!r})", HISTORY)


def check_thread_choices(database: sqlite3.Connection) -> None:
    """Every choice is one that a configuration may make, too."""
    wrong = f"step < 0 OR threads NOT BETWEEN 1 AND {MOST_THREADS}"
    if database.execute(f"SELECT EXISTS (SELECT 1 FROM thread_choices WHERE {wrong})").fetchone()[0]:
        raise ArchiveError(f"has a number of threads that is not between 1 and {MOST_THREADS}", HISTORY)


def tables(database: sqlite3.Connection) -> list[str]:
    """The names of our tables, without those of SQLite itself."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in database.execute(query)]


def check_mentions(path: Path, manifest: Manifest) -> None:
    """Every sample grid and snapshot in the history has a file."""
    with History(path, create=False) as history:
        samples = [sample_place(row.images_seen) for row in history.samples.all()]
        mentioned = [*samples, *map(snapshot_place, history.snapshots.all())]
    for name in mentioned:
        if name not in manifest.files:
            raise ArchiveError(f"names {name}, which is missing", HISTORY)

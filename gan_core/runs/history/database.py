"""The SQLite file of one run: one connection, its transactions, and the migration of older files."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.history import curve_levels
from gan_core.runs.history.schema import FIRST_STATUS, MIGRATIONS, SCHEMA, TABLES

BUSY_SECONDS = 5.0


class HistoryError(RuntimeError):
    """The database cannot be read or written, in one sentence."""


def connected(path: Path, options: str) -> sqlite3.Connection:
    """A connection whose transactions are begun and ended explicitly."""
    address = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def cannot_be_written(path: Path) -> bool:
    """Whether the file lies on a read-only disk, or belongs to somebody else."""
    return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def read_only(path: Path) -> sqlite3.Connection:
    """The file as it is, if its tables are the present ones and nothing waits beside it; else a copy in memory.

    SQLite cannot open a file with a write-ahead log where it cannot write: it would need a file beside it.
    """
    log = path.with_name(f"{path.name}-wal")
    if not (log.exists() and log.stat().st_size):
        connection = connected(path, "mode=ro&immutable=1")
        if schema_of(connection) == SCHEMA and not curve_levels.missing_curves(connection):
            return connection
        connection.close()
    with TemporaryDirectory() as folder:
        for file in (path, log):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        memory = sqlite3.connect(":memory:", isolation_level=None)
        with contextlib.closing(connected(Path(folder) / path.name, "mode=rw")) as copy:
            copy.backup(memory)
        return memory


def schema_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


class Database:
    """One connection to the database of one run, for one thread. Every error of SQLite becomes a HistoryError."""

    def __init__(self, path: Path, *, create: bool, announce: Announce = silent) -> None:
        """Open the file. A missing one is created, or refused if `create` is false. Raises HistoryError."""
        self.path, self.announce = path, announce
        unwritable = path.exists() and cannot_be_written(path)
        with self.sentences():
            if unwritable:
                self.connection = read_only(path)
            else:
                self.connection = connected(path, "mode=rwc" if create else "mode=rw")
        try:
            with self.sentences():
                self._prepare(create)
                if unwritable:
                    self.connection.execute("PRAGMA query_only = ON")  # a copy in memory would take what is written
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Raise the errors of SQLite in the block as a HistoryError that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise HistoryError(
                f"the history {self.path} cannot be used ({error}); check that its folder exists, is writable and has "
                "space, or put the file back from a backup"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of the block or nothing. The write lock is taken at its start, and not at its first write."""
        with self.sentences():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite itself rolls back on a full disk
                    self.connection.execute("ROLLBACK")
                raise

    def write(self, statement: str, *values: object) -> sqlite3.Cursor:
        """One statement in a transaction of its own."""
        with self.transaction() as connection:
            return connection.execute(statement, values)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Every row that a query finds."""
        with self.sentences():
            return self.connection.execute(query, values).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write a copy of the database to a new file; other connections may write meanwhile."""
        with self.sentences(), contextlib.closing(sqlite3.connect(path)) as copy:
            self.connection.backup(copy)

    def _prepare(self, create: bool) -> None:
        self.connection.execute("PRAGMA synchronous = NORMAL")
        if self._schema() == 0:
            if not create:
                raise HistoryError(f"the history {self.path} is empty; put the file back from a backup")
            self.connection.execute("PRAGMA journal_mode = WAL")
            self._make_tables()
        if self._schema() > SCHEMA:
            raise HistoryError(
                f"{self.path} was written by a newer GAN Studio (schema {self._schema()}, this one reads {SCHEMA}); "
                "update GAN Studio to open it"
            )
        if self._schema() < SCHEMA or curve_levels.missing_curves(self.connection):
            self._migrate()

    def _schema(self) -> int:
        return schema_of(self.connection)

    def _make_tables(self) -> None:
        with self.transaction() as connection:
            if self._schema() == 0:  # no other process has made them meanwhile
                for statement in (*TABLES.values(), FIRST_STATUS):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")

    def _migrate(self) -> None:
        """Change the tables of an older version to the present ones, in one transaction; all rows stay.

        A trainer may have the database open: it writes by column names.
        """
        with self.transaction() as connection:
            for schema in range(self._schema(), SCHEMA):  # read again: another process may have migrated meanwhile
                for statement in MIGRATIONS[schema]:
                    connection.execute(statement)
            curve_levels.add_curves(connection, curve_levels.missing_curves(connection))
            self.announce("migrate")
            connection.execute(f"PRAGMA user_version = {SCHEMA}")

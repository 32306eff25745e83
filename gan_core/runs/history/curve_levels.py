"""The curves of one run in SQL: the steps, and levels of ever coarser summaries above them.

Level k sums up the visible steps in buckets of 8**k steps (bucket = step // 8**k) by the minimum, mean and maximum of
every curve. Each level is made from the one below, in the transaction that wrote the steps, and only where they fell.
So the cost of a row does not grow with the run, and any view of any run reads at most MOST_POINTS rows.
"""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan_core.training.curve_columns import SCALARS

if TYPE_CHECKING:  # slow to import, and not needed to list runs
    import pandas

CLOCKS = ("step", "images_seen", "seconds")
BASE = 8
LEVELS = tuple(range(1, 9))
MOST_POINTS = 2000


def columns(template: str) -> str:
    """The template once for each curve: `columns("{0}_min")` is "loss_d_min, loss_g_min, ..."."""
    return ", ".join(template.format(name) for name in SCALARS)


STEP_COLUMNS = f"attempt, step, images_seen, seconds, {columns('{0}')}"
LEVEL_COLUMNS = f"bucket, count, step, images_seen, seconds, {columns('{0}_min, {0}_mean, {0}_max')}"
TABLES = {
    "steps": f"""CREATE TABLE steps (
        attempt INTEGER, step INTEGER, images_seen INTEGER NOT NULL, seconds REAL NOT NULL, {columns("{0} REAL")},
        PRIMARY KEY (attempt, step)) WITHOUT ROWID""",
    **{
        f"curve_{level}": f"""CREATE TABLE curve_{level} (
        bucket INTEGER PRIMARY KEY, count INTEGER NOT NULL, step INTEGER NOT NULL, images_seen INTEGER NOT NULL,
        seconds REAL NOT NULL, {columns("{0}_min REAL, {0}_mean REAL, {0}_max REAL")})"""
        for level in LEVELS
    },
}


def value_columns(table: str, names: Sequence[str] = SCALARS) -> list[str]:
    """The columns that these curves have in the table `steps` or in a level."""
    if table == "steps":
        return list(names)
    return [f"{name}_{part}" for name in names for part in ("min", "mean", "max")]


def missing_curves(database: sqlite3.Connection) -> list[str]:
    """The curves that a database lacks, because a version without them made it."""
    known = {name for (name,) in database.execute("SELECT name FROM pragma_table_info('steps')")}
    return [name for name in SCALARS if name not in known]


def add_curves(database: sqlite3.Connection, names: Sequence[str]) -> None:
    """Add the columns of these curves to every table, in the caller's transaction; older steps have no value."""
    for table in TABLES:
        for column in value_columns(table, names):
            database.execute(f"ALTER TABLE {table} ADD COLUMN {column} REAL")


# the visible steps in [:first, :last]; CROSS JOIN fixes the order: a few attempts, then one range of the key in each
VISIBLE = """FROM attempts CROSS JOIN steps
    ON steps.attempt = attempts.attempt
    AND steps.step >= max(:first, attempts.start_step + 1)
    AND steps.step <= min(:last, coalesce(attempts.visible_through, :last))"""

FROM_STEPS = f"""INSERT OR REPLACE INTO curve_1 ({LEVEL_COLUMNS})
    SELECT step / {BASE}, count(*), max(step), max(images_seen), max(seconds), {columns("min({0}), avg({0}), max({0})")}
    {VISIBLE} GROUP BY 1"""

# a mean over the buckets that have one, weighted by their numbers of steps
WEIGHTED = "sum({0}_mean * count) / sum(CASE WHEN {0}_mean IS NOT NULL THEN count END)"


def from_level(below: int) -> str:
    """SQL that remakes the level above `below` for the buckets [:first, :last] of `below`."""
    return f"""INSERT OR REPLACE INTO curve_{below + 1} ({LEVEL_COLUMNS})
        SELECT bucket / {BASE}, sum(count), max(step), max(images_seen), max(seconds),
        {columns("min({0}_min), " + WEIGHTED + ", max({0}_max)")}
        FROM curve_{below} WHERE bucket BETWEEN :first AND :last GROUP BY 1"""


ROLL_UP = (FROM_STEPS, *(from_level(level) for level in LEVELS[:-1]))
INSERT_STEP = f"INSERT INTO steps ({STEP_COLUMNS}) VALUES (:attempt, :step, :images_seen, :seconds, {columns(':{0}')})"


def roll_up(database: sqlite3.Connection, first_step: int, last_step: int) -> None:
    """Update every level for the visible steps in [first_step, last_step], in the caller's transaction."""
    first, last = first_step, last_step
    for statement in ROLL_UP:
        first, last = first // BASE, last // BASE  # now the buckets to remake
        database.execute(statement, {"first": first * BASE, "last": (last + 1) * BASE - 1})


def cut(database: sqlite3.Connection, last_step: int) -> None:
    """Delete what is after `last_step` on every level, and remake the buckets that contain it."""
    for level in LEVELS:
        database.execute(f"DELETE FROM curve_{level} WHERE bucket >= ?", (last_step // BASE**level,))
    roll_up(database, last_step, last_step)


def seconds(database: sqlite3.Connection) -> float:
    """The training time of the last visible step, 0 without any."""
    return float(database.execute(f"SELECT coalesce(max(seconds), 0) FROM curve_{LEVELS[-1]}").fetchone()[0])


def level_for(first_step: int, last_step: int, points: int) -> int:
    """The finest level (0: the steps themselves) that shows [first_step, last_step] in at most `points` rows."""
    for level in (0, *LEVELS[:-1]):
        if last_step // BASE**level - first_step // BASE**level < points:
            return level
    return LEVELS[-1]


def read(
    database: sqlite3.Connection,
    names: Sequence[str],
    first_step: int,
    last_step: int,
    points: int,
    level: int | None = None,
) -> "pandas.DataFrame":
    """The visible steps in [first_step, last_step] in at most `points` rows; x is a mean, beside x_min, x_max.

    `level` is by default the finest that has no more rows than that.
    """
    import numpy
    import pandas

    titles, rows = view(database, names, first_step, last_step, points, level)
    values = numpy.array(rows.fetchall(), dtype=float).reshape(-1, len(titles))  # NULL becomes NaN
    counts = ("step", "images_seen")
    # column by column: to change the types of a finished frame costs ten times as much, at each refresh of the page
    return pandas.DataFrame(
        {title: values[:, at].astype("int64" if title in counts else float) for at, title in enumerate(titles)}
    )


def view(
    database: sqlite3.Connection,
    names: Sequence[str],
    first_step: int,
    last_step: int,
    points: int,
    level: int | None = None,
) -> tuple[list[str], sqlite3.Cursor]:
    """The titles of the columns of `read`, and its rows, not fetched yet."""
    if level is None:
        level = level_for(first_step, last_step, points)
    template = "steps.{0}, steps.{0}, steps.{0}" if level == 0 else "{0}_mean, {0}_min, {0}_max"
    clocks = ("steps." if level == 0 else "") + (", steps." if level == 0 else ", ").join(CLOCKS)
    source = VISIBLE if level == 0 else f"FROM curve_{level} WHERE bucket BETWEEN :first AND :last"
    query = f"SELECT {', '.join([clocks, *map(template.format, names)])} {source} ORDER BY 1 LIMIT :points"
    size = BASE**level
    bounds = {"first": first_step // size, "last": last_step // size, "points": points}
    titles = [*CLOCKS, *(f"{name}{suffix}" for name in names for suffix in ("", "_min", "_max"))]
    return titles, database.execute(query, bounds)

"""The tables of one run's database, of this version and of older ones."""

from collections.abc import Mapping

from gan_core.runs.history import curve_levels

SCHEMA = 4

Row = Mapping[str, float]  # step, images_seen, seconds and any of SCALARS
MEASUREMENTS = (
    "CREATE TABLE measurements (images_seen INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, low REAL,\n"
    "    high REAL, n INTEGER NOT NULL, PRIMARY KEY (images_seen, name)) WITHOUT ROWID"
)
THREAD_CHOICES = (
    "CREATE TABLE thread_choices (step INTEGER PRIMARY KEY CHECK (step >= 0),\n"
    "    threads INTEGER NOT NULL CHECK (threads > 0))"
)
REQUESTS_1 = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop')), who TEXT NOT NULL)"""
REQUESTS = """CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'stop', 'extend', 'pin')), who TEXT NOT NULL,
    images INTEGER)"""
STATUS_1 = """CREATE TABLE status (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL DEFAULT 'queued',
    reason TEXT NOT NULL DEFAULT '', heartbeat REAL NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
    images_seen INTEGER NOT NULL DEFAULT 0, images_target INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0, images_per_second REAL NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0)"""
STATUS_2 = STATUS_1[:-1] + ", pace REAL NOT NULL DEFAULT 0)"
STATUS = STATUS_2[:-1] + ", code TEXT NOT NULL DEFAULT '')"
TABLES: Mapping[str, str] = {
    "attempts": """CREATE TABLE attempts (attempt INTEGER PRIMARY KEY, start_step INTEGER NOT NULL,
        start_images INTEGER NOT NULL, images_target INTEGER NOT NULL, started REAL NOT NULL,
        visible_through INTEGER)""",
    **curve_levels.TABLES,
    "samples": """CREATE TABLE samples (images_seen INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,
        attempt INTEGER NOT NULL, step INTEGER NOT NULL)""",
    # snapshots; they were called moments in the first version
    "moments": "CREATE TABLE moments (images_seen INTEGER PRIMARY KEY, pinned INTEGER NOT NULL DEFAULT 0)",
    "measurements": MEASUREMENTS,
    "thread_choices": THREAD_CHOICES,
    "events": """CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL,
        images_seen INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)""",
    "requests": REQUESTS,
    "status": STATUS,
}
FIRST_STATUS = "INSERT INTO status (one) VALUES (1)"
# the steps from each older schema to the next one; SQLite cannot change a CHECK, so that table is written again
MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE status ADD COLUMN pace REAL NOT NULL DEFAULT 0",
        "ALTER TABLE requests RENAME TO older_requests",
        REQUESTS,
        "INSERT INTO requests (id, time, kind, who) SELECT id, time, kind, who FROM older_requests",
        "DROP TABLE older_requests",
    ),
    2: (MEASUREMENTS, "ALTER TABLE status ADD COLUMN code TEXT NOT NULL DEFAULT ''"),
    3: (THREAD_CHOICES,),
}


def tables_of(schema: int) -> dict[str, str]:
    """The statements that made the tables of an older schema, or of this one, by the name of the table."""
    tables = dict(TABLES)
    if schema < 4:
        del tables["thread_choices"]
    if schema < 3:
        del tables["measurements"]
        tables["status"] = STATUS_2
    if schema < 2:
        tables |= {"status": STATUS_1, "requests": REQUESTS_1}
    return tables

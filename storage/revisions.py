"""Which revision a store has, and bringing it to the newest. Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).parent / "migrations"

# A file is named after its revision: 0001_initial.py. Read from the names, because most commands need no Alembic.
REVISIONS = tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))

OTHER = "of another program"
_OURS = {"source", "crawl", "article", "version", "change"}


def revision_of(conn: Connection) -> str | None:
    """The store's revision, None for an empty database, `OTHER` for tables that are not ours."""
    tables = set(sa.inspect(conn).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables or not tables >= _OURS:
        return OTHER
    revision = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return str(revision) if revision is not None else OTHER


def migrate(conn: Connection) -> tuple[str | None, str]:
    """Creates or upgrades the store in the caller's transaction. Returns the revisions before and after."""
    from alembic import command
    from alembic.config import Config

    if conn.dialect.name == "postgresql":
        # Two first crawls at once: the second one waits here, and finds the tables made.
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": 0x464F5243})
    before = revision_of(conn)
    if before != REVISIONS[-1]:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    if conn.dialect.name == "sqlite" and (broken := conn.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"migration left a row of {broken[0]} without its {broken[2]}")
    return before, REVISIONS[-1]

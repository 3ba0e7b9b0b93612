"""Up to which number nothing can come in between any more."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import CHANGE

# No transaction writes so many changes at once; `feeds.freshness` looks back as far.
_LATE = 5000

_WRITERS = sa.text(
    "SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND relation = 'change'::regclass"
    " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid() LIMIT 1"
)


def last_settled(conn: sa.Connection) -> int:
    """The highest number of a change below which no other can still appear; 0 in an empty store.

    SQLite has one writer at a time. PostgreSQL deals out numbers before their rows can be seen, to several at once: while
    one of them writes, a number that is missing may be its. Whoever holds a number lower than the last one holds the lock
    already when that is looked for, and what it wrote is seen by what is asked after it let the lock go.
    """
    last = conn.scalar(sa.select(sa.func.max(CHANGE.c.id))) or 0
    if conn.dialect.name != "postgresql" or conn.execute(_WRITERS).first() is None:
        return last
    low = max(last - _LATE, 0)
    query = sa.select(CHANGE.c.id).where(CHANGE.c.id > low, CHANGE.c.id <= last).order_by(CHANGE.c.id)
    expected = low
    for id in conn.scalars(query):
        if id != expected + 1:
            break
        expected = id
    return expected

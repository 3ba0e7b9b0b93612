"""What of the service itself is not well: its backup, its feeds, its alerts. A source's own troubles are its crawls'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.tables import CONDITION
from storage.text import storable

FORGOTTEN = timedelta(days=2)
"""A machine that says nothing more of its condition is none any more: a container is begun anew under another name."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Condition:
    """`name`: backup, publish, alerts ...; `host`: the machine whose service says so; `since`: when it began, `last_at`: when it
    was last seen to be so; `message`: one line for an operator.
    """

    name: str
    host: str
    since: datetime
    last_at: datetime
    message: str


def conditions(conn: Connection, now: datetime) -> list[Condition]:
    """All that is not well now, the oldest first."""
    lasting = sa.select(CONDITION).where(CONDITION.c.last_at > now - FORGOTTEN)
    rows = conn.execute(lasting.order_by(CONDITION.c.since, CONDITION.c.name, CONDITION.c.host))
    return [Condition(**row._mapping) for row in rows]


def note_condition(conn: Connection, name: str, message: str, *, host: str, now: datetime) -> None:
    """It is not well. The first time it began; after that only the message and the moment are new."""
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(CONDITION)
    seen = {"message": storable(message), "last_at": now}
    conn.execute(
        insert.values(name=name, host=host, since=now, **seen).on_conflict_do_update(
            index_elements=["name", "host"], set_=seen
        )
    )


def end_condition(conn: Connection, name: str, *, host: str) -> None:
    """It is well again, as far as this machine knows."""
    conn.execute(CONDITION.delete().where(CONDITION.c.name == name, CONDITION.c.host == host))

"""Notices on their way: which channel took which, and which is to be tried when. All in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.alerts import note_told
from storage.tables import DELIVERY, NOTICE
from storage.text import storable

CLAIMED = timedelta(minutes=5)
"""A process that sends and is killed: another one sends again after this."""

GIVEN_UP = timedelta(weeks=1)
"""A channel that took nothing for so long is not told what is that old: a reminder comes anyway."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of `delivery`."""

    channel: str
    tries: int
    try_at: datetime
    claimed_until: datetime | None
    taken_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of `notice` with its deliveries by channel."""

    id: int
    key: str
    at: datetime
    items: list[dict[str, Any]]
    deliveries: dict[str, Delivery] = field(default_factory=dict)

    def is_for(self, channel: str) -> bool:
        """Whether a channel is to take it: one that was there when it was made, or any where none took it yet."""
        mine = self.deliveries.get(channel)
        return mine.taken_at is None if mine else all(each.taken_at is None for each in self.deliveries.values())

    def may_be_tried(self, channel: str, now: datetime) -> bool:
        """Whether it is time to."""
        mine = self.deliveries.get(channel)
        return mine is None or (mine.try_at <= now and (mine.claimed_until is None or mine.claimed_until <= now))


def undone(conn: Connection) -> list[Notice]:
    """Those that some channel is to take yet, the oldest first."""
    query = sa.select(NOTICE.c.id, NOTICE.c.key, NOTICE.c.at, NOTICE.c["items"]).where(NOTICE.c.done_at.is_(None))
    rows = conn.execute(query.order_by(NOTICE.c.id))
    found = {row.id: Notice(row.id, row.key, row.at, row.items) for row in rows}
    for row in conn.execute(sa.select(DELIVERY).where(DELIVERY.c.notice_id.in_(found))) if found else ():
        values = {name: value for name, value in row._mapping.items() if name != "notice_id"}
        found[row.notice_id].deliveries[row.channel] = Delivery(**values)
    return [*found.values()]


def claim(conn: Connection, notice: int, channel: str, now: datetime) -> bool:
    """Whether this process is the one that sends it now."""
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(DELIVERY)
    values = {"notice_id": notice, "channel": channel, "tries": 0, "try_at": now}
    conn.execute(insert.values(values).on_conflict_do_nothing())
    is_free = DELIVERY.c.claimed_until.is_(None) | (DELIVERY.c.claimed_until <= now)
    mine = _one(notice, channel).where(DELIVERY.c.taken_at.is_(None), DELIVERY.c.try_at <= now, is_free)
    return conn.execute(mine.values(claimed_until=now + CLAIMED)).rowcount == 1


def note_taken(conn: Connection, notice: Notice, channel: str, now: datetime) -> None:
    """The channel took it."""
    conn.execute(
        _one(notice.id, channel).values(taken_at=now, claimed_until=None, error=None, tries=DELIVERY.c.tries + 1)
    )
    note_told(conn, notice.items, now)
    waiting = sa.exists().where(DELIVERY.c.notice_id == notice.id, DELIVERY.c.taken_at.is_(None))
    conn.execute(NOTICE.update().where(NOTICE.c.id == notice.id, ~waiting).values(done_at=now))


def note_failed(conn: Connection, notice: Notice, channel: str, error: str, now: datetime) -> None:
    """It did not; it is tried again after a minute, then two, four, and so on to an hour."""
    mine = notice.deliveries.get(channel)
    pause = min(_FIRST_PAUSE * 2 ** min(mine.tries if mine else 0, 10), _LONGEST_PAUSE)
    values = {"claimed_until": None, "error": storable(error), "try_at": now + pause}
    conn.execute(_one(notice.id, channel).values(**values, tries=DELIVERY.c.tries + 1))


def give_up(conn: Connection, notice: int, now: datetime) -> None:
    """Nothing of it is sent any more."""
    conn.execute(NOTICE.update().where(NOTICE.c.id == notice).values(done_at=now))


def waiting(conn: Connection) -> int:
    """Deliveries that no channel took yet."""
    undone = sa.select(NOTICE.c.id).where(NOTICE.c.done_at.is_(None))
    query = sa.select(sa.func.count()).select_from(DELIVERY)
    return int(conn.scalar(query.where(DELIVERY.c.notice_id.in_(undone), DELIVERY.c.taken_at.is_(None))) or 0)


def _one(notice: int, channel: str) -> sa.Update:
    return DELIVERY.update().where(DELIVERY.c.notice_id == notice, DELIVERY.c.channel == channel)

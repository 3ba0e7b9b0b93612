"""Alerts as they are stored: what is not well and was told, and a notice made with what it tells. All in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.alert_decisions import RELAPSE, Event, Step, StoredAlert
from storage.tables import ALERT, DELIVERY, NOTICE
from storage.text import storable

_COLUMNS = sa.select(*(ALERT.c[each.name] for each in fields(StoredAlert)))
_ONE_ROUND = 0x666F7263  # the key of a lock that PostgreSQL gives to one transaction at a time


class NoSuchAlertError(Exception):
    """There is none of this number or source that goes on. One line for an operator."""


def going_on(conn: Connection) -> list[StoredAlert]:
    """Those that did not end, the oldest first."""
    rows = conn.execute(_COLUMNS.where(ALERT.c.ended_at.is_(None)).order_by(ALERT.c.id))
    return [StoredAlert(**row._mapping) for row in rows]


def ended_since(conn: Connection, moment: datetime) -> list[StoredAlert]:
    """Those that ended then or later, the oldest first."""
    rows = conn.execute(_COLUMNS.where(ALERT.c.ended_at >= moment).order_by(ALERT.c.id))
    return [StoredAlert(**row._mapping) for row in rows]


def lately_ended(conn: Connection, now: datetime) -> list[StoredAlert]:
    """Those that count as the same thing when they come back."""
    return ended_since(conn, now - RELAPSE)


def one_round_at_a_time(conn: Connection) -> None:
    """Of two services that decide at once the second sees what the first stored. SQLite lets one writer in anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_ROUND)))


def keep(conn: Connection, steps: Sequence[Step], channels: Iterable[str], now: datetime) -> int | None:
    """Stores what `decide` found, and the notice that tells it, to be sent through these channels. Returns its id; None where
    nothing is told.
    """
    notice = _new_notice(conn, channels, now) if any(step.event for step in steps) else None
    items = []
    for step in steps:
        number = _store(conn, step, notice)
        if step.event:
            items.append(_item(conn, step, number))
    if notice is not None:
        conn.execute(NOTICE.update().where(NOTICE.c.id == notice).values(items=items))
    return notice


def _new_notice(conn: Connection, channels: Iterable[str], now: datetime) -> int:
    values = {"key": uuid.uuid4().hex, "at": now, "items": []}
    notice = int(conn.execute(NOTICE.insert().returning(NOTICE.c.id), values).scalar_one())
    rows = [{"notice_id": notice, "channel": channel, "tries": 0, "try_at": now} for channel in channels]
    conn.execute(DELIVERY.insert(), rows)
    return notice


def _store(conn: Connection, step: Step, notice: int | None) -> int:
    values = asdict(step.alert) | {"why": storable(step.alert.why)}
    number = values.pop("id")
    if step.event is Event.BEGAN:
        values["notice_id"] = notice
    if number is None:
        return int(conn.execute(ALERT.insert().returning(ALERT.c.id), values).scalar_one())
    conn.execute(ALERT.update().where(ALERT.c.id == number).values(values))
    return int(number)


def _item(conn: Connection, step: Step, number: int) -> dict[str, Any]:
    alert, first = step.alert, None
    if step.event is not Event.BEGAN and alert.notice_id is not None:
        first = conn.scalar(sa.select(NOTICE.c.key).where(NOTICE.c.id == alert.notice_id))
    return {
        "alert": number,
        "event": str(step.event),
        "subject": alert.subject,
        "name": step.name or _name(alert),
        "state": alert.state,
        "before": step.before,
        "sources": alert.sources,
        "why": storable(alert.why),
        "trouble": alert.trouble,
        "since": alert.began_at.isoformat(),
        "last_good_at": alert.last_good_at.isoformat() if alert.last_good_at else None,
        "well_since": alert.well_since.isoformat() if alert.well_since else None,
        "relapses": alert.relapses,
        "first": first,
    }


def _name(alert: StoredAlert) -> str:
    """Of what is not there any more."""
    kind, _, what = alert.subject.partition(":")
    if kind in ("platform", "network"):
        return f"{len(alert.sources)} sources" + (f" of {what}" if what else "")
    return what or alert.subject


def note_told(conn: Connection, items: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """A channel took the notice of these items; nothing changes where another one did before."""
    by_event: dict[bool, list[int]] = {True: [], False: []}
    for item in items:
        by_event[item["event"] == Event.ENDED].append(item["alert"])
    for ended, column in ((False, ALERT.c.told_at), (True, ALERT.c.end_told_at)):
        mine = ALERT.c.id.in_(by_event[ended])
        conn.execute(ALERT.update().where(mine, column.is_(None)).values({column.name: now}))


def acknowledge(conn: Connection, which: str, *, by: str, note: str | None, now: datetime) -> list[StoredAlert]:
    """Somebody sees to it: not told again until it is over or gets worse. `which`: the alert's number, its subject, or a source, whose
    alert may be that of its platform. Raises `NoSuchAlertError`.
    """
    one_round_at_a_time(conn)
    found = [each for each in going_on(conn) if which in (str(each.id), each.subject, *each.sources)]
    found = [each for each in found if each.subject == f"source:{which}"] or found
    if not found:
        raise NoSuchAlertError(f"no alert that goes on is {which!r}; forcewire alerts list shows those that do")
    values = {"acknowledged_at": now, "acknowledged_by": by, "note": storable(note)}
    conn.execute(ALERT.update().where(ALERT.c.id.in_([each.id for each in found])).values(values))
    return found

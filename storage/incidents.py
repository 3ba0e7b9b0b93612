"""Incidents: what went wrong on one source, or on many sources of one platform at once, which is one thing and not twenty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import CRAWL, INCIDENT, SOURCE
from storage.text import storable

_TOGETHER = timedelta(days=1)  # what begins on a platform within a day is one thing
_MANY = 3  # sources; so many make the platform's matter certain, however late the next one follows
_NO_PLATFORM = "generic"  # sources that share this reader share nothing


@dataclass(slots=True, kw_only=True)
class StoredIncident:
    """One incident. `platform`: the reader that its sources share; `ended_at`: None while it goes on."""

    id: int
    kind: str
    platform: str | None
    sources: list[str]
    began_at: datetime
    last_at: datetime
    ended_at: datetime | None
    message: str


def incidents(conn: Connection, *, ended: bool | None = None) -> list[StoredIncident]:
    """Incidents by their beginning; `ended` chooses those that are over (True) or go on (False)."""
    query = sa.select(INCIDENT).order_by(INCIDENT.c.began_at, INCIDENT.c.id)
    if ended is not None:
        query = query.where(INCIDENT.c.ended_at.is_not(None) if ended else INCIDENT.c.ended_at.is_(None))
    return [StoredIncident(**row._mapping) for row in conn.execute(query)]


def note_incident(conn: Connection, source_id: str, kind: str, message: str, now: datetime) -> int:
    """A crawl of the source failed: part of an incident that goes on, or a new one. Returns its id."""
    reader = conn.scalar(sa.select(SOURCE.c.reader).where(SOURCE.c.id == source_id))
    platform = None if reader == _NO_PLATFORM else reader
    going_on = incidents(conn, ended=False)
    mine = next((each for each in going_on if source_id in each.sources), None)
    mine = mine or next((each for each in going_on if platform and _joins(each, platform, now)), None)
    if mine is not None:
        sources = sorted({*mine.sources, source_id})
        conn.execute(INCIDENT.update().where(INCIDENT.c.id == mine.id).values(sources=sources, last_at=now))
        return mine.id
    values = {"kind": kind, "platform": platform, "sources": [source_id], "began_at": now, "last_at": now}
    row = conn.execute(INCIDENT.insert().returning(INCIDENT.c.id), {**values, "message": storable(message)})
    return int(row.scalar_one())


def _joins(incident: StoredIncident, platform: str, now: datetime) -> bool:
    since = incident.last_at if len(incident.sources) >= _MANY else incident.began_at
    return incident.platform == platform and now - since < _TOGETHER


def end_incidents(conn: Connection, source_id: str, now: datetime) -> None:
    """A crawl of the source went well: its incidents are over where the last crawls of all their other sources did too."""
    for incident in incidents(conn, ended=False):
        if source_id not in incident.sources:
            continue
        others = [source for source in incident.sources if source != source_id]
        latest = sa.select(sa.func.max(CRAWL.c.id)).where(CRAWL.c.source_id.in_(others), CRAWL.c.verdict.is_not(None))
        failing = sa.select(sa.func.count()).where(
            CRAWL.c.id.in_(latest.group_by(CRAWL.c.source_id)), CRAWL.c.verdict == "failed"
        )
        if not others or not conn.scalar(failing):
            conn.execute(INCIDENT.update().where(INCIDENT.c.id == incident.id).values(ended_at=now))

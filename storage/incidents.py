"""Incidents: what went wrong on one source, or on many sources of one platform at once, which is one thing and not twenty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.good_crawls import GOOD
from storage.tables import CRAWL, INCIDENT, SOURCE
from storage.text import storable
from storage.troubles import UNREACHED, Trouble

_TOGETHER = timedelta(days=1)  # what begins on a platform within a day is one thing
_MANY = 3  # sources; so many make the platform's matter certain, however late the next one follows
_NO_PLATFORM = "generic"  # sources that share this reader share nothing
OURS = "our network"
_LATELY, _NEARLY_ALL = timedelta(hours=1), 0.8
_FORGOTTEN = timedelta(weeks=1)  # a source that is not crawled any more holds no incident up


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


def note_incident(
    conn: Connection, source_id: str, kind: str, message: str, now: datetime, *, trouble: Trouble | None = None
) -> int:
    """A crawl of the source was not good: part of an incident that goes on, or a new one. Returns its id. To be called after the crawl is
    finished: where nothing was reached of nearly all sources for an hour, the trouble is on our side, and one incident of all of them.
    """
    going_on = incidents(conn, ended=False)
    if trouble in UNREACHED and (all_of_them := _unreached(conn, now)):
        return _ours(conn, going_on, all_of_them, kind, message, now)
    reader = conn.scalar(sa.select(SOURCE.c.reader).where(SOURCE.c.id == source_id))
    platform = None if reader == _NO_PLATFORM else reader
    mine = next((each for each in going_on if source_id in each.sources), None)
    mine = mine or next((each for each in going_on if platform and _joins(each, platform, now)), None)
    if mine is not None:
        sources = sorted({*mine.sources, source_id})
        conn.execute(INCIDENT.update().where(INCIDENT.c.id == mine.id).values(sources=sources, last_at=now))
        return mine.id
    return _begin(conn, kind, platform, [source_id], message, now)


def _begin(conn: Connection, kind: str, platform: str | None, sources: list[str], message: str, now: datetime) -> int:
    values = {"kind": kind, "platform": platform, "sources": sources, "began_at": now, "last_at": now}
    row = conn.execute(INCIDENT.insert().returning(INCIDENT.c.id), {**values, "message": storable(message)})
    return int(row.scalar_one())


def _joins(incident: StoredIncident, platform: str, now: datetime) -> bool:
    since = incident.last_at if len(incident.sources) >= _MANY else incident.began_at
    return incident.platform == platform and now - since < _TOGETHER


def _unreached(conn: Connection, now: datetime) -> set[str]:
    """The sources of which nothing was reached in the last hour, where they are nearly all that were asked: three at least, and of
    any platform. No site is down because another one is.
    """
    newest = sa.select(sa.func.max(CRAWL.c.id)).where(
        CRAWL.c.source_id == SOURCE.c.id, CRAWL.c.verdict.is_not(None), CRAWL.c.trouble.is_distinct_from(Trouble.INTERRUPTED)
    )  # fmt: skip
    last = sa.select(CRAWL.c.source_id, CRAWL.c.trouble, CRAWL.c.verdict, SOURCE.c.reader)
    last = last.join_from(CRAWL, SOURCE, SOURCE.c.id == CRAWL.c.source_id)
    last = last.where(CRAWL.c.id == newest.correlate(SOURCE).scalar_subquery(), CRAWL.c.finished_at > now - _LATELY)
    rows = conn.execute(last).all()
    failing = {row.source_id for row in rows if row.verdict == "failed" and row.trouble in UNREACHED}
    readers = {row.reader for row in rows if row.source_id in failing}
    sure = len(failing) >= _MANY and len(readers) > 1 and len(failing) >= _NEARLY_ALL * len(rows)
    return failing if sure else set()


def _ours(
    conn: Connection, going_on: list[StoredIncident], sources: set[str], kind: str, message: str, now: datetime
) -> int:
    """One incident of all of them: those that began on the way to it are part of it."""
    mine = next((each for each in going_on if each.kind == OURS), None)
    parts = [
        each
        for each in going_on
        if each is not mine and sources.issuperset(each.sources) and now - each.began_at < _LATELY
    ]
    began = min((each.began_at for each in parts), default=now)
    conn.execute(INCIDENT.delete().where(INCIDENT.c.id.in_([each.id for each in parts])))
    if mine is None:
        said = f"nothing is reached of {len(sources)} sources, so the trouble is likely on our side: {message}"
        number = _begin(conn, OURS, None, sorted(sources), said, now)
        conn.execute(INCIDENT.update().where(INCIDENT.c.id == number).values(began_at=began))
        return number
    everyone = sorted({*mine.sources, *sources})
    conn.execute(INCIDENT.update().where(INCIDENT.c.id == mine.id).values(sources=everyone, last_at=now))
    return mine.id


def end_incidents(conn: Connection, source_id: str, now: datetime) -> None:
    """A crawl of the source was good: its incidents are over where those of all their other sources were too, or where those are
    not crawled any more.
    """
    for incident in incidents(conn, ended=False):
        if source_id not in incident.sources:
            continue
        others = [source for source in incident.sources if source != source_id]
        latest = sa.select(sa.func.max(CRAWL.c.id)).where(CRAWL.c.source_id.in_(others), CRAWL.c.verdict.is_not(None))
        latest = latest.where(CRAWL.c.trouble.is_distinct_from(Trouble.INTERRUPTED))
        failing = sa.select(sa.func.count()).where(
            CRAWL.c.id.in_(latest.group_by(CRAWL.c.source_id)), ~GOOD, CRAWL.c.finished_at > now - _FORGOTTEN
        )
        if not others or not conn.scalar(failing):
            conn.execute(INCIDENT.update().where(INCIDENT.c.id == incident.id).values(ended_at=now))

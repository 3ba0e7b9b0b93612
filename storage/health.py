"""How each source is: ok, quiet, stale, blocked or broken, and why, from what is stored of its crawls and its stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.good_crawls import USEFUL
from storage.incidents import incidents
from storage.rhythm import stories_of_sources
from storage.states import Past, State, judged
from storage.status import failures_in_a_row
from storage.tables import CRAWL, SOURCE
from storage.troubles import Trouble

_TROUBLES = frozenset(Trouble)
_PACED_BY = 10  # crawls: how often a source is read is learned from so many


@dataclass(slots=True, frozen=True, kw_only=True)
class SourceHealth:
    """A source and how it is. `why`: one sentence for a reader. `reason`: what its last crawl was not ok of, for an operator,
    and `trouble` the class of that; `since`: when the state began (of a quiet one: since when there are so few).
    `last_good_at`: when a crawl last reached its listing and lost no field. `rhythm`: articles a week, None when too little is known.
    `articles_today`: on this day in London so far. `failures`: failed crawls in a row; `page_errors`: article pages that
    could not be read in the last crawl. `incident`: the id of the one that it is part of.
    """

    source: str
    name: str
    force: str
    area: str
    home_url: str
    state: State
    why: str
    since: datetime | None
    trouble: Trouble | None
    reason: str | None
    last_crawl_at: datetime | None
    last_good_at: datetime | None
    last_story_at: datetime | None
    rhythm: float | None
    articles_today: int
    failures: int
    page_errors: int
    incident: int | None


def health(conn: Connection, now: datetime) -> list[SourceHealth]:
    """All sources by id. A few looks into indexes for each, however many crawls and articles there have been."""
    looks = conn.execute(_LOOKS).all()
    numbers = {n for row in looks for n in row[_NUMBERS] if n is not None}
    crawls = {row.id: row for row in conn.execute(_CRAWLS, {"ids": sorted(numbers)})} if numbers else {}
    last = {row.id: crawls.get(max((row.ok or 0, row.degraded or 0, row.failed or 0))) for row in looks}
    stories, failures = stories_of_sources(conn, now), failures_in_a_row(conn)
    going_on = {source: each.id for each in incidents(conn, ended=False) for source in each.sources}
    found = []
    for row in looks:
        crawl = last[row.id]
        past = _past(row, crawl, crawls, failures[row.id])
        state, why, since = judged(past, stories[row.id], now)
        found.append(
            SourceHealth(
                source=row.id,
                name=row.name,
                force=row.force,
                area=row.area,
                home_url=row.home_url,
                state=state,
                why=why,
                since=since,
                trouble=past.trouble,
                reason=past.reason,
                last_crawl_at=past.last_at,
                last_good_at=past.good_at,
                last_story_at=stories[row.id].last_at,
                rhythm=stories[row.id].rhythm,
                articles_today=stories[row.id].today,
                failures=past.failures,
                page_errors=crawl.failed if crawl is not None else 0,
                incident=None if past.good else going_on.get(row.id),
            )
        )
    return found


def _newest(*which: sa.ColumnElement[bool], skip: int = 0) -> sa.ScalarSelect[Any]:
    mine = sa.select(CRAWL.c.id).where(CRAWL.c.source_id == SOURCE.c.id, *which).correlate(SOURCE)
    return mine.order_by(CRAWL.c.id.desc()).limit(1).offset(skip).scalar_subquery()


# A crawl that was cut off before it saw a listing says nothing of its source.
_TELLS = sa.func.coalesce(CRAWL.c.trouble, "").not_in((Trouble.INTERRUPTED, Trouble.STOPPED)) | (CRAWL.c.links > 0)
_ENDS = sa.select(
    SOURCE.c.id, SOURCE.c.name, SOURCE.c.force, SOURCE.c.area, SOURCE.c.home_url, SOURCE.c.added_at,
    _newest(CRAWL.c.verdict == "ok").label("ok"),
    _newest(CRAWL.c.verdict == "degraded", USEFUL).label("partly"),
    _newest(CRAWL.c.verdict == "degraded", _TELLS).label("degraded"),
    _newest(CRAWL.c.verdict == "failed", CRAWL.c.trouble.is_distinct_from(Trouble.INTERRUPTED)).label("failed"),
    _newest(CRAWL.c.verdict == "degraded", ~USEFUL).label("lost"),
    _newest(skip=_PACED_BY).label("paced_from"),
    _newest().label("newest"),
).cte("ends")  # fmt: skip


def _greater(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    one, other = sa.func.coalesce(one, 0), sa.func.coalesce(other, 0)
    return sa.case((one > other, one), else_=other)


def _after(which: sa.ColumnElement[Any], *these: sa.ColumnElement[bool], skip: int = 0) -> sa.ScalarSelect[Any]:
    mine = sa.select(CRAWL.c.id).where(CRAWL.c.source_id == _ENDS.c.id, CRAWL.c.id > which, *these).correlate(_ENDS)
    return mine.order_by(CRAWL.c.id).limit(1).offset(skip).scalar_subquery()


_GOOD, _BAD = _greater(_ENDS.c.ok, _ENDS.c.partly), _greater(_ENDS.c.failed, _ENDS.c.lost)
_ENDED = (CRAWL.c.verdict.is_not(None), CRAWL.c.trouble.is_distinct_from(Trouble.INTERRUPTED), _TELLS)
_LOOKS = sa.select(
    _ENDS,
    _after(_GOOD, *_ENDED).label("bad"),
    _after(_GOOD, *_ENDED, skip=1).label("again"),
    _after(_BAD, *_ENDED).label("well"),
).order_by(_ENDS.c.id)  # fmt: skip
_NUMBERS = slice(6, 16)
_CRAWLS = sa.select(CRAWL).where(CRAWL.c.id.in_(sa.bindparam("ids", expanding=True)))


def _past(row: Any, last: Any, crawls: Mapping[int, Any], failures: int) -> Past:
    good, bad, well = crawls.get(max(row.ok or 0, row.partly or 0)), crawls.get(row.bad), crawls.get(row.well)
    paced_from, newest = crawls.get(row.paced_from), crawls.get(row.newest)
    told = last is not None and last.verdict != "ok"
    return Past(
        verdict=last.verdict if last is not None else None,
        reason=last.reason if told else None,
        trouble=Trouble(last.trouble) if told and last.trouble in _TROUBLES else None,
        last_at=last.finished_at if last is not None else None,
        good=last is not None and good is not None and last.id == good.id,
        good_at=good.finished_at if good is not None else None,
        bad_at=bad.finished_at if bad is not None else None,
        again=row.again is not None,
        well_since=well.finished_at if well is not None else None,
        pause=(newest.started_at - paced_from.started_at) / _PACED_BY if newest and paced_from else None,
        begun=newest is not None,
        failures=failures,
        added_at=row.added_at,
    )

"""How each source is: ok, quiet, stale, blocked or broken, and why, from what is stored of its crawls and its stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.incidents import incidents
from storage.rhythm import stories_of_sources
from storage.states import Past, State, judged
from storage.status import failures_in_a_row
from storage.tables import CRAWL, ISSUE, SOURCE
from storage.troubles import kind_of_trouble

INTERRUPTED = "interrupted"  # the reason of a crawl whose process was killed: no word on its source
_PACED_BY = 10  # crawls: how often a source is read is learned from so many


@dataclass(slots=True, frozen=True, kw_only=True)
class SourceHealth:
    """A source and how it is. `why`: one sentence for a reader. `reason`: what its last crawl was not ok of, for an operator.
    `last_good_at`: when a crawl last reached its listing. `rhythm`: articles a week, None when too little is known.
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
    numbers = {n for row in looks for n in row[_IDS] if n is not None}
    crawls = {row.id: row for row in conn.execute(_CRAWLS, {"ids": sorted(numbers)})} if numbers else {}
    last = {row.id: crawls.get(max((row.ok or 0, row.degraded or 0, row.failed or 0))) for row in looks}
    issues = _issues(conn, [crawl.id for crawl in last.values() if crawl is not None and crawl.verdict != "ok"])
    stories, failures = stories_of_sources(conn, now), failures_in_a_row(conn)
    going_on = {source: each.id for each in incidents(conn, ended=False) for source in each.sources}
    found = []
    for row in looks:
        crawl = last[row.id]
        past = _past(row, crawl, crawls, issues, failures[row.id])
        state, why = judged(past, stories[row.id], now)
        found.append(
            SourceHealth(
                source=row.id,
                name=row.name,
                force=row.force,
                area=row.area,
                home_url=row.home_url,
                state=state,
                why=why,
                reason=past.reason,
                last_crawl_at=past.last_at,
                last_good_at=past.good_at,
                last_story_at=stories[row.id].last_at,
                rhythm=stories[row.id].rhythm,
                articles_today=stories[row.id].today,
                failures=past.failures,
                page_errors=crawl.failed if crawl is not None else 0,
                incident=going_on.get(row.id),
            )
        )
    return found


def _newest(*which: sa.ColumnElement[bool], skip: int = 0) -> sa.ScalarSelect[Any]:
    mine = sa.select(CRAWL.c.id).where(CRAWL.c.source_id == SOURCE.c.id, *which)
    return mine.order_by(CRAWL.c.id.desc()).limit(1).offset(skip).correlate(SOURCE).scalar_subquery()


_LOOKS = sa.select(
    SOURCE.c.id, SOURCE.c.name, SOURCE.c.force, SOURCE.c.area, SOURCE.c.home_url,
    _newest(CRAWL.c.verdict == "ok").label("ok"),
    _newest(CRAWL.c.verdict == "degraded").label("degraded"),
    _newest(CRAWL.c.verdict == "degraded", CRAWL.c.links > 0).label("partly"),
    _newest(CRAWL.c.verdict == "failed", CRAWL.c.reason.is_distinct_from(INTERRUPTED)).label("failed"),
    _newest(skip=_PACED_BY).label("paced_from"),
    _newest().label("newest"),
).order_by(SOURCE.c.id)  # fmt: skip
_IDS = slice(5, 11)
_CRAWLS = sa.select(CRAWL).where(CRAWL.c.id.in_(sa.bindparam("ids", expanding=True)))


def _issues(conn: Connection, crawls: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    columns = sa.select(ISSUE.c.crawl_id, ISSUE.c.kind, ISSUE.c.message)
    for row in conn.execute(columns.where(ISSUE.c.crawl_id.in_(crawls)).order_by(ISSUE.c.id)):
        found[row.crawl_id].append((row.kind, row.message))
    return found


def _past(row: Any, last: Any, crawls: Mapping[int, Any], issues: Mapping[int, Any], failures: int) -> Past:
    good = crawls.get(max(row.ok or 0, row.partly or 0))
    paced_from, newest = crawls.get(row.paced_from), crawls.get(row.newest)
    told = last is not None and last.verdict != "ok"
    return Past(
        verdict=last.verdict if last is not None else None,
        reason=last.reason if told else None,
        kind=kind_of_trouble(last.reason, issues.get(last.id, ())) if told else None,
        last_at=last.finished_at if last is not None else None,
        good_at=good.finished_at if good is not None else None,
        pause=(newest.started_at - paced_from.started_at) / _PACED_BY if newest and paced_from else None,
        begun=newest is not None,
        failures=failures,
    )

"""How the sources fare: the last crawl of each, and what it noticed."""

from __future__ import annotations

import socket
from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.crawls import Counts
from storage.incidents import incidents
from storage.running import is_alive
from storage.tables import ARTICLE, CRAWL, ISSUE, SOURCE


@dataclass(slots=True, kw_only=True)
class StoredIssue:
    """Something a crawl noticed, as stored."""

    id: int
    source: str
    crawl: int | None
    at: datetime
    kind: str
    url: str | None
    message: str


@dataclass(slots=True, kw_only=True)
class SourceStatus:
    """A source and its last crawl; the crawl's fields are None before the first one. `verdict` is ok, degraded or failed,
    running while the crawl runs, and interrupted when its process was killed. `incident`: the id of the one that it is part of.
    """

    source: str
    name: str
    area: str
    home_url: str
    crawl: int | None
    started_at: datetime | None
    finished_at: datetime | None
    verdict: str | None
    reason: str | None
    counts: Counts
    articles: int
    last_new_at: datetime | None
    issues: list[StoredIssue]
    failures: int
    incident: int | None


def status(conn: Connection, *, now: datetime | None = None, host: str | None = None) -> list[SourceStatus]:
    """All sources by id. `articles` are those not removed; `failures` the failed crawls in a row."""
    now, host = now or datetime.now(UTC), host or socket.gethostname()
    latest = sa.select(_last(CRAWL.c.source_id == SOURCE.c.id)).select_from(SOURCE)
    crawls = {row.source_id: row for row in conn.execute(sa.select(CRAWL).where(CRAWL.c.id.in_(latest)))}
    articles = {
        row.source_id: row
        for row in conn.execute(
            sa.select(
                ARTICLE.c.source_id,
                sa.func.count().filter(ARTICLE.c.removed_at.is_(None)).label("live"),
                sa.func.max(ARTICLE.c.first_seen_at).label("last_new_at"),
            ).group_by(ARTICLE.c.source_id)
        )
    }
    failures = failures_in_a_row(conn)
    going_on = {source: each.id for each in incidents(conn, ended=False) for source in each.sources}
    noticed: defaultdict[str, list[StoredIssue]] = defaultdict(list)
    query = _issues_query().where(ISSUE.c.crawl_id.in_([row.id for row in crawls.values()]))
    for row in conn.execute(query.order_by(ISSUE.c.id)):
        noticed[row.source].append(StoredIssue(**row._mapping))
    return [
        SourceStatus(
            source=source.id,
            name=source.name,
            area=source.area,
            home_url=source.home_url,
            **_last_crawl(conn, crawls.get(source.id), now, host),
            articles=articles[source.id].live if source.id in articles else 0,
            last_new_at=articles[source.id].last_new_at if source.id in articles else None,
            issues=noticed[source.id],
            failures=failures.get(source.id, 0),
            incident=going_on.get(source.id),
        )
        for source in conn.execute(sa.select(SOURCE).order_by(SOURCE.c.id)).all()
    ]


def _last_crawl(conn: Connection, crawl: Any, now: datetime, host: str) -> dict[str, Any]:
    if crawl is None:
        names = ("crawl", "started_at", "finished_at", "verdict", "reason")
        return {**dict.fromkeys(names), "counts": Counts()}
    verdict = crawl.verdict
    if verdict is None:
        verdict = "running" if is_alive(conn, crawl, now=now, host=host) else "interrupted"
    return {
        "crawl": crawl.id,
        "started_at": crawl.started_at,
        "finished_at": crawl.finished_at,
        "verdict": verdict,
        "reason": crawl.reason,
        "counts": Counts(**{field.name: crawl._mapping[field.name] for field in fields(Counts)}),
    }


def _last(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """The last of a source's crawls: for each source a look into an index, however many crawls there have been."""
    return sa.select(sa.func.max(CRAWL.c.id)).where(*which).correlate(SOURCE).scalar_subquery()


def failures_in_a_row(conn: Connection) -> dict[str, int]:
    """The failed crawls since the last one that was not, by source."""
    mine = CRAWL.c.source_id == SOURCE.c.id
    ok, degraded = (sa.func.coalesce(_last(mine, CRAWL.c.verdict == verdict), 0) for verdict in ("ok", "degraded"))
    since = sa.select(sa.func.count()).select_from(CRAWL)
    since = since.where(mine, CRAWL.c.verdict == "failed", CRAWL.c.id > ok, CRAWL.c.id > degraded)
    failures = since.correlate(SOURCE).scalar_subquery()
    return {row.id: row.failures for row in conn.execute(sa.select(SOURCE.c.id, failures.label("failures")))}


def issues(
    conn: Connection, *, source: str | None = None, since: datetime | None = None, limit: int = 100
) -> list[StoredIssue]:
    """The latest issues, the newest first."""
    query = _issues_query().order_by(ISSUE.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(ISSUE.c.source_id == source)
    if since is not None:
        query = query.where(ISSUE.c.at >= since)
    return [StoredIssue(**row._mapping) for row in conn.execute(query)]


def _issues_query() -> sa.Select[Any]:
    columns = (ISSUE.c.at, ISSUE.c.kind, ISSUE.c.url, ISSUE.c.message)
    return sa.select(ISSUE.c.id, ISSUE.c.source_id.label("source"), ISSUE.c.crawl_id.label("crawl"), *columns)

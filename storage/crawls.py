"""Crawls: one run over one source, what came of it, and the issues it noticed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.owners import Owner
from storage.planned import Planned
from storage.processes import process_began
from storage.running import UNFINISHED, CrawlRunning, is_alive
from storage.tables import ARTICLE, CRAWL, ISSUE, SOURCE
from storage.taking import take
from storage.text import storable
from storage.troubles import Trouble

__all__ = [
    "Counts", "CrawlRunning", "add_issue", "clock_was_set_back", "close_crawl", "finish_crawl",
    "is_alive", "last_crawl_ended_at", "refuse_while_running", "register_source", "start_crawl",
]  # fmt: skip

_MOMENT = timedelta(seconds=1)


_HOMES = sa.select(SOURCE.c.id, SOURCE.c.home_url)


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a crawl did. Pages but for `bytes`; `links` are the article links on the listing."""

    requests: int = 0
    bytes: int = 0
    links: int = 0
    new: int = 0
    edited: int = 0
    removed: int = 0
    restored: int = 0
    unchanged: int = 0
    not_modified: int = 0
    failed: int = 0

    @property
    def read(self) -> int:
        """Pages that answered with a story, or that it is as it was."""
        return self.new + self.edited + self.restored + self.unchanged + self.not_modified


def register_source(
    conn: Connection,
    *,
    id: str,
    name: str,
    force: str,
    area: str,
    language: str,
    reader: str,
    home_url: str,
    region: str | None = None,
    now: datetime,
) -> None:
    """Stores a source, or what its entry says of it now. Writes nothing where that is what it said before."""
    said = {"name": name, "force": force, "area": area, "region": region, "language": language, "reader": reader}
    said["home_url"] = home_url
    known = conn.execute(sa.select(*(SOURCE.c[name] for name in said)).where(SOURCE.c.id == id)).one_or_none()
    if known is not None and known._asdict() == said:
        return
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(SOURCE)
    values = {"id": id, **said, "added_at": now, "walk_open": False}
    conn.execute(insert.values(values).on_conflict_do_update(index_elements=["id"], set_=said))


def start_crawl(
    conn: Connection,
    source_id: str,
    *,
    reader: str,
    reader_version: int,
    entry: str = "",
    now: datetime,
    pid: int,
    host: str,
    planned: Planned | None = None,
    lent_by: Owner | None = None,
) -> int:
    """A new crawl's id; `entry` as in `Fetched`. An unfinished crawl whose process is gone is closed as failed, with
    the reason "interrupted". `planned`: the source as a schedule has it; the crawl claims it then (`storage.taking`), and
    `schedule.rearm` ends that. `lent_by`: the process that claimed it for this crawl.

    Raises `CrawlRunning` when its process lives on this host, or, on another host, stored a page or renewed its claim in the last
    15 minutes; likewise when another process reads another source on the same site, or holds a claim on it.
    """
    # Two crawls that begin at once take turns: SQLite lets one writer in, PostgreSQL is asked for the row's lock.
    conn.execute(sa.select(SOURCE.c.id).where(SOURCE.c.id == source_id).with_for_update())
    unfinished = conn.execute(UNFINISHED, {"sources": [source_id]}).all()
    for crawl in unfinished:
        _refuse_while_running(conn, crawl, now=now, host=host)
    _refuse_second_on_site(conn, source_id, now=now, pid=pid, host=host)
    began = process_began(pid)
    if planned is not None:
        take(conn, planned, now, Owner(pid, began, host), lent_by)
    for crawl in unfinished:
        close_crawl(conn, crawl.id, trouble=Trouble.INTERRUPTED, reason="interrupted", now=now)
    values = {
        "source_id": source_id,
        "started_at": now,
        "pid": pid,
        "process_began": began,
        "host": host,
        "reader": reader,
        "reader_version": reader_version,
        "entry": entry,
        **asdict(Counts()),
    }
    return int(conn.execute(CRAWL.insert().returning(CRAWL.c.id), values).scalar_one())


def close_crawl(conn: Connection, crawl_id: int, *, trouble: Trouble, reason: str, now: datetime) -> None:
    """Closes a crawl whose process is gone, as failed: it could not say so itself. One that did say how it ended keeps that.

    For whoever ended the process: `Trouble.TIME_LIMIT`, `Trouble.MEMORY_LIMIT`.
    """
    closed = {"verdict": "failed", "reason": storable(reason), "trouble": trouble, "finished_at": now}
    conn.execute(CRAWL.update().where(CRAWL.c.id == crawl_id, CRAWL.c.verdict.is_(None)).values(closed))


def refuse_while_running(conn: Connection, source_id: str, *, now: datetime, host: str) -> None:
    """Raises `CrawlRunning` when a crawl of the source is running."""
    for crawl in conn.execute(UNFINISHED, {"sources": [source_id]}).all():
        _refuse_while_running(conn, crawl, now=now, host=host)


def _refuse_while_running(conn: Connection, crawl: Any, *, now: datetime, host: str) -> None:
    if is_alive(conn, crawl, now=now, host=host):
        raise CrawlRunning(
            f"{crawl.source_id}: a crawl of {crawl.started_at:%Y-%m-%d %H:%M} UTC is still running"
            f" (process {crawl.pid} on {crawl.host}); wait for its end, or end that process"
        )


def _refuse_second_on_site(conn: Connection, source_id: str, *, now: datetime, pid: int, host: str) -> None:
    """Within one process a gate keeps the requests to a site apart; two processes know of each other only through the store."""
    homes = {row.id: urlsplit(row.home_url).netloc for row in conn.execute(_HOMES)}
    beside = [source for source, home in homes.items() if home == homes.get(source_id) and source != source_id]
    for crawl in conn.execute(UNFINISHED, {"sources": beside}).all() if beside else ():
        if (crawl.pid, crawl.host) != (pid, host) and is_alive(conn, crawl, now=now, host=host):
            raise CrawlRunning(
                f"{source_id}: process {crawl.pid} on {crawl.host} reads {crawl.source_id} on the same site"
                f" ({homes[source_id]}); wait for its end, or end that process"
            )


def last_crawl_ended_at(conn: Connection, crawl_id: int) -> datetime | None:
    """When the latest crawl of the same source before this one ended, by the clock of then."""
    source = sa.select(CRAWL.c.source_id).where(CRAWL.c.id == crawl_id).scalar_subquery()
    return conn.scalar(
        sa.select(CRAWL.c.finished_at)
        .where(CRAWL.c.source_id == source, CRAWL.c.id < crawl_id, CRAWL.c.finished_at.is_not(None))
        .order_by(CRAWL.c.id.desc())
        .limit(1)
    )


def clock_was_set_back(conn: Connection, source_id: str, now: datetime) -> None:
    """A new design that came in what is the future came now, and what was read before it was read before: the pages that are read
    next have it, and it is no edit of theirs.
    """
    changed = conn.scalar(sa.select(SOURCE.c.template_changed_at).where(SOURCE.c.id == source_id))
    if changed is None or changed <= now:
        return
    conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(template_changed_at=now))
    before = (ARTICLE.c.last_seen_at >= now) & (ARTICLE.c.last_seen_at < changed)
    conn.execute(ARTICLE.update().where(ARTICLE.c.source_id == source_id, before).values(last_seen_at=now - _MOMENT))


def finish_crawl(
    conn: Connection,
    crawl_id: int,
    *,
    verdict: str,
    reason: str | None,
    trouble: Trouble | None = None,
    counts: Counts,
    now: datetime,
) -> None:
    """Stores how a crawl ended: ok, degraded or failed, why in one line, and the class of that."""
    values = {"verdict": verdict, "reason": storable(reason), "trouble": trouble, "finished_at": now, **asdict(counts)}
    conn.execute(CRAWL.update().where(CRAWL.c.id == crawl_id).values(values))


def add_issue(
    conn: Connection,
    *,
    source_id: str,
    crawl_id: int | None,
    kind: str,
    message: str,
    url: str | None = None,
    now: datetime,
) -> None:
    """Stores something that a person should see."""
    values = {"source_id": source_id, "crawl_id": crawl_id, "at": now, "kind": kind}
    conn.execute(ISSUE.insert(), {**values, "url": storable(url), "message": storable(message)})

"""One source: its last good crawl beside the one that began to fail, what differs, and where to look."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.health import SourceHealth, health
from storage.tables import CRAWL, ISSUE, KEPT_PAGE, SOURCE
from storage.troubles import LOST

_MOST = 5
_SIDE = (
    "started_at",
    "verdict",
    "trouble",
    "reason",
    "reader",
    "reader_version",
    "entry",
    "requests",
    "links",
    "new",
    "edited",
    "unchanged",
    "not_modified",
    "failed",
)


@dataclass(slots=True, kw_only=True)
class Compared:
    """`good`: the last crawl that read the source well; `bad`: the first after it that did not, `last` the newest one (each by column,
    None where there is none). `noticed`: what the bad and the last one said, as kind, URL and message; `changed`: what is not as it was;
    `pages`: kept pages that could not be read, as number, URL, moment and why; `next`: what to do.
    """

    health: SourceHealth
    good: dict[str, Any] | None
    bad: dict[str, Any] | None
    last: dict[str, Any] | None
    noticed: list[tuple[str, str | None, str]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    next: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def compared(conn: Connection, source_id: str, now: datetime) -> Compared | None:
    """None where the store has no such source."""
    mine = next((each for each in health(conn, now) if each.source == source_id), None)
    if mine is None:
        return None
    ended = (
        sa.select(CRAWL)
        .where(CRAWL.c.source_id == source_id, CRAWL.c.verdict.is_not(None))
        .order_by(CRAWL.c.id.desc())
        .limit(1)
    )
    lost = sa.func.coalesce(CRAWL.c.trouble, "").in_(LOST)
    well = sa.or_(CRAWL.c.verdict == "ok", sa.and_(CRAWL.c.verdict == "degraded", CRAWL.c.links > 0, ~lost))
    good, last = conn.execute(ended.where(well)).one_or_none(), conn.execute(ended).one_or_none()
    later = sa.select(CRAWL).where(
        CRAWL.c.source_id == source_id, CRAWL.c.verdict.is_not(None), CRAWL.c.id > (good.id if good else 0)
    )
    bad = conn.execute(later.order_by(CRAWL.c.id).limit(1)).one_or_none()
    found = Compared(health=mine, good=_side(good), bad=_side(bad), last=_side(last))
    ids = {row.id for row in (bad, last) if row is not None and row is not good}
    issues = sa.select(ISSUE.c.kind, ISSUE.c.url, ISSUE.c.message).where(ISSUE.c.crawl_id.in_(ids)).distinct()
    found.noticed = [(row.kind, row.url, row.message) for row in conn.execute(issues).all()][:_MOST]
    unread = sa.select(KEPT_PAGE.c.id, KEPT_PAGE.c.url, KEPT_PAGE.c.fetched_at, KEPT_PAGE.c.error)
    unread = unread.where(KEPT_PAGE.c.source_id == source_id, KEPT_PAGE.c.article_id.is_(None))
    found.pages = [row._asdict() for row in conn.execute(unread.order_by(KEPT_PAGE.c.fetched_at.desc()).limit(_MOST))]
    found.changed = list(_changed(conn, source_id, good, bad))
    found.next = list(_next(found))
    return found


def _side(crawl: Any) -> dict[str, Any] | None:
    return {name: getattr(crawl, name) for name in _SIDE} if crawl is not None else None


def _changed(conn: Connection, source_id: str, good: Any, bad: Any) -> list[str]:
    if good is None or bad is None:
        return []
    changed = []
    if good.entry != bad.entry:
        changed.append("the source's entry: what it tells the reader")
    if (good.reader, good.reader_version) != (bad.reader, bad.reader_version):
        changed.append(f"the reader: {good.reader} {good.reader_version}, then {bad.reader} {bad.reader_version}")
    at = conn.scalar(sa.select(SOURCE.c.template_changed_at).where(SOURCE.c.id == source_id))
    if at is not None and at >= good.started_at:
        changed.append(f"the site's design, at {at:%Y-%m-%d %H:%M} UTC")
    if good.links and bad.links < good.links / 2:
        changed.append(f"links on the listing: {good.links}, then {bad.links}")
    return changed or ["nothing of ours: it is the site"]


_DO = {
    "dns": "see whether the name is gone for others too; then correct the entry's hosts",
    "tls": "the site's certificate is not right: tell its owner",
    "blocked": "the site does not want us: write to its owner; there is no way round it",
    "robots": "robots.txt keeps us out: ask its owner",
    "robots unread": "robots.txt cannot be read, and the host is left alone while that is so",
    "gone": "the listing is gone: find the new one with forcewire sources probe",
    "listing empty": "look at the listing in a browser; where stories are there, its selectors are no more: forcewire sources probe",
    "page changed": "the site's pages are made otherwise: try a kept page with forcewire read, then correct entry or reader",
    "date unread": "dates are printed otherwise: try a kept page with forcewire read",
    "store": "see forcewire doctor: the store",
}


def _next(found: Compared) -> list[str]:
    source = found.health.source
    if found.health.state == "ok":
        return ["nothing"]
    todo = []
    if found.health.trouble is not None and found.health.trouble in _DO:
        todo.append(_DO[found.health.trouble])
    todo.append(f"forcewire sources check {source}: reads the site as it is now, and stores nothing")
    if found.pages:
        page = found.pages[0]
        todo.append(
            f"forcewire doctor {source} --page {page['id']} > page.html, then: forcewire read page.html --url '{page['url']}'"
        )
    return todo

"""What is known around a change: the article's state now, its pages' last answers, and the crawl that saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.stored_changes import StoredChange
from storage.tables import ARTICLE, CRAWL, PAGE


@dataclass(slots=True, kw_only=True)
class PageState:
    """The last answer of a page of an article. `gone_since`: the first of `gone_answers` in a row that it is not there."""

    url: str
    status: int | None
    checked_at: datetime | None
    gone_since: datetime | None
    gone_answers: int


@dataclass(slots=True, kw_only=True)
class Circumstances:
    """The article as it is now, not as it was at the change. The crawl's moment and verdict are None for an import."""

    first_seen_at: datetime
    last_seen_at: datetime
    removed_at: datetime | None
    suppressed_at: datetime | None
    erased_at: datetime | None
    pages: list[PageState]
    crawl_began_at: datetime | None
    crawl_verdict: str | None


def circumstances(conn: Connection, change: StoredChange) -> Circumstances:
    """Of a stored change."""
    article = conn.execute(
        sa.select(
            *(ARTICLE.c[name] for name in ("first_seen_at", "last_seen_at", "removed_at", "suppressed_at", "erased_at"))
        ).where(ARTICLE.c.id == change.article_id)
    ).one()
    crawl = conn.execute(
        sa.select(CRAWL.c.started_at, CRAWL.c.verdict).where(CRAWL.c.id == sa.literal(change.crawl, sa.Integer))
    ).first()
    pages = sa.select(PAGE.c.url, PAGE.c.status, PAGE.c.checked_at, PAGE.c.gone_since, PAGE.c.gone_answers).where(
        PAGE.c.source_id == change.source, PAGE.c.article_id == change.article_id
    )
    return Circumstances(
        **article._mapping,
        pages=[PageState(**row._mapping) for row in conn.execute(pages.order_by(PAGE.c.id))],
        crawl_began_at=crawl.started_at if crawl else None,
        crawl_verdict=crawl.verdict if crawl else None,
    )

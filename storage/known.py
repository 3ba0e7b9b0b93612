"""What a crawl asks of all pages of a source at once, where a question for each page would cost a query for each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.answers import Validators
from storage.models import Article, Change, Page, Version

_PAGE, _ARTICLE, _VERSION, _CHANGE = Page.__table__, Article.__table__, Version.__table__, Change.__table__


def article_validators(
    conn: Connection, source_id: str, *, reader: str, reader_version: int, entry: str = ""
) -> dict[str, Validators]:
    """By URL: what `validators` gives for each article page that has any."""
    rows = conn.execute(
        sa.select(_PAGE.c.url, _PAGE.c.etag, _PAGE.c.last_modified)
        .join(_ARTICLE, _ARTICLE.c.id == _PAGE.c.article_id)
        .where(
            _PAGE.c.source_id == source_id,
            _PAGE.c.reader == reader,
            _PAGE.c.reader_version == reader_version,
            _PAGE.c.entry == entry,
            _ARTICLE.c.removed_at.is_(None),
            _PAGE.c.etag.is_not(None) | _PAGE.c.last_modified.is_not(None),
        )
    )
    return {url: Validators(etag, last_modified) for url, etag, last_modified in rows}


def rejected_pages(conn: Connection, source_id: str) -> set[str]:
    """URLs of pages without an article whose last answer was none of an article."""
    query = sa.select(_PAGE.c.url).where(
        _PAGE.c.source_id == source_id, _PAGE.c.article_id.is_(None), _PAGE.c.rejections > 0
    )
    return set(conn.scalars(query))


def latest_articles(conn: Connection, source_id: str, *, limit: int) -> list[dict[str, Any]]:
    """URL, title, body, description, published_at and image_url of the source's latest articles: those that the last
    crawls found, in the order of their listing.
    """
    rows = conn.execute(
        sa.select(
            _ARTICLE.c.url,
            _VERSION.c.title,
            _VERSION.c.body,
            _VERSION.c.description,
            _VERSION.c.published_at,
            _VERSION.c.image_url,
        )
        .join(_VERSION, (_VERSION.c.article_id == _ARTICLE.c.id) & (_VERSION.c.number == _ARTICLE.c.version))
        .join(_CHANGE, (_CHANGE.c.article_id == _ARTICLE.c.id) & (_CHANGE.c.change == "new"))
        .where(_ARTICLE.c.source_id == source_id, _ARTICLE.c.removed_at.is_(None))
        .order_by(_CHANGE.c.crawl_id.desc().nulls_last(), _ARTICLE.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in rows]


def known_links(conn: Connection, source_id: str) -> int:
    """How many article pages the source's listings have shown so far: what one that answers 304 shows again."""
    query = sa.select(sa.func.count()).where(_PAGE.c.source_id == source_id, _PAGE.c.role == "article")
    return conn.scalar(query) or 0

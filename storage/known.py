"""What a crawl asks of all pages of a source at once, where a question for each page would cost a query for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.answers import Validators
from storage.chunks import chunks
from storage.models import Article, Change, Page, Version
from storage.text import storable

_PAGE, _ARTICLE, _VERSION, _CHANGE = Page.__table__, Article.__table__, Version.__table__, Change.__table__
_VALIDATORS = (
    sa.select(_PAGE.c.url, _PAGE.c.etag, _PAGE.c.last_modified)
    .join(_ARTICLE, _ARTICLE.c.id == _PAGE.c.article_id)
    .where(
        _PAGE.c.source_id == sa.bindparam("source"),
        _PAGE.c.url.in_(sa.bindparam("urls", expanding=True)),
        _PAGE.c.reader == sa.bindparam("reader"),
        _PAGE.c.reader_version == sa.bindparam("version"),
        _PAGE.c.entry == sa.bindparam("entry"),
        _ARTICLE.c.removed_at.is_(None),
        _PAGE.c.etag.is_not(None) | _PAGE.c.last_modified.is_not(None),
    )
)
# Which they are is found first: sorted with their texts, a source's whole store would be read for twenty of them.
_LATEST = (
    sa.select(_ARTICLE.c.id)
    .join(_CHANGE, (_CHANGE.c.article_id == _ARTICLE.c.id) & (_CHANGE.c.change == "new"))
    .where(_ARTICLE.c.source_id == sa.bindparam("source"), _ARTICLE.c.removed_at.is_(None))
    .order_by(_CHANGE.c.crawl_id.desc().nulls_last(), _ARTICLE.c.id)
    .limit(sa.bindparam("most"))
)
_TOLD = (
    sa.select(
        _ARTICLE.c.id,
        _ARTICLE.c.url,
        _VERSION.c.title,
        _VERSION.c.body,
        _VERSION.c.description,
        _VERSION.c.published_at,
        _VERSION.c.image_url,
    )
    .join(_VERSION, (_VERSION.c.article_id == _ARTICLE.c.id) & (_VERSION.c.number == _ARTICLE.c.version))
    .where(_ARTICLE.c.id.in_(sa.bindparam("articles", expanding=True)))
)


def article_validators(
    conn: Connection, source_id: str, urls: Sequence[str], *, reader: str, reader_version: int, entry: str = ""
) -> dict[str, Validators]:
    """By URL: what `validators` gives for each of these article pages that has any."""
    these = {"source": source_id, "reader": reader, "version": reader_version, "entry": entry}
    found: dict[str, Validators] = {}
    for part in chunks([storable(url) for url in urls]):
        rows = conn.execute(_VALIDATORS, these | {"urls": part})
        found |= {url: Validators(etag, last_modified) for url, etag, last_modified in rows}
    return found


def rejected_pages(conn: Connection, source_id: str) -> set[str]:
    """URLs of pages without an article whose last answer was none of an article."""
    query = sa.select(_PAGE.c.url).where(
        _PAGE.c.source_id == source_id, _PAGE.c.article_id.is_(None), _PAGE.c.rejections > 0
    )
    return set(conn.scalars(query))


def latest_articles(conn: Connection, source_id: str, *, limit: int) -> list[dict[str, Any]]:
    """Id, URL, title, body, description, published_at and image_url of the source's latest articles: those that the last
    crawls found, in the order of their listing.
    """
    latest = latest_ids(conn, source_id, limit=limit)
    rows = {row.id: dict(row._mapping) for row in conn.execute(_TOLD, {"articles": latest})} if latest else {}
    return [rows[number] for number in latest]


def latest_ids(conn: Connection, source_id: str, *, limit: int) -> list[int]:
    """The ids of those."""
    return list(conn.scalars(_LATEST, {"source": source_id, "most": limit}))


def known_links(conn: Connection, source_id: str) -> int:
    """How many article pages the source's listings have shown so far: what one that answers 304 shows again."""
    query = sa.select(sa.func.count()).where(_PAGE.c.source_id == source_id, _PAGE.c.role == "article")
    return conn.scalar(query) or 0


def latest_links(conn: Connection, source_id: str, *, limit: int = 200) -> list[str]:
    """The addresses that the source's listings showed last."""
    query = sa.select(_PAGE.c.url).where(_PAGE.c.source_id == source_id, _PAGE.c.role == "article")
    return list(conn.scalars(query.order_by(_PAGE.c.id.desc()).limit(limit)))

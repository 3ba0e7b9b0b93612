"""What a crawl asks of all pages of a source at once, where a question for each page would cost a query for each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.answers import Validators
from storage.models import Article, Page

_PAGE, _ARTICLE = Page.__table__, Article.__table__


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


def known_links(conn: Connection, source_id: str) -> int:
    """How many article pages the source's listings have shown so far: what one that answers 304 shows again."""
    query = sa.select(sa.func.count()).where(_PAGE.c.source_id == source_id, _PAGE.c.role == "article")
    return conn.scalar(query) or 0

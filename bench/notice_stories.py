"""Stories of a simulated source in the store. Saving each as a crawl does costs more than all the rest of a simulated year: the first are
saved so, and later ones are rows like theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.articles import save_articles
from storage.records import Fetched, Precision, Record
from storage.tables import ARTICLE, CHANGE, VERSION


class Stories:
    """Those of one source."""

    def __init__(self) -> None:
        self._model: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None = None

    def save(self, conn: Connection, crawl: int, records: Sequence[Record], now: datetime) -> None:
        """Stores new stories."""
        if self._model is None:
            fetched = [Fetched(url=r.url, at=now, reader=r.reader, reader_version=r.reader_version) for r in records]
            save_articles(conn, crawl, list(zip(records, fetched, strict=True)))
            self._model = _model(conn, crawl)
            return
        article, version, change = self._model
        for record in records:
            dated = {"published_at": record.published_at, "published_precision": record.published_precision}
            own = {"url": record.url, "address": record.url, "address_key": record.url.partition(".example")[2]}
            seen = dict.fromkeys(("first_seen_at", "last_seen_at", "changed_at"), now)
            insert = ARTICLE.insert().returning(ARTICLE.c.id)
            number = conn.execute(insert, article | own | seen | dated).scalar_one()
            told = {"article_id": number, "crawl_id": crawl}
            words = {"title": record.title, "body": record.body, "seen_at": now}
            conn.execute(VERSION.insert(), version | told | words | dated)
            conn.execute(CHANGE.insert(), change | told | {"at": now})

    def date(self, conn: Connection, url: str, at: datetime) -> None:
        """Its kept page was read again by a reader that was mended."""
        values = {"published_at": at, "published_precision": Precision.MINUTE}
        mine = sa.select(ARTICLE.c.id).where(ARTICLE.c.url == url).scalar_subquery()
        conn.execute(VERSION.update().where(VERSION.c.article_id == mine).values(values))
        conn.execute(ARTICLE.update().where(ARTICLE.c.url == url).values(values))


def _model(conn: Connection, crawl: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    version = conn.execute(sa.select(VERSION).where(VERSION.c.crawl_id == crawl).limit(1)).one()
    article = conn.execute(sa.select(ARTICLE).where(ARTICLE.c.id == version.article_id)).one()
    change = conn.execute(sa.select(CHANGE).where(CHANGE.c.article_id == article.id)).one()
    rows = [dict(row._mapping) for row in (article, version, change)]
    for row in rows:
        del row["id"]
    return rows[0], rows[1], rows[2]

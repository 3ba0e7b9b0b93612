"""Pages that are asked beside one that seems to have changed or gone: what they show as well is the site's doing, not the story's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.changes import Words
from storage.chunks import chunks
from storage.tables import ARTICLE, PAGE, REFERENCE, VERSION
from storage.text import storable


def witnesses(conn: Connection, source_id: str, suspects: Collection[str], *, limit: int) -> list[str]:
    """URLs of up to `limit` live articles whose last answer was good and which quote no reference of the suspects': by turns
    the nearest to a suspect in age (what befell a part of a site befell them too) and the farthest from it.
    """
    urls = sorted(storable(url) for url in suspects)[:100]
    about = conn.execute(
        sa.select(PAGE.c.article_id).where(
            PAGE.c.source_id == source_id, PAGE.c.url.in_(urls), PAGE.c.article_id.is_not(None)
        )
    )
    ids = sorted({row.article_id for row in about})
    incident = REFERENCE.alias()
    related = sa.select(REFERENCE.c.article_id).where(
        REFERENCE.c.key.in_(sa.select(incident.c.key).where(incident.c.article_id.in_(ids)))
    )
    anchor = ids[len(ids) // 2] if ids else 0
    good = (PAGE.c.failures == 0) & (PAGE.c.gone_answers == 0) & PAGE.c.unconfirmed_hash.is_(None)
    query = (
        sa.select(PAGE.c.url)
        .join(ARTICLE, (ARTICLE.c.id == PAGE.c.article_id) & (ARTICLE.c.address == PAGE.c.url))
        .where(PAGE.c.source_id == source_id, PAGE.c.url.not_in(urls), good)
        .where(ARTICLE.c.removed_at.is_(None), ARTICLE.c.id.not_in(ids), ARTICLE.c.id.not_in(related))
    )
    distance = sa.func.abs(ARTICLE.c.id - anchor)
    near = list(conn.scalars(query.order_by(distance, ARTICLE.c.id).limit(limit)))
    far = list(conn.scalars(query.order_by(distance.desc(), ARTICLE.c.id).limit(limit)))
    by_turns = [url for pair in zip(near, far, strict=True) for url in pair]
    return list(dict.fromkeys(by_turns))[:limit]


def stored_words(conn: Connection, source_id: str, urls: Sequence[str]) -> dict[str, Words]:
    """By URL: the current text of the article that the page there belongs to."""
    found: dict[str, Words] = {}
    for part in chunks([storable(url) for url in urls]):
        rows = conn.execute(
            sa.select(PAGE.c.url, VERSION.c.title, VERSION.c.description, VERSION.c.body)
            .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
            .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
            .where(PAGE.c.source_id == source_id, PAGE.c.url.in_(part))
        )
        found |= {url: Words(title, description, body) for url, title, description, body in rows}
    return found


def is_at_its_address(conn: Connection, source_id: str, url: str) -> bool:
    """Whether the page there is its article's own, and not another way to it, which may come to show a story of its own."""
    here = (PAGE.c.source_id == source_id) & (PAGE.c.url == storable(url))
    query = sa.select(ARTICLE.c.address).join(PAGE, PAGE.c.article_id == ARTICLE.c.id).where(here)
    return conn.scalar(query) == storable(url)


def waverings(conn: Connection, source_id: str, urls: Sequence[str]) -> dict[str, int]:
    """By URL: at how many looks in a row the page gave another text each time."""
    found: dict[str, int] = {}
    for part in chunks([storable(url) for url in urls]):
        query = sa.select(PAGE.c.url, PAGE.c.wavering).where(PAGE.c.source_id == source_id, PAGE.c.url.in_(part))
        found |= {row.url: row.wavering for row in conn.execute(query)}
    return found


def unconfirmed_since(conn: Connection, source_id: str, urls: Sequence[str]) -> dict[str, datetime]:
    """By URL: since when the page's held text was seen at each look."""
    found: dict[str, datetime] = {}
    for part in chunks([storable(url) for url in urls]):
        query = sa.select(PAGE.c.url, PAGE.c.unconfirmed_since).where(
            PAGE.c.source_id == source_id, PAGE.c.url.in_(part), PAGE.c.unconfirmed_since.is_not(None)
        )
        found |= {row.url: row.unconfirmed_since for row in conn.execute(query)}
    return found


def make_due(conn: Connection, source_id: str, urls: Sequence[str], now: datetime) -> None:
    """These pages are to be looked at in their own right, and in full."""
    for part in chunks([storable(url) for url in urls]):
        these = (PAGE.c.source_id == source_id) & PAGE.c.url.in_(part)
        conn.execute(PAGE.update().where(these).values(due_at=now, etag=None, last_modified=None))

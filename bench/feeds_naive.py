"""Feeds as they are made with feedgen and nh3 by whoever needs them once: each feed asks for its articles, each format renders each of
its entries.
"""

from __future__ import annotations

import json
from typing import Any

import nh3
import sqlalchemy as sa
from feedgen.feed import FeedGenerator
from markdown_it import MarkdownIt
from sqlalchemy.engine import Engine

from storage.kinds import NAMES
from storage.tables import ARTICLE, SOURCE, VERSION

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_COLUMNS = (ARTICLE.c.url, ARTICLE.c.published_at, ARTICLE.c.changed_at, SOURCE.c.force, SOURCE.c.area)
_WORDS = (VERSION.c.title, VERSION.c.description, VERSION.c.body, VERSION.c.kind, VERSION.c.image_url)
_ROWS = (
    sa.select(*_COLUMNS, *_WORDS)
    .join(VERSION, sa.and_(VERSION.c.article_id == ARTICLE.c.id, VERSION.c.number == ARTICLE.c.version))
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .where(ARTICLE.c.removed_at.is_(None), ARTICLE.c.suppressed_at.is_(None))
    .order_by(ARTICLE.c.published_at.desc())
    .limit(100)
)


def build(engine: Engine, area: str | None) -> int:
    """Makes the feeds of an area, or of all: the newest and each kind, in RSS, Atom and JSON. Returns their bytes."""
    size = 0
    for kind in (None, *NAMES):
        for write in (_rss, _atom, _json):
            query = _ROWS if area is None else _ROWS.where(SOURCE.c.area == area)
            with engine.connect() as conn:
                rows = list(conn.execute(query if kind is None else query.where(VERSION.c.kind == kind)))
            size += len(write(rows, area or "all"))
    return size


def _html(row: Any) -> str:
    return nh3.clean(_MARKDOWN.render(row.body))


def _generator(rows: list[Any], name: str) -> FeedGenerator:
    feed = FeedGenerator()
    feed.load_extension("dc")
    feed.id(f"https://news.example.org/feeds/{name}")
    feed.title(f"{name} police news")
    feed.description("News")
    feed.link(href=f"https://news.example.org/feeds/{name}", rel="self")
    feed.updated(rows[0].changed_at if rows else "2026-01-01T00:00:00Z")
    for row in rows:
        entry = feed.add_entry(order="append")
        entry.id(row.url)
        entry.title(row.title)
        entry.link(href=row.url)
        entry.summary(row.description)
        entry.content(_html(row), type="html")
        entry.author(name=row.force)
        entry.category([{"term": row.area}, {"term": row.kind}])
        entry.published(row.published_at)
        entry.updated(row.changed_at)
        if row.image_url:
            entry.enclosure(row.image_url, 0, "image/jpeg")
    return feed


def _rss(rows: list[Any], name: str) -> bytes:
    return bytes(_generator(rows, name).rss_str())


def _atom(rows: list[Any], name: str) -> bytes:
    return bytes(_generator(rows, name).atom_str())


def _json(rows: list[Any], name: str) -> bytes:
    items = [
        {
            **{
                "id": row.url,
                "url": row.url,
                "title": row.title,
                "summary": row.description,
                "content_html": _html(row),
            },
            **{
                "date_published": row.published_at.isoformat(),
                "authors": [{"name": row.force}],
                "tags": [row.area, row.kind],
            },
            "image": row.image_url,
        }
        for row in rows
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}).encode()

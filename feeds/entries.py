"""Rows of the store as entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.html import excerpt, to_html
from feeds.identity import entry_id
from feeds.selection import MOST_ENTRIES, PUBLISHED, newest, of_feed
from feeds.text import one_line, shortened, web_address
from storage.areas import area_slug
from storage.models import Article, Source, Suppression, Version

MOST_TITLE = 1000
MOST_SUMMARY = 2000

# Not Python's mimetypes: that reads the machine's own tables, and the same data must give the same bytes everywhere.
_IMAGE_TYPES = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a subscriber sees it. `summary` and `title` are plain text, `content` is sanitised HTML; times are
    aware UTC in whole seconds, and `updated` is never before `published`. `image_type` is None where the picture's name
    does not tell it. `kind` is None where nothing is said of the story, `change` what happened to it (edited, removed,
    restored) in a feed of changes.
    """

    id: str
    url: str | None
    title: str
    author: str
    area: str
    area_term: str
    kind: str | None
    published: datetime
    updated: datetime
    summary: str | None
    excerpt: str
    content: str
    image_url: str | None
    image_type: str | None
    change: str | None = None


def entries_of(conn: sa.Connection, feed: Feed, tagging_entity: str) -> tuple[list[Entry], datetime]:
    """A feed's entries, newest first by publication, and when the feed was last updated: the latest change of an entry,
    withdrawal or suppression among them. Withdrawn and withheld articles are left out.
    """
    picked = newest(conn, feed)
    published = {each.id: each.published for each in picked}
    rows = {row.id: row for row in conn.execute(_words(published))}
    entries = [_entry(rows[each.id], each.published, tagging_entity) for each in picked]
    oldest = picked[-1].published if len(picked) == MOST_ENTRIES else None
    left = conn.execute(_last_left(feed, oldest)).one()
    times = [entry.updated for entry in entries] + [at.replace(microsecond=0) for at in left if at is not None]
    return entries, max(times, default=feed.since.replace(microsecond=0))


_COLUMNS: tuple[Any, ...] = (
    *(Article.id, Article.source_id, Article.url, Article.reuse, Article.address, Article.changed_at),
    *(Source.force, Source.area),
    *(Version.title, Version.description, Version.body, Version.kind, Version.image_url),
)


def _words(ids: Iterable[int]) -> sa.Select[Any]:
    """Articles with their current words."""
    return (
        sa.select(*_COLUMNS)
        .join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))
        .join(Source, Source.id == Article.source_id)
        .where(Article.id.in_(ids))
    )


def _last_left(feed: Feed, oldest: datetime | None) -> sa.Select[Any]:
    """When an article last left the feed, withdrawn by its force or suppressed. Older ones than a full feed's last entry were not
    in it.
    """
    times: tuple[Any, ...] = (sa.func.max(Article.removed_at), sa.func.max(Suppression.at))
    statement = (
        sa.select(*times)
        .select_from(Article)
        .join(Source, Source.id == Article.source_id)
        .outerjoin(Suppression, Suppression.article_id == Article.id)
        .where(sa.or_(Article.removed_at.is_not(None), Suppression.at.is_not(None)), *of_feed(feed))
    )
    return statement if oldest is None else statement.where(oldest <= PUBLISHED)


def _entry(row: sa.Row[Any], published: datetime, tagging_entity: str) -> Entry:
    url = web_address(row.address)
    title = shortened(one_line(row.title), MOST_TITLE) or "Without a headline"
    summary = shortened(one_line(row.description or ""), MOST_SUMMARY) or None
    content = to_html(row.body, url or "")
    image_url = web_address(row.image_url)
    published = published.replace(microsecond=0)
    return Entry(
        id=entry_id(tagging_entity, row.source_id, row.url, row.reuse),
        url=url,
        title=title,
        author=one_line(row.force),
        area=one_line(row.area),
        area_term=area_slug(row.area),
        kind=one_line(row.kind),
        published=published,
        updated=max(row.changed_at.replace(microsecond=0), published),
        summary=summary,
        excerpt=excerpt(content),
        content=content,
        image_url=image_url,
        image_type=_image_type(image_url),
    )


def _image_type(url: str | None) -> str | None:
    _, dot, ending = urlsplit(url or "").path.rpartition(".")
    return _IMAGE_TYPES.get(ending.lower()) if dot else None

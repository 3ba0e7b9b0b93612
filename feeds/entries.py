"""Rows of the store as entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.html import excerpt, to_html
from feeds.identity import entry_id
from feeds.text import one_line, shortened, web_address
from storage.areas import area_slug
from storage.models import Article, Source, Version

# What a busy force publishes in two weeks or more, and what readers keep of a feed. Picked by publication date, so that
# the thousands of stories of a first crawl or a back-fill never arrive as news.
MOST_ENTRIES = 100
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

# A date that lies after the moment we saw the story is a slip of the site's, or a time typed in the wrong zone. Readers
# hide such an entry until its day, or keep it on top for years; the moment we saw it is nearer the truth.
_PUBLISHED = sa.case(
    (sa.or_(Article.published_at.is_(None), Article.published_at > Article.first_seen_at), Article.first_seen_at),
    else_=Article.published_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a subscriber sees it. `summary` and `title` are plain text, `content` is sanitised HTML; times are
    aware UTC in whole seconds, and `updated` is never before `published`. `image_type` is None where the picture's name
    does not tell it.
    """

    id: str
    url: str | None
    title: str
    author: str
    area: str
    area_term: str
    kind: str
    published: datetime
    updated: datetime
    summary: str | None
    excerpt: str
    content: str
    image_url: str | None
    image_type: str | None


def entries_of(conn: sa.Connection, feed: Feed, tagging_entity: str) -> tuple[list[Entry], datetime]:
    """A feed's entries, newest first by publication, and when the feed was last updated: the latest change of an entry
    or withdrawal among them. Withdrawn articles are left out.
    """
    rows = conn.execute(_newest(feed)).all()
    entries = [_entry(row, tagging_entity) for row in rows]
    oldest = rows[-1].published if len(rows) == MOST_ENTRIES else None
    removed = conn.execute(_last_removal(feed, oldest)).scalar_one()
    times = [entry.updated for entry in entries] + ([removed.replace(microsecond=0)] if removed else [])
    return entries, max(times, default=feed.since.replace(microsecond=0))


def _selected(feed: Feed, statement: sa.Select[Any]) -> sa.Select[Any]:
    if feed.areas is None:
        return statement
    return statement.join(Source, Source.id == Article.source_id).where(Source.area.in_(feed.areas))


def _newest(feed: Feed) -> sa.Select[Any]:
    """The feed's articles with their current words. The newest are picked before the words are read."""
    newest = (
        _selected(feed, sa.select(Article.id, _PUBLISHED.label("published")))
        .where(Article.removed_at.is_(None))
        .order_by(_PUBLISHED.desc(), Article.id.desc())
        .limit(MOST_ENTRIES)
        .subquery()
    )
    words = (Version.title, Version.description, Version.body, Version.kind, Version.image_url)
    return (
        sa.select(
            Article.source_id,
            Article.url,
            Article.reuse,
            Article.address,
            Article.changed_at,
            newest.c.published,
            Source.force,
            Source.area,
            *words,
        )
        .join(newest, newest.c.id == Article.id)
        .join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))
        .join(Source, Source.id == Article.source_id)
        .order_by(newest.c.published.desc(), Article.id.desc())
    )


def _last_removal(feed: Feed, oldest: datetime | None) -> sa.Select[Any]:
    """When an article last left the feed. Older ones than a full feed's last entry were not in it."""
    statement = _selected(feed, sa.select(sa.func.max(Article.removed_at)).select_from(Article))
    statement = statement.where(Article.removed_at.is_not(None))
    return statement if oldest is None else statement.where(oldest <= _PUBLISHED)


def _entry(row: sa.Row[Any], tagging_entity: str) -> Entry:
    url = web_address(row.address)
    title = shortened(one_line(row.title), MOST_TITLE) or "Without a headline"
    summary = shortened(one_line(row.description or ""), MOST_SUMMARY) or None
    content = to_html(row.body, url or "")
    image_url = web_address(row.image_url)
    published = row.published.replace(microsecond=0)
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

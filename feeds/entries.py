"""Rows of the store as entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.entry import MOST_SUMMARY, MOST_TITLE, Entry
from feeds.html import excerpt, to_html
from feeds.identity import entry_id
from feeds.languages import language_tag
from feeds.memory import EntryMemory
from feeds.selection import MOST_ENTRIES, Picked
from feeds.text import one_line, shortened, web_address
from feeds.tombstones import last_removal, last_suppression
from storage.areas import area_slug
from storage.chunks import chunks
from storage.models import Article, Source, Version

_MOST_TAGS, _LONGEST_TAG = 20, 100

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

# What tells, without an article's texts, whether its entry is as it was.
_SHAPE: tuple[Any, ...] = (
    *(Article.id, Article.source_id, Article.url, Article.reuse, Article.address, Article.changed_at, Article.version),
    *(Source.force, Source.area, Version.record_hash, Version.reader_version, Version.entry),
)
_WORDS: tuple[Any, ...] = (
    *(
        Version.title,
        Version.description,
        Version.body,
        Version.kind,
        Version.tags,
        Version.language,
        Version.image_url,
    ),
)


def entries_of(
    conn: sa.Connection, picked: Sequence[Picked], tagging_entity: str, memory: EntryMemory | None = None
) -> list[Entry]:
    """The entries of articles, in their order."""
    memory = EntryMemory() if memory is None else memory
    published = {each.id: each.published for each in picked}
    shapes = {row.id: row for part in chunks(list(published)) for row in conn.execute(_of(_SHAPE, part))}
    keys = {_of_article(id): (*row, published[id], tagging_entity) for id, row in shapes.items()}
    known = memory.recall(keys)
    new = [id for id in published if _of_article(id) not in known]
    for part in chunks(new):
        for row in conn.execute(_of(_SHAPE + _WORDS, part)):
            of = _of_article(row.id)
            known[of] = _entry(row, published[row.id], tagging_entity)
            memory.keep(of, keys[of], known[of])
    return [entry for each in picked if (entry := known[_of_article(each.id)])]


def last_updated(conn: sa.Connection, feed: Feed, picked: Sequence[Picked], entries: Sequence[Entry]) -> datetime:
    """When a feed with these entries was last updated: the latest change of an entry, withdrawal or suppression among them."""
    # What is older than a full feed's last entry was not in it.
    oldest = picked[-1].published if len(picked) == MOST_ENTRIES else None
    left = (last_removal(conn, feed, oldest), last_suppression(conn, feed, oldest))
    times = [entry.updated for entry in entries]
    times += [at.replace(microsecond=0) for at in left if at is not None]
    return max(times, default=feed.since.replace(microsecond=0))


def _of_article(id: int) -> tuple[str, int]:
    return "article", id


def _of(columns: tuple[Any, ...], ids: Iterable[int]) -> sa.Select[Any]:
    """Articles with their current words."""
    return (
        sa.select(*columns)
        .join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))
        .join(Source, Source.id == Article.source_id)
        .where(Article.id.in_(ids))
    )


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
        tags=_tags(row.tags),
        language=language_tag(row.language),
        of=_of_article(row.id),
    )


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    lines = (shortened(one_line(tag), _LONGEST_TAG) for tag in tags)
    return tuple(dict.fromkeys(filter(None, lines)))[:_MOST_TAGS]


def _image_type(url: str | None) -> str | None:
    _, dot, ending = urlsplit(url or "").path.rpartition(".")
    return _IMAGE_TYPES.get(ending.lower()) if dot else None

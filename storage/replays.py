"""Articles of several given texts: taken out and saved again from the first text on, by the rules that hold for a crawl.

So whatever was imported first, or twice, the store comes out the same: same versions, same changes, each at the moment of
its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.articles import save_articles
from storage.chunks import chunks
from storage.originals import Original, distinct, first_moment, forget_originals, in_order, keep_originals, related
from storage.places import Item
from storage.tables import ARTICLE, CHANGE, PAGE, VERSION
from storage.text import storable

ReadAgain = Callable[[Sequence[Original]], list[Item | None]]

ARCHIVE_READER = "archive"


def join(conn: Connection, more: Sequence[Original], read_again: ReadAgain) -> None:
    """Adds texts to the articles of their records, or to those that they name themselves."""
    for found in _groups([*related(conn, more), *more]):
        group = distinct(found)
        ids = sorted({each.article_id for each in found if each.article_id is not None})
        if _is_of_crawls(conn, ids) or not _replay(conn, ids, group, read_again):
            _put_beside(conn, ids, group)


def _groups(originals: Iterable[Original]) -> Iterator[list[Original]]:
    """Texts that share a record or an article, together."""
    groups: dict[object, list[Original]] = {}
    for original in originals:
        mine: list[Original] = [original]
        for key in (original.name, original.article_id):
            if key is not None and (other := groups.get(key)) is not None and other is not mine:
                mine, other = (other, mine) if len(other) > len(mine) else (mine, other)
                mine.extend(other)
                groups |= {key: mine for each in other for key in (each.name, each.article_id) if key is not None}
        groups |= {key: mine for key in (original.name, original.article_id) if key is not None}
    yield from {id(group): group for group in groups.values()}.values()


def _is_of_crawls(conn: Connection, ids: Sequence[int]) -> bool:
    """Whether a crawl has read any of the articles: what it stored must not be taken out."""
    read = (VERSION.c.crawl_id.is_not(None)) | (VERSION.c.reader != ARCHIVE_READER)
    told = sa.select(CHANGE.c.id).where(CHANGE.c.article_id.in_(ids), CHANGE.c.crawl_id.is_not(None))
    return any(
        conn.execute(query.limit(1)).first()
        for query in (sa.select(VERSION.c.id).where(VERSION.c.article_id.in_(ids), read), told)
    )


def _put_beside(conn: Connection, ids: Sequence[int], group: Sequence[Original]) -> None:
    """Keeps texts and changes nothing else: what a crawl read stands. But a story may be older than we thought."""
    article = ARTICLE.c.id == ids[-1]
    version = conn.execute(sa.select(ARTICLE.c.version).where(article)).scalar_one()
    for each in group:
        if each.id is None:
            each.article_id, each.version = each.article_id or ids[-1], version
    keep_originals(conn, group)
    _move_first_seen(conn, ids[0], first_moment(group))


def _replay(conn: Connection, ids: Sequence[int], group: Sequence[Original], read_again: ReadAgain) -> bool:
    """False, and nothing done, where one of the texts cannot be read any more: its source has no entry now."""
    ordered = in_order(group)
    items = [item for item in read_again([original for _, original in ordered]) if item is not None]
    if len(items) < len(ordered):
        return False
    _take_out(conn, ids)
    for (at, original), item in zip(ordered, items, strict=True):
        _save_at(conn, at, original, item)
    placed = {(each.name, each.digest): each for _, each in ordered}
    for each in group:
        same = placed[each.name, each.digest]
        each.id, each.article_id, each.version = None, same.article_id, same.version
    keep_originals(conn, group)
    first = ordered[0][1].article_id
    assert first is not None
    _move_first_seen(conn, first, first_moment(each for each in group if each.article_id == first))
    return True


def _save_at(conn: Connection, at: datetime, original: Original, item: Item) -> None:
    record, fetched = item
    save_articles(conn, None, [(record, replace(fetched, at=at))])
    ((original.article_id, original.version),) = articles_at(conn, [item])


def _take_out(conn: Connection, ids: Sequence[int]) -> None:
    forget_originals(conn, ids)
    for part in chunks(list(ids)):
        conn.execute(CHANGE.delete().where(CHANGE.c.article_id.in_(part)))
        conn.execute(VERSION.delete().where(VERSION.c.article_id.in_(part)))
        conn.execute(PAGE.update().where(PAGE.c.article_id.in_(part)).values(article_id=None))
        conn.execute(ARTICLE.delete().where(ARTICLE.c.id.in_(part)))


def _move_first_seen(conn: Connection, article_id: int, at: datetime) -> None:
    later = (ARTICLE.c.id == article_id) & (ARTICLE.c.first_seen_at > at)
    conn.execute(ARTICLE.update().where(later).values(first_seen_at=at))


def articles_at(conn: Connection, items: Sequence[Item]) -> list[tuple[int, int]]:
    """The articles that the pages at the items' addresses belong to: id and current version."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for part in chunks(items):
        rows = conn.execute(
            sa.select(PAGE.c.source_id, PAGE.c.url, ARTICLE.c.id, ARTICLE.c.version)
            .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
            .where(
                PAGE.c.source_id.in_({record.source for record, _ in part}),
                PAGE.c.url.in_([storable(record.url) for record, _ in part]),
            )
        )
        found |= {(row.source_id, row.url): (row.id, row.version) for row in rows}
    return [found[record.source, storable(record.url)] for record, _ in items]

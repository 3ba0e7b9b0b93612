"""Articles of several given texts: taken out and saved again from the first text on, by the rules that hold for a crawl.

So whatever was imported first, or twice, the store comes out the same: same versions, same changes, each at the moment of
its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.articles import save_articles
from storage.chunks import chunks
from storage.originals import Original, distinct, first_moment, forget_originals, in_order, keep_originals, related
from storage.places import Item
from storage.references import forget_references
from storage.tables import ARTICLE, CHANGE, PAGE, SUPPRESSION, VERSION
from storage.text import storable
from storage.untold import note_untold

ReadAgain = Callable[[Sequence[Original]], list[Item | None]]

ARCHIVE_READER = "archive"


def join(conn: Connection, more: Sequence[tuple[Original, Item]], read_again: ReadAgain) -> None:
    """Adds texts to the articles of their records, or to those that they name themselves."""
    items = {id(original): item for original, item in more}
    groups = list(_groups([*related(conn, [original for original, _ in more]), *(original for original, _ in more)]))
    theirs = _of_crawls(conn, {each.article_id for group in groups for each in group if each.article_id is not None})
    replayed: list[_Replay] = []
    for group in groups:
        ids = sorted({each.article_id for each in group if each.article_id is not None})
        texts = distinct(group)
        ordered = in_order(texts)
        read = _read(ordered, items, read_again) if not theirs.intersection(ids) else None
        if read is None:
            _put_beside(conn, ids, texts)
        else:
            replayed.append(
                _Replay(ids, texts, [(at, original, item) for (at, original), item in zip(ordered, read, strict=True)])
            )
    _replay(conn, replayed)


@dataclass(slots=True)
class _Replay:
    """Articles, all their texts, and those that say something with their moments, in order."""

    ids: list[int]
    texts: list[Original]
    steps: list[tuple[datetime, Original, Item]]


def _read(
    ordered: Sequence[tuple[datetime, Original]], items: Mapping[int, Item], read_again: ReadAgain
) -> list[Item] | None:
    """What the texts say; None where one of them cannot be read any more: its source has no entry now."""
    stored = [original for _, original in ordered if id(original) not in items]
    again = dict(zip(map(id, stored), read_again(stored), strict=True))
    read = [items.get(id(original)) or again.get(id(original)) for _, original in ordered]
    found = [item for item in read if item is not None]
    return found if len(found) == len(read) else None


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


def _of_crawls(conn: Connection, ids: Iterable[int]) -> set[int]:
    """Which of the articles a crawl has read, or somebody suppressed: what was stored of them must not be taken out."""
    found: set[int] = set()
    for part in chunks(sorted(ids)):
        read = (VERSION.c.crawl_id.is_not(None)) | (VERSION.c.reader != ARCHIVE_READER)
        found |= set(conn.scalars(sa.select(VERSION.c.article_id).where(VERSION.c.article_id.in_(part), read)))
        told = CHANGE.c.crawl_id.is_not(None)
        found |= set(conn.scalars(sa.select(CHANGE.c.article_id).where(CHANGE.c.article_id.in_(part), told)))
        log = sa.select(SUPPRESSION.c.article_id).where(SUPPRESSION.c.article_id.in_(part))
        found |= set(conn.scalars(log))
    return found


def _put_beside(conn: Connection, ids: Sequence[int], group: Sequence[Original]) -> None:
    """Keeps texts and changes nothing else: what a crawl read stands. But a story may be older than we thought. A text of an
    article that was erased is not taken in again.
    """
    version = conn.execute(sa.select(ARTICLE.c.version).where(ARTICLE.c.id == ids[-1])).scalar_one()
    for each in group:
        if each.id is None:
            each.article_id, each.version = each.article_id or ids[-1], version
    erased = set(conn.scalars(sa.select(ARTICLE.c.id).where(ARTICLE.c.id.in_(ids), ARTICLE.c.erased_at.is_not(None))))
    keep_originals(conn, [each for each in group if each.article_id not in erased])
    _move_first_seen(conn, {ids[0]: first_moment(group)})


def _replay(conn: Connection, replays: Sequence[_Replay]) -> None:
    """Saves all first texts together, then all second ones, and so on."""
    _take_out(conn, [article_id for replay in replays for article_id in replay.ids])
    for n in range(max((len(replay.steps) for replay in replays), default=0)):
        steps = [replay.steps[n] for replay in replays if n < len(replay.steps)]
        items = [(record, replace(fetched, at=at)) for at, _, (record, fetched) in steps]
        save_articles(conn, None, items)
        for (_, original, _), (article_id, version) in zip(steps, articles_at(conn, items), strict=True):
            original.article_id, original.version = article_id, version
    for replay in replays:
        placed = {(each.name, each.digest): each for _, each, _ in replay.steps}
        for each in replay.texts:
            same = placed[each.name, each.digest]
            each.id, each.article_id, each.version = None, same.article_id, same.version
    keep_originals(conn, [each for replay in replays for each in replay.texts])
    _move_first_seen(conn, dict(_first_seen(replay) for replay in replays))


def _first_seen(replay: _Replay) -> tuple[int, datetime]:
    """The article of the first text, and the earliest moment that is stated of it."""
    first = replay.steps[0][1].article_id
    assert first is not None
    return first, first_moment(each for each in replay.texts if each.article_id == first)


def _take_out(conn: Connection, ids: Sequence[int]) -> None:
    forget_originals(conn, ids)
    forget_references(conn, ids)
    for part in chunks(list(ids)):
        conn.execute(CHANGE.delete().where(CHANGE.c.article_id.in_(part)))
        conn.execute(VERSION.delete().where(VERSION.c.article_id.in_(part)))
        conn.execute(PAGE.update().where(PAGE.c.article_id.in_(part)).values(article_id=None))
        conn.execute(ARTICLE.delete().where(ARTICLE.c.id.in_(part)))


def _move_first_seen(conn: Connection, moments: Mapping[int, datetime]) -> None:
    if moments:
        later = (ARTICLE.c.id == sa.bindparam("article")) & (ARTICLE.c.first_seen_at > sa.bindparam("moment"))
        update = ARTICLE.update().where(later).values(first_seen_at=sa.bindparam("moment"))
        conn.execute(update, [{"article": article_id, "moment": at} for article_id, at in moments.items()])
        note_untold(conn, list(moments))


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

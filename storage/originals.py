"""Texts as an archive gave them, byte for byte: what an import made an article's versions from, and an export gives back."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.tables import ORIGINAL

_LEVEL = 2  # higher ones save 2 % and take twice as long
_NAMES = ("id", "article_id", "version", "name", "path", "seen_at", "latest", "digest")
_HEAD = tuple(ORIGINAL.c[name] for name in _NAMES)


@dataclass(slots=True, kw_only=True)
class Original:
    """One given text. `name` is what its record is known by, the last two parts of `path`. `latest`: the text is the
    latest of its record, and `seen_at` the moment of the record's first text; otherwise `seen_at` is this text's own.
    `zipped` is the text as zlib packed it, empty where it was not asked for.
    """

    name: str
    path: str
    seen_at: datetime
    latest: bool
    digest: str
    zipped: bytes = b""
    id: int | None = None
    article_id: int | None = None
    version: int | None = None

    @property
    def text(self) -> bytes:
        return zlib.decompress(self.zipped)


def digest_of(text: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(text).hexdigest()


def packed(text: bytes) -> bytes:
    """The text as `Original.zipped`."""
    return zlib.compress(text, _LEVEL)


def known_originals(conn: Connection, names: Iterable[str]) -> dict[str, list[Original]]:
    """What is stored of these records, by name, without the texts."""
    found: defaultdict[str, list[Original]] = defaultdict(list)
    for part in chunks(sorted(set(names))):
        for row in conn.execute(sa.select(*_HEAD).where(ORIGINAL.c.name.in_(part)).order_by(ORIGINAL.c.id)):
            found[row.name].append(Original(**row._mapping))
    return found


def related(conn: Connection, originals: Sequence[Original]) -> list[Original]:
    """The stored texts, packed, of all articles and records that these ones have to do with, however far about."""
    names, ids = {each.name for each in originals}, {each.article_id for each in originals if each.article_id}
    found: dict[int, Original] = {}
    while names or ids:
        rows = [*_rows_where(conn, ORIGINAL.c.name, names), *_rows_where(conn, ORIGINAL.c.article_id, ids)]
        unseen = {row.id: _original(row) for row in rows if row.id not in found}
        found |= unseen
        names = {each.name for each in unseen.values()}
        ids = {each.article_id for each in unseen.values() if each.article_id}
    return list(found.values())


def _rows_where(conn: Connection, column: sa.ColumnElement[Any], values: Iterable[Any]) -> Iterator[Any]:
    for part in chunks(sorted(values)):
        yield from conn.execute(sa.select(*_HEAD, ORIGINAL.c.text).where(column.in_(part)))


def forget_originals(conn: Connection, article_ids: Sequence[int]) -> None:
    """Takes out the texts of articles."""
    for part in chunks(list(article_ids)):
        conn.execute(ORIGINAL.delete().where(ORIGINAL.c.article_id.in_(part)))


def keep_originals(conn: Connection, originals: Sequence[Original]) -> None:
    """Stores texts, or what has become of stored ones: their article, version and moment."""
    if new := [each for each in originals if each.id is None]:
        conn.execute(ORIGINAL.insert(), [_values(each) | {"text": each.zipped} for each in new])
    if old := [each for each in originals if each.id is not None]:
        update = ORIGINAL.update().where(ORIGINAL.c.id == sa.bindparam("row"))
        names = ("article_id", "version", "seen_at")
        conn.execute(
            update.values({name: sa.bindparam(name) for name in names}),
            [{"row": each.id, **{name: getattr(each, name) for name in names}} for each in old],
        )


def _values(original: Original) -> dict[str, Any]:
    return {name: getattr(original, name) for name in _NAMES if name != "id"}


def _original(row: Any) -> Original:
    values = dict(row._mapping)
    return Original(zipped=values.pop("text"), **values)


def in_order(originals: Iterable[Original]) -> list[tuple[datetime, Original]]:
    """The texts of one article in the order in which they stood on its page, each with the moment from which we know it.

    Whatever was imported first, the order is the same. A latest text that the history of its record has too says only
    since when there is a record; one that the history has not came after all of it.
    """
    by_name: defaultdict[str, list[Original]] = defaultdict(list)
    for original in originals:
        by_name[original.name].append(original)
    found: list[tuple[datetime, Original]] = []
    for given in by_name.values():
        history = [each for each in given if not each.latest]
        digests = {each.digest for each in history}
        last = max((each.seen_at for each in history), default=None)
        found += [(each.seen_at, each) for each in history]
        for each in given:
            if each.latest and each.digest not in digests:
                found.append((max(each.seen_at, last) if last else each.seen_at, each))
    return sorted(found, key=lambda pair: (pair[0], pair[1].latest, pair[1].seen_at, pair[1].name))


def distinct(originals: Sequence[Original]) -> list[Original]:
    """Without a latest text that is stated to be older elsewhere."""
    earliest: dict[tuple[str, str], Original] = {}
    for each in originals:
        other = earliest.get((each.name, each.digest)) if each.latest else None
        if each.latest and (other is None or each.seen_at < other.seen_at):
            earliest[each.name, each.digest] = each
    return [each for each in originals if not each.latest or earliest[each.name, each.digest] is each]


def first_moment(originals: Iterable[Original]) -> datetime:
    """The earliest moment that is stated of an article."""
    return min(each.seen_at for each in originals)


def names_of(conn: Connection, article_ids: Sequence[int]) -> dict[int, list[str]]:
    """The records that were given of these articles, those without any left out."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    query = sa.select(ORIGINAL.c.article_id, ORIGINAL.c.name).distinct().order_by(ORIGINAL.c.name)
    for part in chunks(article_ids):
        for article_id, name in conn.execute(query.where(ORIGINAL.c.article_id.in_(part))):
            found[article_id].append(name)
    return dict(found)


def texts_by_id(conn: Connection, originals: Sequence[Original]) -> dict[int, bytes]:
    """The given texts, by the id of their row."""
    found: dict[int, bytes] = {}
    for part in chunks([each.id for each in originals]):
        rows = conn.execute(sa.select(ORIGINAL.c.id, ORIGINAL.c.text).where(ORIGINAL.c.id.in_(part)))
        found |= {row.id: zlib.decompress(row.text) for row in rows}
    return found

"""Reading what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.changes import Words
from storage.kinds import step
from storage.tables import ARTICLE, CHANGE, SOURCE, VERSION
from storage.withheld import is_withheld

_BEFORE = VERSION.alias("version_before")


@dataclass(slots=True, kw_only=True)
class StoredChange:
    """A change. Title, version, kind and reader are those it led to; `source` and `url` those of the article, which is read at
    `address` now. Of an article that is withheld there is no title.

    `version_before` and `kind_before` are an edit's; `step` is 'Appeal → Arrest' where its kind changed. `crawl`: the number of
    the crawl that saw it, None for an import.
    """

    id: int
    article_id: int
    change: str
    minor: bool
    source: str
    area: str
    url: str
    address: str
    title: str | None
    fields: list[str]
    version: int
    at: datetime
    kind: str
    kind_before: str | None
    step: str | None
    version_before: int | None
    crawl: int | None
    reader: str
    reader_version: int
    withheld: bool


_QUERY = (
    sa.select(
        CHANGE.c.id,
        CHANGE.c.article_id,
        CHANGE.c.change,
        CHANGE.c.minor,
        ARTICLE.c.source_id.label("source"),
        SOURCE.c.area,
        ARTICLE.c.url,
        ARTICLE.c.address,
        sa.case((is_withheld(), None), else_=VERSION.c.title).label("title"),
        CHANGE.c.fields,
        CHANGE.c.version,
        CHANGE.c.at,
        VERSION.c.kind,
        _BEFORE.c.kind.label("kind_before"),
        CHANGE.c.version_before,
        CHANGE.c.crawl_id.label("crawl"),
        VERSION.c.reader,
        VERSION.c.reader_version,
        is_withheld().label("withheld"),
    )
    .join(ARTICLE, ARTICLE.c.id == CHANGE.c.article_id)
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .join(VERSION, (VERSION.c.article_id == CHANGE.c.article_id) & (VERSION.c.number == CHANGE.c.version))
    .outerjoin(_BEFORE, (_BEFORE.c.article_id == CHANGE.c.article_id) & (_BEFORE.c.number == CHANGE.c.version_before))
)


def changes(
    conn: Connection,
    *,
    source: str | Sequence[str] | None = None,
    area: str | None = None,
    change: str | Sequence[str] | None = None,
    kind: str | None = None,
    field: str | None = None,
    article_id: int | None = None,
    minor: bool | None = None,
    since: datetime | None = None,
    after_id: int | None = None,
    limit: int | None = None,
) -> list[StoredChange]:
    """Changes of one sort or several, of stories that were or became of a `kind`, or in which a `field` differs. With `after_id` the
    next ones after that in the order they were stored; without, the latest `limit` in the order of their moments: what an
    import brings of years ago is not news.
    """
    wanted = list(_among(source, area, change, article_id))
    if kind is not None:
        wanted.append((VERSION.c.kind == kind) | (_BEFORE.c.kind == kind))
    if field is not None:
        wanted.append(sa.cast(CHANGE.c.fields, sa.String).contains(f'"{field}"', autoescape=True))
    if minor is not None:
        wanted.append(CHANGE.c.minor == minor)
    if since is not None:
        wanted.append(CHANGE.c.at >= since)
    if after_id is not None:
        wanted.append(CHANGE.c.id > after_id)
    order = (CHANGE.c.at.desc(), CHANGE.c.id.desc()) if after_id is None else (CHANGE.c.id.asc(),)
    rows = [_change(row) for row in conn.execute(_QUERY.where(*wanted).order_by(*order).limit(limit))]
    return rows if after_id is not None else rows[::-1]


def _among(
    source: str | Sequence[str] | None, area: str | None, change: str | Sequence[str] | None, article_id: int | None
) -> Iterator[sa.ColumnElement[bool]]:
    if source is not None:
        yield ARTICLE.c.source_id.in_([source] if isinstance(source, str) else source)
    if area is not None:
        yield SOURCE.c.area == area
    if change is not None:
        yield CHANGE.c.change.in_([change] if isinstance(change, str) else change)
    if article_id is not None:
        yield CHANGE.c.article_id == article_id


def _change(row: Any) -> StoredChange:
    return StoredChange(**row._mapping, step=step(row.kind_before, row.kind))


def change_of(conn: Connection, change_id: int) -> StoredChange | None:
    """The change with this number; None where there is none."""
    row = conn.execute(_QUERY.where(CHANGE.c.id == change_id)).first()
    return None if row is None else _change(row)


def words_of_change(conn: Connection, change: StoredChange) -> tuple[Words | None, Words | None]:
    """The text before a change, where it made another one, and the text it led to. Nothing of an article that is withheld, nor
    what was erased.
    """
    if change.withheld:
        return None, None
    query = sa.select(VERSION.c.number, VERSION.c.title, VERSION.c.description, VERSION.c.body).where(
        VERSION.c.article_id == change.article_id,
        VERSION.c.number.in_([change.version, change.version_before]),
        VERSION.c.normalisation > 0,  # an erased text has none
    )
    found = {row.number: Words(row.title, row.description, row.body) for row in conn.execute(query)}
    before = None if change.version_before == change.version else found.get(change.version_before or 0)
    return before, found.get(change.version)

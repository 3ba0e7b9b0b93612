"""Reading the store: articles with their current version; what changed is read by `storage.stored_changes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.records import Precision, Record
from storage.stored_changes import StoredChange, changes
from storage.tables import ARTICLE, PAGE, SOURCE, VERSION
from storage.versions import COLUMNS
from storage.withheld import may_be_shown

__all__ = ["StoredChange", "StoredRecord", "changes", "records"]

_TUPLES = ("tags", "references", "operations")
_INTERNAL = ("entry", "content_hash", "record_hash", "normalisation", "published_at", "published_precision")
_OF_RECORD = tuple(column for column in COLUMNS if column.name not in _INTERNAL)


@dataclass(slots=True, kw_only=True)
class StoredRecord(Record):
    """A record and what we saw ourselves. `published_at` is the first date the site claimed; `version` counts from 1. `reuse`
    counts the stories that the force had at `url` before; `addresses` are other URLs of this one, the first of them the
    one it is read at now once it has moved.
    """

    article_id: int
    reuse: int
    address: str
    addresses: tuple[str, ...] = ()
    version: int
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime
    removed_at: datetime | None


def records(
    conn: Connection,
    *,
    source: str | None = None,
    area: str | None = None,
    since: datetime | None = None,
    changed_since: datetime | None = None,
    removed: bool | None = None,
    newest_first: bool = False,
    limit: int | None = None,
) -> Iterator[StoredRecord]:
    """Articles with their current version, streamed: in the order they were first seen, or by publication. Those that are
    withheld are never among them (`storage.withheld`).

    `since` bounds first_seen_at, `changed_since` changed_at; `removed` chooses removed ones (True) or live ones (False).
    """
    query = (
        sa.select(
            ARTICLE.c.id.label("article_id"),
            ARTICLE.c.source_id.label("source"),
            SOURCE.c.area,
            ARTICLE.c.url,
            ARTICLE.c.reuse,
            ARTICLE.c.address,
            ARTICLE.c.version,
            ARTICLE.c.first_seen_at,
            ARTICLE.c.last_seen_at,
            ARTICLE.c.changed_at,
            ARTICLE.c.removed_at,
            ARTICLE.c.published_at,
            ARTICLE.c.published_precision,
            *_OF_RECORD,
        )
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
        .where(may_be_shown(), *_within(source, area), *_bounds(since, changed_since, removed))
        .order_by(*_order(newest_first))
        .limit(limit)
    )
    for rows in conn.execution_options(yield_per=500).execute(query).partitions(500):
        addresses = _addresses(conn, rows)
        for row in rows:
            record = _record(row._mapping)
            moved = {record.address} - {record.url}
            record.addresses = (*moved, *sorted(addresses.get(record.article_id, set()) - {record.url} - moved))
            yield record


def _addresses(conn: Connection, rows: Sequence[Any]) -> dict[int, set[str]]:
    """The URLs of all pages of some articles."""
    found: dict[int, set[str]] = {}
    these = PAGE.c.source_id.in_({row.source for row in rows}) & PAGE.c.article_id.in_([row.article_id for row in rows])
    for article_id, url in conn.execute(
        sa.select(PAGE.c.article_id, PAGE.c.url).where(these, PAGE.c.role == "article")
    ):
        found.setdefault(article_id, set()).add(url)
    return found


def _order(newest_first: bool) -> Sequence[sa.ColumnElement[Any]]:
    if not newest_first:
        return (ARTICLE.c.id.asc(),)
    return ARTICLE.c.published_at.desc().nulls_last(), ARTICLE.c.id.desc()


def _within(source: str | None, area: str | None) -> Iterator[sa.ColumnElement[bool]]:
    if source is not None:
        yield ARTICLE.c.source_id == source
    if area is not None:
        yield SOURCE.c.area == area


def _bounds(
    since: datetime | None, changed_since: datetime | None, removed: bool | None
) -> Iterator[sa.ColumnElement[bool]]:
    if since is not None:
        yield ARTICLE.c.first_seen_at >= since
    if changed_since is not None:
        yield ARTICLE.c.changed_at >= changed_since
    if removed is not None:
        yield ARTICLE.c.removed_at.is_not(None) if removed else ARTICLE.c.removed_at.is_(None)


def _record(row: sa.RowMapping) -> StoredRecord:
    values: dict[str, Any] = dict(row)
    values["published_precision"] = Precision(values["published_precision"])
    for name in _TUPLES:
        values[name] = tuple(values[name])
    return StoredRecord(**values)

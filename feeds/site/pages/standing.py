"""Where stories stand: when they were published or, where no such time can be believed, first seen. Found by the indexes of both
times, so that only what stands near is read, however old the store is. Withdrawn and withheld stories are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from storage.published import DATED, EARLIEST, UNSAID
from storage.tables import ARTICLE, SOURCE
from storage.withheld import may_be_shown

Sources: TypeAlias = tuple[str, ...]
"""The ids of the sources that are asked about; none: all."""

_LISTED = (ARTICLE.c.removed_at.is_(None), may_be_shown())
_ADDED = (
    sa.select(SOURCE.c.added_at)
    .where(SOURCE.c.id == ARTICLE.c.source_id)
    .correlate(ARTICLE)
    .scalar_subquery()
    .label("added_at")
)
_PUBLISHED, _SEEN = ARTICLE.c.published_at, ARTICLE.c.first_seen_at
# Three sorts, each with the time that it stands at. What states a time before there were such pages is next to nothing, and found
# by what it states: the calculation keeps databases from going through all that was seen.
_TRACKS: tuple[tuple[sa.ColumnElement[Any], sa.ColumnElement[bool]], ...] = (
    (_PUBLISHED, DATED),
    (_SEEN, UNSAID),
    (sa.func.coalesce(_SEEN, None), sa.and_(_PUBLISHED < EARLIEST, _PUBLISHED <= _SEEN)),
)


class Place(NamedTuple):
    """A story by its number, and where it stands: what tells whether a feed shows it (`feeds.selection`)."""

    id: int
    published: datetime
    source_id: str
    first_seen_at: datetime
    undated: bool
    added_at: datetime


def newest(conn: sa.Connection, limit: int, sources: Sources = ()) -> list[Place]:
    """The stories that stand last, the newest first."""
    found: list[Place] = []
    for whose in _each(sources):
        of_source: list[Place] = []
        for at, which in _TRACKS:
            bound = [at >= of_source[limit - 1].published] if len(of_source) >= limit else []
            query = _places(at, which, *whose, *bound).order_by(at.desc(), ARTICLE.c.id.desc()).limit(limit)
            of_source = _in_order([*of_source, *(Place(*row) for row in conn.execute(query))])
        found += of_source
    return _in_order(found)[:limit]


def between(
    conn: sa.Connection, begin: datetime, end: datetime, limit: int, skip: int, sources: Sources
) -> list[Place]:
    """Some of the stories that stand from `begin` to before `end`, the newest first."""
    rows = _between(begin, end, sources)
    query = sa.select(rows).order_by(rows.c.published.desc(), rows.c.id.desc()).limit(limit).offset(skip)
    return [Place(*row) for row in conn.execute(query)]


def count_between(conn: sa.Connection, begin: datetime, end: datetime, sources: Sources) -> int:
    """How many stories stand from `begin` to before `end`."""
    return conn.scalar(sa.select(sa.func.count()).select_from(_between(begin, end, sources))) or 0


def reach(conn: sa.Connection, sources: Sources) -> tuple[datetime, datetime] | None:
    """Where the first and the last of the stories stand; None where there is none."""
    last, first = newest(conn, 1, sources), first_since(conn, EARLIEST, sources)
    return (first, last[0].published) if last and first is not None else None


def last_before(conn: sa.Connection, moment: datetime, sources: Sources) -> datetime | None:
    """Where the last story before a moment stands; None where there is none."""
    known: datetime | None = None
    for whose in _each(sources):
        for at, which in _TRACKS:
            bounds = [at < moment, *([] if known is None else [at > known])]
            query = sa.select(at).where(which, *whose, *_LISTED, *bounds).order_by(at.desc()).limit(1)
            known = conn.scalar(query) or known
    return known


def first_since(conn: sa.Connection, moment: datetime, sources: Sources) -> datetime | None:
    """Where the first story from a moment on stands; None where there is none."""
    known: datetime | None = None
    for whose in _each(sources):
        for at, which in _TRACKS:
            bounds = [at >= moment, *([] if known is None else [at < known])]
            query = sa.select(at).where(which, *whose, *_LISTED, *bounds).order_by(at).limit(1)
            known = conn.scalar(query) or known
    return known


def _each(sources: Sources) -> Iterator[list[sa.ColumnElement[bool]]]:
    """One condition at a time: the indexes begin with the source."""
    if not sources:
        yield []
    for source in sources:
        yield [ARTICLE.c.source_id == source]


def _places(at: sa.ColumnElement[Any], *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    undated = sa.literal(at is not _PUBLISHED).label("undated")
    columns = (ARTICLE.c.id, at.label("published"), ARTICLE.c.source_id, ARTICLE.c.first_seen_at, undated, _ADDED)
    return sa.select(*columns).where(*which, *_LISTED)


def _between(begin: datetime, end: datetime, sources: Sources) -> sa.Subquery:
    each = (_places(at, which, *whose, at >= begin, at < end) for whose in _each(sources) for at, which in _TRACKS)
    return sa.union_all(*each).subquery()


def _in_order(places: list[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.published, place.id), reverse=True)

"""Figures of what is stored, for pictures and tables: stories and changes a day, kinds, hours, how complete the stories are.

A story's day is the one it was published on, in Europe/London; of an undated one and of one whose date lies after the moment
it was first seen, the day of that moment (see `published`). What is withheld is counted as a story and tells nothing else. Every count is bounded by days and reads an index of a time, so that an
old store takes no longer than a young one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.days import LONDON, day_of, last_days, start_of
from storage.published import DATED, UNDATED
from storage.tables import ARTICLE, CHANGE, REFERENCE, VERSION
from storage.withheld import is_withheld, may_be_shown

EDITED, REMOVED, RESTORED = "edited", "removed", "restored"
WITHHELD = None  # the kind of what nothing may be told of
_A_DAY = timedelta(days=1)
_Conditions: TypeAlias = Sequence[sa.ColumnElement[bool]]


@dataclass(slots=True, frozen=True, kw_only=True)
class DayFigures:
    """Stories of one day."""

    day: date
    stories: int


@dataclass(slots=True, frozen=True, kw_only=True)
class ChangeFigures:
    """Changes that a reader is told of, by the day we noticed them: edits, withdrawals, and returns of withdrawn stories."""

    day: date
    edited: int
    removed: int
    restored: int


@dataclass(slots=True, frozen=True, kw_only=True)
class Completeness:
    """How many of the `stories` that may be shown state a date and have a description, a text, a picture, a reference."""

    stories: int
    dated: int
    described: int
    with_body: int
    with_image: int
    with_reference: int


def stories_by_day(
    conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None
) -> list[DayFigures]:
    """The last `days` days, `today` included, the oldest first; of these sources (by id), or of all."""
    dated, undated = _stories(today, days, sources)
    counts = _by_day(conn, ARTICLE.c.published_at, *dated) + _by_day(conn, ARTICLE.c.first_seen_at, *undated)
    return [DayFigures(day=day, stories=counts[day]) for day in last_days(today, days)]


def changes_by_day(
    conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None
) -> list[ChangeFigures]:
    """Edits, withdrawals and returns of the last days; none that is minor, of our own doing, or brought by an import."""
    told = (sa.not_(CHANGE.c.minor), CHANGE.c.crawl_id.is_not(None), CHANGE.c.change.in_((EDITED, REMOVED, RESTORED)))
    which = (*_within(CHANGE.c.at, today, days), *told, *_of_articles(sources))
    found: Counter[tuple[date, str]] = Counter()
    for (moment, what), number in _by_hour(conn, CHANGE.c.at, *which, by=CHANGE.c.change).items():
        found[day_of(moment), what] += number
    return [
        ChangeFigures(day=day, edited=found[day, EDITED], removed=found[day, REMOVED], restored=found[day, RESTORED])
        for day in last_days(today, days)
    ]


def kinds(conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None) -> dict[str | None, int]:
    """How many stories of the last days are of which kind, the most first; `WITHHELD` for those of which nothing may be told."""
    kind = sa.case((is_withheld(), None), else_=VERSION.c.kind)
    counts: Counter[str | None] = Counter()
    for which in _stories(today, days, sources):
        query = sa.select(kind, sa.func.count()).select_from(ARTICLE).join(VERSION, _CURRENT).where(*which)
        for name, number in conn.execute(query.group_by(kind)):
            counts[name] += number
    return dict(sorted(counts.items(), key=lambda each: (each[0] is WITHHELD, -each[1], each[0] or "")))


def completeness(conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None) -> Completeness:
    """How complete the stories of the last days are."""
    quoted = sa.exists().where(REFERENCE.c.article_id == ARTICLE.c.id)
    has = {
        "dated": ARTICLE.c.published_at.is_not(None),
        "described": sa.func.coalesce(VERSION.c.description, "") != "",
        "with_body": VERSION.c.body != "",
        "with_image": sa.func.coalesce(VERSION.c.image_url, "") != "",
        "with_reference": quoted,
    }
    total: Counter[str] = Counter()
    for which in _stories(today, days, sources):
        columns = [sa.func.count().filter(condition).label(name) for name, condition in has.items()]
        query = sa.select(sa.func.count().label("stories"), *columns).select_from(ARTICLE).join(VERSION, _CURRENT)
        total.update(conn.execute(query.where(*which, may_be_shown())).one()._asdict())
    return Completeness(**{name: total[name] for name in ("stories", *has)})


def publication_hours(
    conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None
) -> tuple[int, ...]:
    """How many stories of the last days were published in each hour (0 to 23) in London, of those that state a time."""
    which = (*_stories(today, days, sources)[0], ARTICLE.c.published_precision == "minute")
    hours = [0] * 24
    for (moment, _), number in _by_hour(conn, ARTICLE.c.published_at, *which).items():
        hours[moment.astimezone(LONDON).hour] += number
    return tuple(hours)


def publication_weekdays(
    conn: Connection, today: date, days: int, *, sources: Collection[str] | None = None
) -> tuple[int, ...]:
    """How many stories of the last days were published on each weekday (Monday first) in London, of those that state a day."""
    which = (*_stories(today, days, sources)[0], ARTICLE.c.published_precision.in_(("minute", "day")))
    weekdays = [0] * 7
    for day, number in _by_day(conn, ARTICLE.c.published_at, *which).items():
        weekdays[day.weekday()] += number
    return tuple(weekdays)


_CURRENT = sa.and_(VERSION.c.article_id == ARTICLE.c.id, VERSION.c.number == ARTICLE.c.version)


def _within(at: sa.ColumnElement[Any], today: date, days: int) -> tuple[sa.ColumnElement[bool], ...]:
    return at >= start_of(today - (days - 1) * _A_DAY), at < start_of(today + _A_DAY)


def _whose(sources: Collection[str] | None) -> _Conditions:
    return () if sources is None else (ARTICLE.c.source_id.in_(sorted(sources)),)


def _of_articles(sources: Collection[str] | None) -> _Conditions:
    if sources is None:
        return ()
    of = sa.select(ARTICLE.c.source_id).where(ARTICLE.c.id == CHANGE.c.article_id).scalar_subquery()
    return (of.in_(sorted(sources)),)


def _stories(today: date, days: int, sources: Collection[str] | None) -> tuple[_Conditions, _Conditions]:
    """The conditions of the dated and of the undated stories: two queries, each by the index of its time."""
    published, seen = ARTICLE.c.published_at, ARTICLE.c.first_seen_at
    # With a calculation on it, SQLite does not prefer the source's index, by which it reads the articles of all years.
    theirs = () if sources is None else (sa.func.coalesce(ARTICLE.c.source_id, None).in_(sorted(sources)),)
    return (*_within(published, today, days), DATED, *_whose(sources)), (*_within(seen, today, days), UNDATED, *theirs)


def _by_day(conn: Connection, at: sa.ColumnElement[Any], *which: sa.ColumnElement[bool]) -> Counter[date]:
    counts: Counter[date] = Counter()
    for (moment, _), number in _by_hour(conn, at, *which).items():
        counts[day_of(moment)] += number
    return counts


def _by_hour(
    conn: Connection, at: sa.ColumnElement[Any], *which: sa.ColumnElement[bool], by: sa.ColumnElement[Any] | None = None
) -> dict[tuple[datetime, Any], int]:
    """The numbers by the hour in UTC, and by a column. Every day in London begins at one of these hours, so that no database
    need know when clocks change.
    """
    of_database: sa.ColumnElement[Any] = sa.func.substr(sa.type_coerce(at, sa.String), 1, 13)
    if conn.dialect.name == "postgresql":
        of_database = sa.func.to_char(sa.func.timezone("UTC", at), "YYYY-MM-DD HH24")
    hour = sa.type_coerce(of_database, sa.String).label("hour")
    what = (sa.null() if by is None else by).label("what")
    query = sa.select(hour, what, sa.func.count().label("number")).where(*which)
    return {
        (datetime.strptime(row.hour, "%Y-%m-%d %H").replace(tzinfo=UTC), row.what): row.number
        for row in conn.execute(query.group_by(sa.text("hour"), sa.text("what")))
    }

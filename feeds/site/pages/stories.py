"""Stories in lists: the newest, those of a month, how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from feeds.published import PUBLISHED, UNDATED
from feeds.text import one_line, shortened
from storage.days import day_of
from storage.tables import ARTICLE, SOURCE, VERSION
from storage.withheld import may_be_shown

MOST_STANDFIRST = 220
_MOST_TITLE = 1000  # as in feeds
# A story stands where it was published or, without a date, first seen: never after it was first seen. So what was seen
# since a day holds all that stands since that day, and the newest are found without a look at the years before.
_WINDOWS = (timedelta(days=3), timedelta(days=30), timedelta(days=400), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story in a list. `at` is where it stands: when it was published, or first seen where no date is `dated`."""

    id: int
    title: str
    standfirst: str
    kind: str
    language: str
    area: str
    force: str
    at: datetime
    dated: bool
    precision: str

    @property
    def day(self) -> date:
        """The day that it stands at; one that states no time is of that day wherever it is read."""
        return self.at.date() if self.dated and self.precision != "minute" else day_of(self.at)


_QUERY = (
    sa.select(
        ARTICLE.c.id,
        PUBLISHED.label("at"),
        sa.not_(UNDATED).label("dated"),
        ARTICLE.c.published_precision,
        *(VERSION.c.title, VERSION.c.description, VERSION.c.kind, VERSION.c.language),
        *(SOURCE.c.area, SOURCE.c.force),
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .where(may_be_shown())
    .order_by(sa.desc("at"), ARTICLE.c.id.desc())
)
_LISTED = (ARTICLE.c.removed_at.is_(None), may_be_shown())


def newest(conn: sa.Connection, now: datetime, limit: int, *where: sa.ColumnElement[bool]) -> list[Story]:
    """The stories that stand last, the newest first. Withdrawn and withheld ones are not among them."""
    rows: Sequence[Any] = []
    for window in _WINDOWS:
        since = () if window is None else (ARTICLE.c.first_seen_at >= now - window, now - window <= PUBLISHED)
        rows = conn.execute(_QUERY.where(*where, *since, ARTICLE.c.removed_at.is_(None)).limit(limit)).all()
        if len(rows) == limit:
            break
    return [_story(row) for row in rows]


def between(
    conn: sa.Connection, begin: datetime, end: datetime, limit: int, skip: int, *where: sa.ColumnElement[bool]
) -> list[Story]:
    """Some of the stories that stand from `begin` to before `end`, the newest first."""
    query = (
        _QUERY.where(*where, begin <= PUBLISHED, end > PUBLISHED, ARTICLE.c.removed_at.is_(None))
        .limit(limit)
        .offset(skip)
    )
    return [_story(row) for row in conn.execute(query)]


def by_id(conn: sa.Connection, ids: Iterable[int]) -> dict[int, Story]:
    """These stories, withdrawn ones too, as far as they may be shown."""
    return {row.id: _story(row) for row in conn.execute(_QUERY.where(ARTICLE.c.id.in_(tuple(ids))))}


def count_between(conn: sa.Connection, begin: datetime, end: datetime, *where: sa.ColumnElement[bool]) -> int:
    """How many stories stand from `begin` to before `end`."""
    query = sa.select(sa.func.count()).select_from(ARTICLE)
    return conn.scalar(query.where(*where, begin <= PUBLISHED, end > PUBLISHED, *_LISTED)) or 0


def reach(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[datetime | None, datetime | None]:
    """Where the first and the last of the stories stand; None where there is none."""
    return _one(conn, sa.func.min(PUBLISHED), *where), _one(conn, sa.func.max(PUBLISHED), *where)


def last_before(conn: sa.Connection, at: datetime, *where: sa.ColumnElement[bool]) -> datetime | None:
    """Where the last story before a moment stands; None where there is none."""
    return _one(conn, sa.func.max(PUBLISHED), at > PUBLISHED, *where)


def first_since(conn: sa.Connection, at: datetime, *where: sa.ColumnElement[bool]) -> datetime | None:
    """Where the first story from a moment on stands; None where there is none."""
    return _one(conn, sa.func.min(PUBLISHED), at <= PUBLISHED, ARTICLE.c.first_seen_at >= at, *where)


def _one(conn: sa.Connection, what: Any, *where: sa.ColumnElement[bool]) -> datetime | None:
    found: datetime | None = conn.scalar(sa.select(what).select_from(ARTICLE).where(*where, *_LISTED))
    return found


def of_sources(ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """The condition that a story is of one of these sources."""
    return ARTICLE.c.source_id.in_(tuple(ids))


def since_by_source(conn: sa.Connection, since: datetime) -> dict[str, int]:
    """How many stories of each source stand since a moment."""
    query = sa.select(ARTICLE.c.source_id, sa.func.count().label("n")).where(
        ARTICLE.c.first_seen_at >= since, since <= PUBLISHED, *_LISTED
    )
    return {row.source_id: row.n for row in conn.execute(query.group_by(ARTICLE.c.source_id))}


def by_day(stories: Iterable[Story]) -> list[tuple[date, list[Story]]]:
    """Stories under the day that they stand at."""
    return [(day, list(group)) for day, group in groupby(stories, key=lambda story: story.day)]


def headline(title: str) -> str:
    """A headline in one line; there always is one."""
    return shortened(one_line(title), _MOST_TITLE) or "Without a headline"


def _story(row: Any) -> Story:
    return Story(
        id=row.id,
        title=headline(row.title),
        standfirst=shortened(one_line(row.description or ""), MOST_STANDFIRST),
        kind=row.kind,
        language=row.language,
        area=one_line(row.area),
        force=one_line(row.force),
        at=row.at,
        dated=bool(row.dated),
        precision=row.published_precision,
    )

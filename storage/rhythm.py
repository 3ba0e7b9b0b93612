"""How often a source brings a story: learned from its own last months, and whether the last days fall short of it.

A story counts when it was published or, undated, when it was first seen (see `published`). What is undated and was first seen
on the day on which the source was added is no part of a rhythm: the whole of a listing comes at once then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.days import day_of, start_of
from storage.published import DATED, EARLIEST, UNDATED
from storage.tables import ARTICLE, SOURCE
from storage.working_days import working_days

_Spans: TypeAlias = dict[str, tuple[datetime, datetime]]
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_LEARNED = 13 * _WEEK  # and the last week is not learned from: it is what is judged
_LEAST_SPAN, _LEAST_STORIES = 2 * _WEEK, 4
_JUDGED = (3, 7, 28)  # days; a source with a story a week says nothing within three of them
# Stories come in bunches, and a summer is slower than a winter: fewer by two fifths is no sign of anything.
_SLACK, _UNLIKELY = 0.6, 0.001


@dataclass(slots=True, frozen=True, kw_only=True)
class Stories:
    """What a source brought. `rhythm`: articles a week, None when too little is known; `today`: on this day in London so
    far; `last_at`: of its latest story; `few_days`: the number of last days that brought far fewer than the rhythm,
    `few` how many they brought, and `usual` how many such days bring; None when none did.
    """

    rhythm: float | None
    today: int
    last_at: datetime | None
    few_days: int | None = None
    few: int = 0
    usual: float = 0.0


def stories_of_sources(conn: Connection, now: datetime) -> dict[str, Stories]:
    """The stories of all sources by id. Reads entries of an index for the last 14 weeks, however old the store is."""
    spans = _spans(now)
    dated = {row.source_id: row for row in conn.execute(_counted(ARTICLE.c.published_at, spans, DATED))}
    undated = {row.source_id: row for row in conn.execute(_counted(ARTICLE.c.first_seen_at, spans, UNDATED))}
    return {
        row.id: _stories(row, [each[row.id] for each in (dated, undated) if row.id in each], spans)
        for row in conn.execute(_reach(spans, now))
    }


def _spans(now: datetime) -> _Spans:
    until = now - _WEEK
    spans = {f"last_{days}": (now - days * _DAY, now) for days in _JUDGED}
    today = start_of(day_of(now))
    return {**spans, "learned": (until - _LEARNED, until), "today": (today, start_of(day_of(today + 1.5 * _DAY)))}


def _counted(at: sa.ColumnElement[Any], spans: _Spans, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The stories of each span by source: one look at an index of a time. Grouped by a calculation, or SQLite would read all
    years by the index of sources.
    """
    source = sa.func.coalesce(ARTICLE.c.source_id, None).label("source_id")
    told = (ARTICLE.c.published_at.is_not(None)) | (sa.func.date(at) > sa.func.date(SOURCE.c.added_at))
    columns: list[sa.ColumnElement[Any]] = [source, sa.func.min(at).filter(told).label("first_at")]
    columns += [sa.func.max(at).label("last_at")]
    for name, (start, end) in spans.items():
        of_span = (at >= start, at < end, told | (name == "today"))
        columns.append(sa.func.count().filter(*of_span).label(name))
    query = sa.select(*columns)
    query = query.join_from(ARTICLE, SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    return query.where(at >= spans["learned"][0], at < spans["today"][1], which).group_by(sa.text("1"))


def _reach(spans: _Spans, now: datetime) -> sa.Select[Any]:
    """Of each source, whether there is a story from before what is learned from, and when the last one was published."""
    at, mine = ARTICLE.c.published_at, ARTICLE.c.source_id == SOURCE.c.id
    look = sa.select(at).where(mine, at >= EARLIEST).order_by(at.desc()).limit(1).correlate(SOURCE)
    before, last = look.where(at < spans["learned"][0]), look.where(at <= now, DATED)
    return sa.select(SOURCE.c.id, before.scalar_subquery().label("before_at"), last.scalar_subquery().label("last_at"))


def _stories(reach: Any, counted: list[Any], spans: _Spans) -> Stories:
    counts = {name: sum(getattr(row, name) for row in counted) for name in spans}
    last_at = max((row.last_at for row in (reach, *counted) if row.last_at is not None), default=None)
    start, end = _learned(reach.before_at, counted, spans["learned"])
    if counts["learned"] < _LEAST_STORIES or end - start < _LEAST_SPAN:
        return Stories(rhythm=None, today=counts["today"], last_at=last_at)
    rhythm, a_day = counts["learned"] / ((end - start) / _WEEK), counts["learned"] / _worked(start, end)
    usual = {days: a_day * _worked(*spans[f"last_{days}"]) for days in _JUDGED}
    few = next((days for days in _JUDGED if is_few(counts[f"last_{days}"], usual[days])), None)
    if few is None:
        return Stories(rhythm=rhythm, today=counts["today"], last_at=last_at)
    number = counts[f"last_{few}"]
    return Stories(
        rhythm=rhythm, today=counts["today"], last_at=last_at, few_days=few, few=number, usual=usual[few]
    )  # fmt: skip


# All sources but young ones are judged by the same spans.
_worked = lru_cache(maxsize=256)(working_days)


def _learned(
    before: datetime | None, counted: list[Any], learned: tuple[datetime, datetime]
) -> tuple[datetime, datetime]:
    """What is learned from: of a source that is known for a shorter time, since its first story."""
    start, end = learned
    if before is None:
        start = min((row.first_at for row in counted if row.first_at is not None), default=end)
    return start, end


def is_few(number: int, expected: float) -> bool:
    """Whether so few stories are hardly chance: fewer than one in a hundred spans would bring so few even if the source
    wrote two fifths less than it did (a Poisson distribution; nothing is few where next to nothing is expected).
    """
    mean = expected * _SLACK
    if number >= mean:
        return False
    logs = (n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(number + 1))
    return sum(map(math.exp, logs)) < _UNLIKELY

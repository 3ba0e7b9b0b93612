"""How often a source brings a story: learned from its own last months, and whether the last days fall short of it.

A story counts when it was published, or, undated, when it was first seen: unless that was on the day on which the source was
added, when the whole of a listing comes at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.days import day_of, start_of
from storage.tables import ARTICLE, SOURCE

_Spans: TypeAlias = dict[str, tuple[datetime, datetime]]
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_LEARNED = 13 * _WEEK  # and the last week is not learned from: it is what is judged
_LEAST_SPAN, _LEAST_STORIES = 2 * _WEEK, 4
_JUDGED = (3, 7, 28)  # days; a source with a story a week says nothing within three of them
# Stories come in bunches, and a summer is slower than a winter: fewer by two fifths is no sign of anything.
_SLACK, _UNLIKELY = 0.6, 0.01


@dataclass(slots=True, frozen=True, kw_only=True)
class Stories:
    """What a source brought. `rhythm`: articles a week, None when too little is known; `today`: on this day in London so
    far; `last_at`: of its latest story; `few_days`: the number of last days that brought far fewer than the rhythm, and
    `few` how many they brought; None when none did.
    """

    rhythm: float | None
    today: int
    last_at: datetime | None
    few_days: int | None = None
    few: int = 0


def stories_of_sources(conn: Connection, now: datetime) -> dict[str, Stories]:
    """The stories of all sources by id. Reads entries of an index for the last 14 weeks, however old the store is."""
    spans = _spans(now)
    undated = {row.source_id: row for row in conn.execute(_undated(spans))}
    return {row.id: _stories(row, undated.get(row.id), spans) for row in conn.execute(_dated(spans, now))}


def _spans(now: datetime) -> _Spans:
    until = now - _WEEK
    spans = {f"last_{days}": (now - days * _DAY, now) for days in _JUDGED}
    today = start_of(day_of(now))
    return {**spans, "learned": (until - _LEARNED, until), "today": (today, start_of(day_of(today + 1.5 * _DAY)))}


def _dated(spans: _Spans, now: datetime) -> sa.Select[Any]:
    at, mine = ARTICLE.c.published_at, ARTICLE.c.source_id == SOURCE.c.id

    def look(what: sa.ColumnElement[Any], *which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
        return sa.select(what).select_from(ARTICLE).where(mine, *which).correlate(SOURCE).scalar_subquery()

    counts = [look(sa.func.count(), at >= start, at < end).label(name) for name, (start, end) in spans.items()]
    start, end = spans["learned"]
    return sa.select(
        SOURCE.c.id,
        *counts,
        look(sa.func.min(at), at >= start, at < end).label("first_at"),
        look(sa.func.max(at), at < start).label("before_at"),
        look(sa.func.max(at), at <= now).label("last_at"),
    )


def _undated(spans: _Spans) -> sa.Select[Any]:
    at = ARTICLE.c.first_seen_at
    # With a calculation on it, SQLite does not read all undated articles of all years by the index of published_at.
    none = sa.func.coalesce(ARTICLE.c.published_at, None).is_(None)
    seen = (
        sa.select(ARTICLE.c.source_id, at.label("at"))
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .where(at >= spans["learned"][0], at < spans["today"][1], none)
        .where(sa.func.date(at) > sa.func.date(SOURCE.c.added_at))
        .subquery()
    )
    counts = [
        sa.func.count().filter(seen.c.at >= start, seen.c.at < end).label(name) for name, (start, end) in spans.items()
    ]
    return sa.select(
        seen.c.source_id, *counts, sa.func.min(seen.c.at).label("first_at"), sa.func.max(seen.c.at).label("last_at")
    ).group_by(seen.c.source_id)


def _stories(dated: Any, undated: Any, spans: _Spans) -> Stories:
    both = [row for row in (dated, undated) if row is not None]
    counts = {name: sum(getattr(row, name) for row in both) for name in spans}
    last_at = max((row.last_at for row in both if row.last_at is not None), default=None)
    rhythm = _rhythm(dated, both, counts["learned"], spans["learned"])
    today = counts["today"]
    if rhythm is None:
        return Stories(rhythm=None, today=today, last_at=last_at)
    for days in _JUDGED:
        if is_few(counts[f"last_{days}"], rhythm * days / 7):
            return Stories(rhythm=rhythm, today=today, last_at=last_at, few_days=days, few=counts[f"last_{days}"])
    return Stories(rhythm=rhythm, today=today, last_at=last_at)


def _rhythm(dated: Any, both: list[Any], number: int, learned: tuple[datetime, datetime]) -> float | None:
    """Of a source that is known for a shorter time than is learned from, since its first story."""
    start, end = learned
    if dated.before_at is None:
        start = min((row.first_at for row in both if row.first_at is not None), default=end)
    if number < _LEAST_STORIES or end - start < _LEAST_SPAN:
        return None
    return number / ((end - start) / _WEEK)


def is_few(number: int, expected: float) -> bool:
    """Whether so few stories are hardly chance: fewer than one in a hundred spans would bring so few even if the source
    wrote two fifths less than it did (a Poisson distribution; nothing is few where next to nothing is expected).
    """
    mean = expected * _SLACK
    if number >= mean:
        return False
    logs = (n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(number + 1))
    return sum(map(math.exp, logs)) < _UNLIKELY

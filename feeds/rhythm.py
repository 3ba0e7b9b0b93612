"""How often it is worth asking for a feed, learned from what its areas published. In a few steps, and from whole weeks alone:
the bytes of a feed seldom change by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

_WEEK = timedelta(weeks=1)
_LEARNED = 8  # weeks


class Rhythm(NamedTuple):
    """`ttl` in minutes (RSS 2.0), and so many updates in a `period` (RSS 1.0's syndication module). A source is read every quarter
    of an hour at the most, so asking more often shows nothing new; and nobody should learn of an appeal a day late.
    """

    ttl: int
    period: str
    frequency: int


# From so many stories a week on.
_STEPS = (
    (42, Rhythm(15, "hourly", 1)),
    (14, Rhythm(15, "daily", 4)),
    (5, Rhythm(30, "daily", 1)),
    (1, Rhythm(60, "weekly", 2)),
    (0, Rhythm(60, "weekly", 1)),
)
UNKNOWN = Rhythm(15, "daily", 1)


def rhythm(rows: Sequence[Any]) -> Rhythm:
    """Of articles (`published`), the newest first, as many as were looked at: of the whole weeks before the newest one's."""
    if not rows:
        return UNKNOWN
    until = _monday(rows[0].published)
    oldest = rows[-1].published
    weeks = min(_LEARNED, (until - oldest) // _WEEK)
    if weeks < 1:
        return UNKNOWN
    count = sum(until - weeks * _WEEK <= row.published < until for row in rows)
    return next(step for least, step in _STEPS if count >= least * weeks)


def _monday(moment: datetime) -> datetime:
    day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return day - timedelta(days=day.weekday())
